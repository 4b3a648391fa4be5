import { performance } from 'node:perf_hooks';
import { ConnectionReset } from '../../world/connectionReset.ts';
import type { Fault } from '../../world/faults.ts';
import type { Exchange } from '../../world/timeline/exchanges.ts';
import type { World } from '../../world/world.ts';

/** An answer with what the timeline shows of it. */
export interface ShownAnswer<T> {
  answer: T;
  /** The number it is about. */
  subject: string | undefined;
  detail: Record<string, unknown>;
  /** Reads the bytes of both sides. */
  exchange(): Promise<Exchange>;
}

/** Names an operation as faults and the timeline know it; undefined where no route leads to one. */
export interface ExchangeOptions {
  operation: string | undefined;
  latencyMs: number;
}

/**
 * Answers one request under the fault that is switched on for its operation, and shows it in the
 * timeline. Throws {@link ConnectionReset} where the fault swallows the request, or the answer of
 * one that took effect; `answer` sees to the other kinds.
 */
export async function answerUnderFault<T>(
  world: World,
  { operation, latencyMs }: ExchangeOptions,
  answer: (fault: Fault | undefined) => ShownAnswer<T>,
): Promise<T> {
  const what = `wechatpay.${operation ?? 'unknown'}`;
  const fault = operation === undefined ? undefined : world.faults.take(what);
  const startedMs = performance.now();
  await world.life.pauseMs(latencyMs + (fault?.delayMs ?? 0));
  if (fault?.kind === 'lost_request') {
    world.timeline.add({ what, detail: { fault: fault.kind } });
    throw new ConnectionReset({ acted: false });
  }
  const shown = answer(fault);
  const subject = shown.subject === undefined ? {} : { subject: shown.subject };
  const detail = { ...shown.detail, ...(fault ? { fault: fault.kind } : {}) };
  const ms = Math.round((performance.now() - startedMs) * 10) / 10;
  world.timeline.add({ what, ...subject, ms, detail }, await shown.exchange());
  if (fault?.kind === 'lost_answer') throw new ConnectionReset({ acted: true });
  return shown.answer;
}

/** Reads a response for the timeline, and leaves it to whoever it is for; a file is too long to be kept. */
export async function answeredOf(response: Response): Promise<Exchange['answered']> {
  const headers = Object.fromEntries(response.headers);
  const isFile = headers['content-type']?.startsWith('text/plain') ?? false;
  const body = isFile ? '' : await response.clone().text();
  return { line: String(response.status), headers, body };
}
