import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** A copy of the checkout, with a home of its own, in which the commands of pages run. */
export interface Checkout {
  /** Runs a script of the shell to its end. */
  run(script: string, env: Record<string, string>): Promise<{ code: number; output: string }>;
  /** Starts what runs until it is stopped; waits for a text of its output. */
  serve(script: string, isUp: RegExp): Promise<string>;
  /** Stops what was started as Ctrl+C does; answers the exit codes and everything that it wrote. */
  stop(): Promise<{ code: number | null; output: string }[]>;
  remove(): Promise<void>;
}

/** A process that was started and not yet stopped. */
type Served = { child: ChildProcess; output: () => string; closed: Promise<unknown[]> };

const LEFT_OUT = ['node_modules', '.git', 'dist', '.stryker-tmp'];
/** Nothing of whoever runs the tests decides: no account, no merchant, no setting. */
const FOREIGN = /^(?:WXPAY_|LOCAL_|TENCENT|TCB_|WX_|PORT$|NODE_OPTIONS$|VITEST|npm_)/;

/** Copies the checkout; its `node_modules` are those that are here. */
export async function copyCheckout(): Promise<Checkout> {
  const folder = await mkdtemp(join(tmpdir(), 'checkout-'));
  const root = join(folder, 'project');
  const home = join(folder, 'home');
  await mkdir(home);
  await cp(process.cwd(), root, {
    recursive: true,
    filter: (path) =>
      !LEFT_OUT.includes(basename(path)) && !/^\.(?:local|env)(?!\.example)/.test(basename(path)),
  });
  await symlink(join(process.cwd(), 'node_modules'), join(root, 'node_modules'));
  const begin = (script: string, env: Record<string, string>) =>
    spawn('sh', ['-e', '-c', script], {
      cwd: root,
      env: { ...environmentOf(home), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, as a terminal makes it: Ctrl+C reaches everything in it.
      detached: true,
    });
  const served: Served[] = [];
  return {
    run: async (script, env) => {
      const child = begin(script, env);
      const output = outputOf(child);
      const [code] = (await once(child, 'close')) as [number];
      return { code, output: output() };
    },
    serve: async (script, isUp) => {
      const child = begin(script, {});
      const output = outputOf(child);
      served.push({ child, output, closed: once(child, 'close') });
      await new Promise<void>((up, reject) => {
        for (const stream of [child.stdout, child.stderr]) {
          stream.on('data', () => isUp.test(output()) && up());
        }
        child.once('close', () => reject(new Error(`${script}: ended\n${output()}`)));
      });
      return output();
    },
    stop: async () => Promise.all(served.splice(0).map(interrupt)),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function interrupt({ child, output, closed }: Served) {
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGINT');
  const [code] = (await closed) as [number | null];
  return { code, output: output() };
}

function environmentOf(home: string): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && !FOREIGN.test(pair[0]),
  );
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    // The framework asks nobody outside this machine.
    SLS_GEO_LOCATION: 'no-cn',
    SLS_TELEMETRY_DISABLED: '1',
    SLS_NOTIFICATIONS_MODE: 'off',
    CI: '',
  };
}

function outputOf(child: ChildProcess): () => string {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return () => output;
}
