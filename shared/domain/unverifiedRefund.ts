/** The end of a refund whose end nobody ever tells us. */

import { say } from './event.ts';
import { REFUND_UNVERIFIED_AFTER_MS } from './limits.ts';
import type { Order } from './order.ts';
import { isPending, type Refund } from './refund.ts';
import { withRefund } from './requestRefund.ts';

/**
 * Gives up waiting for the refunds that cloud pay (云支付) did not confirm in time, each with an event.
 * They keep their part of the sum, for they may have been paid out, and later evidence still counts.
 */
export function endUnverified(order: Order, now: Date): Order {
  const overdue = order.refunds?.filter((refund) => isOverdue(order, refund, now)) ?? [];
  return overdue.reduce((kept, refund) => {
    const refundId = 'refundId' in refund.status ? refund.status.refundId : undefined;
    const status: Refund['status'] = {
      state: 'unverified',
      unverifiedAt: now,
      ...(refundId === undefined ? {} : { refundId }),
    };
    const ended = withRefund(kept, { ...refund, status }, now);
    return say(ended, 'refund.unverified', now, refund.outRefundNo);
  }, order);
}

function isOverdue({ link }: Order, refund: Refund, now: Date): boolean {
  const ageMs = now.getTime() - refund.requestedAt.getTime();
  return link === 'cloudPay' && isPending(refund) && ageMs >= REFUND_UNVERIFIED_AFTER_MS;
}
