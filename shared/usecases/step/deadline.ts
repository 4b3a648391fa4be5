/** Divides the time that an invocation has left: for a call, for what is learnt to be written down. */
import { GatewayError } from '../../ports/gateway.ts';
import type { Invocation } from './deps.ts';

/** The longest that one call to WeChat may take. */
const CALL_TIMEOUT_MS = 5000;

/** Kept back of the deadline, to write down what a call told. */
const WRITE_RESERVE_MS = 1500;

/** A timer begins no order or refund with less than this left: one round of calls, and the write. */
export const CHECK_RESERVE_MS = 8000;

/** Milliseconds that calls to WeChat may still take; 0 or less when there is no time for one. */
export function callTimeLeftMs({ remainingMs }: Invocation): number {
  return remainingMs() - WRITE_RESERVE_MS;
}

/** How long a single call to WeChat may take now; throws `DEADLINE` where no time is left. */
export function callTimeoutMs(invocation: Invocation): number {
  const leftMs = callTimeLeftMs(invocation);
  if (leftMs > 0) return Math.min(CALL_TIMEOUT_MS, leftMs);
  throw new GatewayError('DEADLINE', 'query_first', 'no time is left to call WeChat Pay');
}

/** Tells whether a timer may begin another order or refund. */
export function hasTimeForCheck({ remainingMs }: Invocation): boolean {
  return remainingMs() > CHECK_RESERVE_MS;
}
