/** Ends refunds whose end WeChat never confirms. */

import { REFUND_UNVERIFIED_AFTER_MS } from '../limits.ts';
import { linkOf, type OrderDocument } from '../order/order.ts';
import { areUntaken, type Refund } from '../order/refund.ts';
import { CHECKED_UNANSWERED_MS } from '../schedules.ts';
import { asUnverified } from './refundAttempts.ts';
import { withRefund } from './requestRefund.ts';

/**
 * Gives up waiting for refunds that WeChat took, or may have, and whose end nothing confirms, each with an
 * event: taken ones of cloud pay (云支付) some time after their request, and any that no check of
 * {@link CHECKED_UNANSWERED_MS} could answer (`unanswered` lists those of this one). They keep their part of the sum, for they may have
 * been paid out, and later evidence still counts.
 */
export function endUnverified<D extends OrderDocument>(
  order: D,
  { unanswered }: { unanswered: readonly string[] },
  now: Date,
): D {
  return (order.refunds ?? []).reduce((current: D, refund) => {
    if (!mayBeAtWeChat(refund, now)) return current;
    const isUnanswered = unanswered.includes(refund.outRefundNo);
    const since = refund.unansweredSince ?? (isUnanswered ? now : undefined);
    if (isOverdue(order, refund, now) || (isUnanswered && isLongPast(since, now)))
      return asUnverified(current, refund, now);
    const isNew = since !== undefined && !refund.unansweredSince;
    return isNew ? withRefund(current, { ...refund, unansweredSince: since }, now) : current;
  }, order);
}

/** Tells a refund that WeChat took and goes on with, or that was sent, may have landed, and nobody sends now. */
function mayBeAtWeChat({ status }: Refund, now: Date): boolean {
  if (status.state === 'processing') return true;
  return status.state === 'requested' && !areUntaken(status) && now >= status.placingUntil;
}

function isOverdue(document: OrderDocument, { requestedAt, status }: Refund, now: Date): boolean {
  if (linkOf(document) !== 'cloudPay' || status.state !== 'processing') return false;
  return now.getTime() - requestedAt.getTime() >= REFUND_UNVERIFIED_AFTER_MS;
}

function isLongPast(since: Date | undefined, now: Date): boolean {
  return since !== undefined && now.getTime() - since.getTime() >= CHECKED_UNANSWERED_MS;
}
