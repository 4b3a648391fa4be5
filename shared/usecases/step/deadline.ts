/** Divides the time that an invocation has left between calls and the writes after them. */
import { DELIVERY_TIMEOUT_MS } from '../../domain/schedules.ts';
import { GatewayError } from '../../ports/gateway.ts';
import type { Invocation, UseCaseDeps } from './deps.ts';

/** The longest that one call to WeChat may take. */
const CALL_TIMEOUT_MS = 5000;

/** The time before the deadline that is reserved for writing down the answer of a call. */
const WRITE_RESERVE_MS = 1500;

/** The time before the deadline that is reserved for writing down how a delivery ended. */
const OUTCOME_RESERVE_MS = 3000;

/** A timer begins no order or refund with less time than this left: its calls, and the write. */
export const CHECK_RESERVE_MS = 8000;

/** Milliseconds that calls to WeChat may still take; 0 or less when there is no time for one. */
export function callTimeLeftMs({ remainingMs }: Invocation): number {
  return remainingMs() - WRITE_RESERVE_MS;
}

/** Milliseconds that a single call to WeChat may take now; throws `DEADLINE` where no time is left. */
export function callTimeoutMs(invocation: Invocation): number {
  const leftMs = callTimeLeftMs(invocation);
  if (leftMs > 0) return Math.min(CALL_TIMEOUT_MS, leftMs);
  throw new GatewayError('DEADLINE', 'query_first', 'no time is left to call WeChat Pay');
}

/**
 * Throws `DEADLINE` where a request that acts may be sent no more. The time that is left does not tell: the
 * monotonic clock may stand still while the platform freezes a function, and others act meanwhile.
 */
export function refuseLateSend(sentUntil: Date, { clock }: Pick<UseCaseDeps, 'clock'>): void {
  if (clock.now() <= sentUntil) return;
  throw new GatewayError('DEADLINE', 'query_first', 'its time to be sent to WeChat Pay is over');
}

/** Tells whether a timer may begin another order or refund. */
export function hasTimeForCheck({ remainingMs }: Invocation): boolean {
  return remainingMs() > CHECK_RESERVE_MS;
}

/** Tells whether another delivery may be attempted: it may last, and its outcome has to be written. */
export function hasTimeForDelivery({ remainingMs }: Invocation): boolean {
  return remainingMs() > DELIVERY_TIMEOUT_MS + OUTCOME_RESERVE_MS;
}
