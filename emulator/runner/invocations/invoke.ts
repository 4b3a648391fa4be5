import { performance } from 'node:perf_hooks';
import { type Failure, failures } from '../errors.ts';
import type { Instance, InstanceAnswer } from '../instances/instance.ts';
import type { Pool } from '../instances/pool.ts';
import type { Outcome } from '../invocation.ts';
import { contextFields } from './context.ts';
import type { PlatformSwitches } from './switches.ts';

const MB = 1024 * 1024;
const EVENT_BYTES_MAX = 6 * MB;

/** An event that is ready to be run. */
export interface PreparedInvocation {
  name: string;
  requestId: string;
  event: unknown;
  /** The platform variables of this invocation. */
  variables: Record<string, string>;
  /** Virtual time adds this to real time. */
  offsetMs: number;
  afterAnswer: PlatformSwitches['afterAnswer'];
  /** The call is lost once this is aborted: what runs of it ends. */
  gone: AbortSignal | undefined;
  /** The largest result in MB: 1 on the way to a mini program, else 6. */
  resultMbMax: number;
  envId: string;
  region: string;
}

/** Runs an event on an instance of the pool; a failure is an outcome too. */
export async function invokeOn(pool: Pool, prepared: PreparedInvocation): Promise<Outcome> {
  const { requestId, gone } = prepared;
  const event = JSON.stringify(prepared.event);
  if (Buffer.byteLength(event) > EVENT_BYTES_MAX) {
    return failedOutcome(requestId, failures.eventTooLarge());
  }
  const instance = await pool.take();
  if (!instance) return failedOutcome(requestId, failures.notFound(prepared.name));
  gone?.addEventListener('abort', instance.stop);
  try {
    if (gone?.aborted) return failedOutcome(requestId, failures.exited());
    const failure = await instance.load(prepared.offsetMs);
    if (!failure) return await run(instance, event, prepared);
    instance.stop(); // A bundle that does not load is loaded afresh by the next call.
    return failedOutcome(requestId, failure, instance.takeLog());
  } finally {
    gone?.removeEventListener('abort', instance.stop);
    pool.release(instance);
  }
}

/** Builds the outcome of an invocation that never ran. */
export function failedOutcome(requestId: string, error: Failure, log: string[] = []): Outcome {
  return { requestId, durationMs: 0, log, error };
}

async function run(
  instance: Instance,
  event: string,
  prepared: PreparedInvocation,
): Promise<Outcome> {
  const { requestId, variables, offsetMs, afterAnswer, resultMbMax } = prepared;
  const fields = contextFields(instance.spec, requestId, variables, prepared);
  const startedMs = performance.now();
  const timeLimitMs = instance.spec.timeoutMs;
  const freezes = afterAnswer !== 'running';
  const isFirst = instance.invocations === 0;
  const answer = await instance.run({ event, fields, variables, offsetMs, timeLimitMs, freezes });
  const durationMs = Math.round((performance.now() - startedMs) * 10) / 10;
  const log = instance.takeLog();
  if (afterAnswer === 'ended') instance.stop();
  const coldStartMs = isFirst ? instance.coldStartMs : undefined;
  return {
    requestId,
    durationMs,
    ...(coldStartMs !== undefined && { coldStartMs }),
    log,
    ...resultOf(answer, resultMbMax),
  };
}

function resultOf(answer: InstanceAnswer, mbMax: number): Pick<Outcome, 'result' | 'error'> {
  if (answer.kind === 'failure') return { error: answer.failure };
  if (Buffer.byteLength(answer.result) > mbMax * MB) {
    return { error: failures.resultTooLarge(mbMax) };
  }
  return { result: JSON.parse(answer.result) as unknown };
}
