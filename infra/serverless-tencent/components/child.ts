import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Access } from '../cloud/access.ts';
import type { CommandContext } from '../context/framework.ts';
import type { ProcessEnd } from './failure.ts';
import type { Method } from './render.ts';

const require = createRequire(import.meta.url);

/**
 * A run of the engine is ended after this: it polls each instance for 10 minutes at most, but waits
 * for ever for a host that never answers.
 */
const RUN_MS_MAX = 20 * 60_000;

/** The engine prints this before it shows a QR code and waits for a phone. */
const LOGIN_PROMPT = '请扫码进行登陆';

/** The variables of this shell that the engine's process gets. */
const PASSED_KEYS = [
  'PATH',
  'SystemRoot',
  'TMPDIR',
  'NODE_EXTRA_CA_CERTS',
  'HTTPS_PROXY',
  'https_proxy',
  'HTTP_PROXY',
  'http_proxy',
];

/**
 * Makes the environment of the engine's process, with nothing of this shell's beside it. `home` is
 * a folder of its own: a credentials profile in the user's would lend a stranger's token to this
 * key pair.
 */
export function childEnvironment(
  env: CommandContext['env'],
  { secretId, secretKey, token }: Access,
  home: string,
): Record<string, string> {
  const passedVariables = PASSED_KEYS.flatMap((key) =>
    env[key] ? [[key, env[key]] as const] : [],
  );
  return {
    ...Object.fromEntries(passedVariables),
    HOME: home,
    USERPROFILE: home,
    CI: '1',
    SERVERLESS_PLATFORM_VENDOR: 'tencent',
    TENCENT_SECRET_ID: secretId,
    TENCENT_SECRET_KEY: secretKey,
    ...(token ? { TENCENT_TOKEN: token } : {}),
    // Its notices come from a retired gateway and are waited for without end; here nothing listens.
    SLS_TELEMETRY_DISABLED: '1',
    SLS_ANALYTICS_URL: 'http://127.0.0.1:9/',
  };
}

/**
 * Runs the real `@serverless/components` in `folder`; `onLine` gets each line of its output, raw.
 */
export async function runChild(
  method: Method,
  folder: string,
  env: Record<string, string>,
  onLine: (line: string) => void,
): Promise<ProcessEnd> {
  const bin = require.resolve('@serverless/components/bin/bin');
  const child = spawn(process.execPath, [bin, method], {
    cwd: folder,
    env,
    timeout: RUN_MS_MAX,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stopped: ProcessEnd['stopped'];
  const release = onSignals((signal) => {
    stopped = 'interrupted';
    child.kill(signal);
  });
  const handleLine = (line: string) => {
    onLine(line);
    if (!line.includes(LOGIN_PROMPT)) return;
    stopped = 'login';
    child.kill();
  };
  try {
    const exitCode = await waitForExit(child, handleLine);
    return { exitCode, ...(stopped ? { stopped } : {}) };
  } finally {
    release();
  }
}

async function waitForExit(
  child: ChildProcess,
  handleLine: (line: string) => void,
): Promise<number | null> {
  const close = once(child, 'close') as Promise<[number | null]>;
  const outputs = [child.stdout, child.stderr].filter((stream) => stream !== null);
  const [[exitCode]] = await Promise.all([
    close,
    ...outputs.map((stream) => forwardLines(stream, handleLine)),
  ]);
  return exitCode;
}

async function forwardLines(stream: Readable, handleLine: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: stream })) handleLine(line);
}

/**
 * Passes signals on; an interrupted deploy still waits for its child, since what it wrote to the
 * disk must go.
 */
function onSignals(act: (signal: NodeJS.Signals) => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, act);
  return () => {
    for (const signal of signals) process.off(signal, act);
  };
}
