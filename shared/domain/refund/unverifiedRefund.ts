/** Ends refunds whose end WeChat never confirms. */

import { REFUND_UNVERIFIED_AFTER_MS } from '../limits.ts';
import { withEvent } from '../order/event.ts';
import { linkOf, type OrderDocument } from '../order/order.ts';
import { type Refund, refundIdOf } from '../order/refund.ts';
import { CHECKED_UNANSWERED_MS } from '../schedules.ts';
import { withRefund } from './requestRefund.ts';

/**
 * Gives up waiting for refunds that WeChat took and whose end nothing confirms, each with an event: those of
 * cloud pay (云支付) some time after their request, and any that no check of {@link CHECKED_UNANSWERED_MS}
 * could answer (`unanswered` lists those of this one). They keep their part of the sum, for they may have
 * been paid out, and later evidence still counts.
 */
export function endUnverified<D extends OrderDocument>(
  order: D,
  { unanswered }: { unanswered: readonly string[] },
  now: Date,
): D {
  return (order.refunds ?? []).reduce((current: D, refund) => {
    if (refund.status.state !== 'processing') return current;
    const isUnanswered = unanswered.includes(refund.outRefundNo);
    const since = refund.unansweredSince ?? (isUnanswered ? now : undefined);
    if (isOverdue(order, refund, now) || (isUnanswered && isLongPast(since, now)))
      return asUnverified(current, refund, now);
    const isNew = since !== undefined && !refund.unansweredSince;
    return isNew ? withRefund(current, { ...refund, unansweredSince: since }, now) : current;
  }, order);
}

function asUnverified<D extends OrderDocument>(order: D, refund: Refund, now: Date): D {
  const { unansweredSince: _over, ...others } = refund;
  const refundId = refundIdOf(refund.status) ?? '';
  const status = { state: 'unverified', unverifiedAt: now, refundId } as const;
  const ended = withRefund(order, { ...others, status }, now);
  return withEvent(ended, 'refund.unverified', now, refund.outRefundNo);
}

function isOverdue(document: OrderDocument, { requestedAt }: Refund, now: Date): boolean {
  const ageMs = now.getTime() - requestedAt.getTime();
  return linkOf(document) === 'cloudPay' && ageMs >= REFUND_UNVERIFIED_AFTER_MS;
}

function isLongPast(since: Date | undefined, now: Date): boolean {
  return since !== undefined && now.getTime() - since.getTime() >= CHECKED_UNANSWERED_MS;
}
