import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Times one cold start, in milliseconds. */
export interface ColdStart {
  /** From spawn to the first line of the program. */
  processMs: number;
  /** `require` of the bundle. */
  initMs: number;
  /** The first answer. */
  firstMs: number;
  /** The processor's time for both, which other processes lengthen less. */
  cpuMs: number;
  answer: { errCode?: unknown; statusCode?: unknown; errMsg?: unknown };
}

/** Describes a process to start, and its first call. */
export interface Start {
  bundle: string;
  event: unknown;
  /** SCF's context, its `environment` as JSON text. */
  context: object;
  environment: Record<string, string>;
}

/** A process that says nothing for so long is ended. */
const PATIENCE_MS = 30_000;

/**
 * Starts a function in a fresh process, as SCF starts a cold instance, and times it. Rejects with what it
 * printed when it does not answer.
 */
export async function coldStart({
  bundle,
  event,
  context,
  environment,
}: Start): Promise<ColdStart> {
  const child = spawn(process.execPath, ['bench/coldStart/child.cjs'], {
    env: {
      PATH: process.env.PATH,
      ...environment,
      BUNDLE: bundle,
      INVOCATION: JSON.stringify({ event, context }),
      SPAWNED_AT: String(Date.now()),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  await once(child, 'close');
  const line = out.trim().split('\n').at(-1) ?? '';
  if (child.killed) throw new Error(`${bundle}: no answer within ${PATIENCE_MS} ms`);
  if (out.includes('未使用代码缓存')) throw new Error(`${bundle}: without its code cache: ${out}`);
  if (!line.startsWith('{')) throw new Error(`${bundle}: ${err}${out}`);
  return JSON.parse(line) as ColdStart;
}
