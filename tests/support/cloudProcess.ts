import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A local cloud in a process of its own, which may be killed and started again on its data. */
export interface CloudProcess {
  url: string;
  /** The folder of its data file. */
  data: string;
  /** Calls the control API; undefined where the answer is 404. */
  ask<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** kill -9, then a new process over the same data file. */
  killAndRestart(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the local cloud as `npm start` does, with data of its own; closing it removes them. */
export async function startCloudProcess(args: readonly string[] = []): Promise<CloudProcess> {
  const data = await mkdtemp(join(tmpdir(), 'cloud-process-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child = await start(port, ['--data', data, ...args]);
  return {
    url,
    data,
    ask: async <T>(method: string, path: string, body?: unknown) => {
      const headers = { 'content-type': 'application/json', accept: 'application/json' };
      const init = body === undefined ? {} : { body: JSON.stringify(body) };
      const answer = await fetch(`${url}/_local/${path}`, { method, headers, ...init });
      if (answer.status === 404) return undefined as T;
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
      return JSON.parse(text) as T;
    },
    killAndRestart: async () => {
      await end(child, 'SIGKILL');
      child = await start(port, ['--no-deploy', '--data', data]);
    },
    close: async () => {
      await end(child, 'SIGTERM');
      await rm(data, { recursive: true, force: true });
    },
  };
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

async function start(port: number, args: string[]): Promise<ChildProcess> {
  const command = ['--import', 'tsx', 'emulator/cli.ts', 'start', '--port', String(port), ...args];
  // Tests name their own prices, unless they are about quotes.
  const env = { WXPAY_PRICE_SOURCE: 'client', WXPAY_ORDER_LIMITS: '999/999', ...process.env };
  const child = spawn(process.execPath, command, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
        if (output.includes('the local cloud is up')) resolve();
      });
    }
    child.once('exit', () => reject(new Error(`the local cloud did not start: ${output}`)));
  });
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}
