/** Checks a requested refund against the limits of its order. Total, pure. */

import { REFUND_LIMITS, REFUSED_REFUND_LIMITS } from '../limits.ts';
import { type Fen, fen } from '../money.ts';
import { withNextCheck } from '../order/nextCheck.ts';
import type { Order, OrderDocument, Receipt } from '../order/order.ts';
import {
  beginRefund,
  isCounted,
  isFinal,
  mayBeTaken,
  type Refund,
  refundedFee,
} from '../order/refund.ts';
import { ownRefunds } from './refundedPayment.ts';

/** A refund that somebody requests, with its frozen request. */
export type RefundRequest = Pick<Refund, 'outRefundNo' | 'refundFee' | 'reason' | 'request'>;

/** Why a refund is not begun. */
export type RefundRefusal =
  | { code: 'ORDER_NOT_PAID' | 'ORDER_QUARANTINED' }
  /** The number is used with another amount; the reason is not compared. */
  | { code: 'OUT_REFUND_NO_USED' }
  /** This number is closed, refused or given up: another attempt needs a new one. */
  | { code: 'REFUND_NO_CLOSED' }
  | { code: 'REFUND_EXCEEDS_PAID'; refundableFee: Fen }
  | { code: 'REFUND_TOO_MANY' }
  | { code: 'REFUND_TOO_SOON' | 'REFUND_REFUSED_TOO_OFTEN'; retryAt: Date }
  | { code: 'REFUND_OVERDUE' };

/** The decision, and the order as it is to be stored; the very same object unless a refund was begun. */
export type RefundDecision =
  | { outcome: 'begun' | 'known'; order: Order; refund: Refund }
  | { outcome: 'refused'; order: Order; refusal: RefundRefusal };

/**
 * Begins a refund within the limits of D4012791862, all checked in the write that stores it; a known
 * number with the same amount is the same refund again, whatever the limits allow by now.
 */
export function requestRefund(order: Order, request: RefundRequest, now: Date): RefundDecision {
  const known = refundOf(order, request.outRefundNo);
  if (known) return matchExisting(order, known, request);
  const refusal = refusalReason(order, request.refundFee, now);
  if (refusal) return { outcome: 'refused', order, refusal };
  const refund = beginRefund(request, now);
  const begun = { ...order, refunds: [...foldRefused(order.refunds), refund] };
  return { outcome: 'begun', order: withNextCheck(begun, now), refund };
}

/** Finds the refund of an order under this number. */
export function refundOf({ refunds }: OrderDocument, outRefundNo: string): Refund | undefined {
  return refunds?.find((refund) => refund.outRefundNo === outRefundNo);
}

/** Tells whether WeChat has confirmed the end of the refund of this number. */
export function hasRefundEnded(order: OrderDocument, outRefundNo: string): boolean {
  const refund = refundOf(order, outRefundNo);
  return refund !== undefined && isFinal(refund);
}

function matchExisting(order: Order, refund: Refund, { refundFee }: RefundRequest): RefundDecision {
  if (refund.refundFee !== refundFee || !ownRefunds(order).includes(refund)) {
    return { outcome: 'refused', order, refusal: { code: 'OUT_REFUND_NO_USED' } };
  }
  if (isCounted(refund)) return { outcome: 'known', order, refund };
  return { outcome: 'refused', order, refusal: { code: 'REFUND_NO_CLOSED' } };
}

function refusalReason(order: Order, refundFee: Fen, now: Date): RefundRefusal | undefined {
  const { status } = order;
  if (status.state !== 'paid') {
    return { code: order.quarantine ? 'ORDER_QUARANTINED' : 'ORDER_NOT_PAID' };
  }
  return (
    overdue(status.receipt, now) ?? limitOf(order, refundFee, now) ?? refusedTooOften(order, now)
  );
}

function overdue({ paidAt }: Receipt, now: Date): RefundRefusal | undefined {
  const ageMs = now.getTime() - paidAt.getTime();
  return ageMs > REFUND_LIMITS.maxAgeMs ? { code: 'REFUND_OVERDUE' } : undefined;
}

function limitOf(order: Order, refundFee: Fen, now: Date): RefundRefusal | undefined {
  // A refund that WeChat refused counts as never requested.
  const parts = ownRefunds(order).filter(mayBeTaken);
  const left = Math.max(0, order.totalFee - refundedFee(parts));
  if (refundFee > left) return { code: 'REFUND_EXCEEDS_PAID', refundableFee: fen(left) };
  if (parts.length >= REFUND_LIMITS.partsMax) return { code: 'REFUND_TOO_MANY' };
  const last = Math.max(...parts.map(({ requestedAt }) => requestedAt.getTime()));
  const retryAt = new Date(last + REFUND_LIMITS.apartMs);
  return parts.length > 0 && now < retryAt ? { code: 'REFUND_TOO_SOON', retryAt } : undefined;
}

/** Makes whoever draws new numbers for what WeChat refuses wait, longer and longer. */
function refusedTooOften(order: Order, now: Date): RefundRefusal | undefined {
  const times = ownRefunds(order).flatMap(({ status }) =>
    status.state === 'refused' ? [status.refusedAt.getTime()] : [],
  );
  const { waitsMs } = REFUSED_REFUND_LIMITS;
  const waitMs = waitsMs[Math.min(times.length, waitsMs.length) - 1] ?? 0;
  const retryAt = new Date(Math.max(...times) + waitMs);
  return waitMs > 0 && now < retryAt ? { code: 'REFUND_REFUSED_TOO_OFTEN', retryAt } : undefined;
}

/**
 * Folds all but the youngest refused refunds: what was sent and its reason go, so that the document stays
 * small; number, sum and end stay, so that the number is never another refund.
 */
function foldRefused(refunds: readonly Refund[] = []): readonly Refund[] {
  const refused = refunds.filter(({ status }) => status.state === 'refused');
  const old = new Set(refused.slice(0, -REFUSED_REFUND_LIMITS.wholeMax));
  return refunds.map((refund) => (old.has(refund) ? folded(refund) : refund));
}

function folded({ reason: _shown, ...refund }: Refund): Refund {
  return { ...refund, request: '' };
}

/** Changes one refund of an order and sets its next check. */
export function withRefund<D extends OrderDocument>(order: D, changed: Refund, now: Date): D {
  const refunds = order.refunds?.map((refund) =>
    refund.outRefundNo === changed.outRefundNo ? changed : refund,
  );
  return withNextCheck({ ...order, refunds: refunds ?? [] }, now);
}
