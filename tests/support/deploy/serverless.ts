import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The output of a command, its exit code, and where its processes connected to. */
export interface CommandResult {
  code: number;
  out: string;
  err: string;
  /** Addresses and names, loopback left out. */
  foreign: string[];
  connections: number;
}

const bin = createRequire(import.meta.url).resolve('serverless/bin/serverless.js');
const tracer = join(import.meta.dirname, 'traceConnections.cjs');

/**
 * Runs `serverless …` under `root`, in a home folder of its own, every connection of it and its
 * children traced.
 */
export async function runServerless(
  home: string,
  env: Record<string, string>,
  root: string,
  ...args: string[]
): Promise<CommandResult> {
  const trace = join(home, `trace-${Math.random().toString(36).slice(2)}`);
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      HOME: home,
      TMPDIR: home,
      SLS_GEO_LOCATION: 'no-cn',
      SLS_TELEMETRY_DISABLED: '1',
      SLS_NOTIFICATIONS_MODE: 'off',
      NODE_OPTIONS: `--require ${tracer}`,
      TRACE_CONNECTIONS: trace,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.err += text;
  });
  const [code] = (await once(child, 'close')) as [number];
  const lines = (await readFile(trace, 'utf8').catch(() => '')).split('\n').filter(Boolean);
  return {
    ...output,
    code,
    foreign: lines.filter((line) => !/ (127\.0\.0\.1|localhost|::1)$/.test(line)),
    connections: lines.filter((line) => line.startsWith('connected')).length,
  };
}
