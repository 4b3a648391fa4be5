/** Notices money of a payment that went back outside of us, in the merchant console say. Pure. */

import { withEvent } from './event.ts';
import { checkNow } from './nextCheck.ts';
import type { OrderDocument } from './order.ts';
import { isPending, mayGiveBack, refundsOf } from './refund.ts';

/**
 * Writes down that WeChat answers `REFUND` for a payment, which it does from the first refund on, partial or
 * full, and says no more. A refund that we know and that gives money back, or may, explains it, and where one
 * of these is pending, a query is due at once; where nothing explains it, the merchant is told, once.
 */
export function noticeRefund<D extends OrderDocument>(
  document: D,
  transactionId: string,
  now: Date,
): D {
  const explained = refundsOf(document.refunds, transactionId).filter(mayGiveBack);
  if (explained.some(isPending)) return checkNow(document, now);
  if (explained.length > 0 || document.refundedExternallyAt) return document;
  return withEvent({ ...document, refundedExternallyAt: now }, 'order.refunded_externally', now);
}
