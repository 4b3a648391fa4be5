/** Ends refunds whose end WeChat never confirms. */

import { REFUND_UNVERIFIED_AFTER_MS } from '../limits.ts';
import { withEvent } from '../order/event.ts';
import type { Order } from '../order/order.ts';
import type { Refund } from '../order/refund.ts';
import { withRefund } from './requestRefund.ts';

/**
 * Gives up waiting for the refunds that cloud pay (云支付) took and did not confirm in time, each with an
 * event. They keep their part of the sum, for they may have been paid out, and later evidence still counts.
 * One that WeChat never took stays requested: the same bytes may be sent again at any time.
 */
export function endUnverified(order: Order, now: Date): Order {
  return overdueOf(order, now).reduce((current, { refundId, ...refund }) => {
    const status = { state: 'unverified', unverifiedAt: now, refundId } as const;
    const ended = withRefund(current, { ...refund, status }, now);
    return withEvent(ended, 'refund.unverified', now, refund.outRefundNo);
  }, order);
}

type Overdue = Refund & { refundId: string };

function overdueOf(order: Order, now: Date): Overdue[] {
  if (order.link !== 'cloudPay') return [];
  return (order.refunds ?? []).flatMap((refund) => {
    const ageMs = now.getTime() - refund.requestedAt.getTime();
    const { status } = refund;
    if (status.state !== 'processing' || ageMs < REFUND_UNVERIFIED_AFTER_MS) return [];
    return [{ ...refund, refundId: status.refundId }];
  });
}
