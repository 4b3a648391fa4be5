/** Follows the attempts to submit a refund, to the end of one that WeChat never took. Total, pure. */

import {
  NEVER_LANDED_MS,
  PLACING_LEASE_MS,
  REFUND_SENT_WITHIN_MS,
  SENT_AFTER_LEASE_MS,
} from '../limits.ts';
import { withEvent } from '../order/event.ts';
import type { OrderDocument } from '../order/order.ts';
import {
  areUntaken,
  type Refund,
  type RefundStatus,
  type RequestedStatus,
  refundIdOf,
} from '../order/refund.ts';
import type { AttemptEnd } from '../retry.ts';
import { refundOf, withRefund } from './requestRefund.ts';

/** Tells attempts so old that what they sent cannot land any more. */
function areGone({ placingUntil }: RequestedStatus, now: Date): boolean {
  return now.getTime() - placingUntil.getTime() >= NEVER_LANDED_MS;
}

/**
 * Tells whether WeChat certainly never took a refund that nobody is sending: no attempt can have landed,
 * or it was queried just now, is not known (`isNotFound`), and its attempts are gone.
 */
export function wasNeverTaken(
  status: RequestedStatus,
  { isNotFound }: { isNotFound: boolean },
  now: Date,
): boolean {
  if (now < status.placingUntil) return false;
  return areUntaken(status) || (isNotFound && areGone(status, now));
}

/** Finds the last instant at which its sender may send a refund; one that is not being sent has none. */
export function refundSentUntil({ status }: Refund): Date {
  const leaseMs = status.state === 'requested' ? status.placingUntil.getTime() : 0;
  return new Date(leaseMs + SENT_AFTER_LEASE_MS);
}

/** Finds when the attempts of a refund are gone. */
export function goneAt({ placingUntil }: RequestedStatus): Date {
  return new Date(placingUntil.getTime() + NEVER_LANDED_MS);
}

/**
 * Takes over the sending of a refund whose last sender is late. Attempts so old that they cannot land any
 * more, of a refund that WeChat does not know (which the caller has queried), count no more: a refusal of
 * the only attempt that may land is final. Unchanged while a sender has it. `isKnown`: WeChat knows it
 * and does not answer its status, so no refusal is final. One that is too old to be sent is never sent
 * again: it ends, as unverified where WeChat knows it.
 */
export function takeOverRefund<D extends OrderDocument>(
  order: D,
  outRefundNo: string,
  now: Date,
  { isKnown = false } = {},
): D {
  const refund = refundOf(order, outRefundNo);
  if (refund?.status.state !== 'requested' || now < refund.status.placingUntil) return order;
  if (isOverdue(refund, now)) {
    if (isKnown) return asUnverified(order, refund, now);
    const isOver = wasNeverTaken(refund.status, { isNotFound: true }, now);
    return isOver ? endUntaken(order, refund, 'NOT_SENT_IN_TIME', now) : order;
  }
  const placingUntil = new Date(now.getTime() + PLACING_LEASE_MS);
  const before =
    !isKnown && areGone(refund.status, now) ? withoutAttempts(refund.status) : refund.status;
  const status = { ...before, placingUntil, attempts: before.attempts + 1 };
  const { unansweredSince: _answered, ...others } = refund;
  return withRefund(order, { ...others, status }, now);
}

function withoutAttempts({ untakenAttempts: _gone, ...status }: RequestedStatus): RequestedStatus {
  return { ...status, attempts: 0 };
}

/** A failed attempt to submit a refund. */
export interface FailedAttempt {
  outRefundNo: string;
  /** The number of the attempt: if another caller took over meanwhile, that one ends it. */
  attempts: number;
  /** WeChat's code. */
  code: string;
  end: AttemptEnd;
  /** The timer sent it, and no caller waits for the answer: a refusal for good becomes an event. */
  isOfTimer?: boolean;
}

/**
 * Ends an attempt: a final refusal frees the sum, if no other attempt can have landed; anything else
 * lets the next caller, or the timer, query and send the same bytes again.
 */
export function failAttempt<D extends OrderDocument>(
  order: D,
  failed: FailedAttempt,
  now: Date,
): D {
  const refund = refundOf(order, failed.outRefundNo);
  if (refund?.status.state !== 'requested') return order;
  if (refund.status.attempts !== failed.attempts) return order;
  const status = failedStatus(refund.status, failed, now);
  const ended = withRefund(order, { ...refund, status }, now);
  if (status.state !== 'refused' || !failed.isOfTimer) return ended;
  return withEvent(ended, 'refund.refused', now, failed.outRefundNo);
}

function failedStatus(
  before: RequestedStatus,
  { code, end }: FailedAttempt,
  now: Date,
): RefundStatus {
  const released = { ...before, placingUntil: now, lastErrorCode: code };
  if (end === 'uncertain') return released;
  const failed = { ...released, untakenAttempts: (before.untakenAttempts ?? 0) + 1 };
  const isOver = end === 'refused' && areUntaken(failed);
  return isOver ? { state: 'refused', reason: code, refusedAt: now } : failed;
}

/** Ends a refund that WeChat certainly never took, with an event: its sum is free, its number closed. */
export function endUntaken<D extends OrderDocument>(
  order: D,
  refund: Refund,
  reason: 'GIVEN_UP' | 'NOT_SENT_IN_TIME',
  now: Date,
): D {
  const status = { state: 'refused', reason, refusedAt: now } as const;
  const ended = withRefund(order, { ...refund, status }, now);
  return withEvent(ended, 'refund.given_up', now, refund.outRefundNo);
}

/** Ends a refund that WeChat took, or may have, and never confirmed, with an event: its sum stays taken. */
export function asUnverified<D extends OrderDocument>(order: D, refund: Refund, now: Date): D {
  const { unansweredSince: _over, ...others } = refund;
  const refundId = refundIdOf(refund.status);
  const named = refundId === undefined ? {} : { refundId };
  const status = { state: 'unverified', unverifiedAt: now, ...named } as const;
  const ended = withRefund(order, { ...others, status }, now);
  return withEvent(ended, 'refund.unverified', now, refund.outRefundNo);
}

/** Ends the refunds that are too old to be sent and that no attempt can have brought to WeChat. */
export function endOverdue<D extends OrderDocument>(order: D, now: Date): D {
  const overdue = order.refunds?.filter((refund) => {
    const { status } = refund;
    return (
      status.state === 'requested' &&
      isOverdue(refund, now) &&
      wasNeverTaken(status, { isNotFound: false }, now)
    );
  });
  const end = (current: D, refund: Refund): D =>
    endUntaken(current, refund, 'NOT_SENT_IN_TIME', now);
  return overdue?.reduce(end, order) ?? order;
}

function isOverdue({ requestedAt }: Refund, now: Date): boolean {
  return now.getTime() - requestedAt.getTime() >= REFUND_SENT_WITHIN_MS;
}
