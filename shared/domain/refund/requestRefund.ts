/** Checks a requested refund against the limits of its order. Total, pure. */

import { REFUND_LIMITS, REFUSED_REFUND_LIMITS } from '../limits.ts';
import { type Fen, fen } from '../money.ts';
import { withNextCheck } from '../order/nextCheck.ts';
import type { OrderDocument } from '../order/order.ts';
import {
  beginRefund,
  isCounted,
  isFinal,
  mayBeTaken,
  type Refund,
  refundedFee,
} from '../order/refund.ts';
import {
  mainPaymentOf,
  type RefundablePayment,
  refundedPayment,
  refundsOfPayment,
} from './refundedPayment.ts';

/**
 * A refund that somebody requests, with its frozen request; `transactionId` where it is of a payment that
 * is not the order's own.
 */
export type RefundRequest = Pick<
  Refund,
  'outRefundNo' | 'refundFee' | 'reason' | 'request' | 'transactionId'
>;

/** Why a refund is not begun. */
export type RefundRefusal =
  | { code: 'ORDER_NOT_PAID' | 'ORDER_QUARANTINED' }
  /** Nobody has paid so, or the payment is the order's own by now. */
  | { code: 'PAYMENT_NOT_EXIST' | 'PAYMENT_COUNTS' | 'PAYMENT_FEE_UNKNOWN' }
  /** The number is used with another amount; the reason is not compared. */
  | { code: 'OUT_REFUND_NO_USED' }
  /** This number is closed, refused or given up: another attempt needs a new one. */
  | { code: 'REFUND_NO_CLOSED' }
  | { code: 'REFUND_EXCEEDS_PAID'; refundableFee: Fen }
  | { code: 'REFUND_TOO_MANY' }
  | { code: 'REFUND_TOO_SOON' | 'REFUND_REFUSED_TOO_OFTEN'; retryAt: Date }
  | { code: 'REFUND_OVERDUE' };

/** The decision, and the order as it is to be stored; the very same object unless a refund was begun. */
export type RefundDecision<D extends OrderDocument> =
  | { outcome: 'begun' | 'known'; order: D; refund: Refund }
  | { outcome: 'refused'; order: D; refusal: RefundRefusal };

/**
 * Begins a refund within the limits of D4012791862, all checked in the write that stores it; a known
 * number with the same amount is the same refund again, whatever the limits allow by now.
 */
export function requestRefund<D extends OrderDocument>(
  order: D,
  request: RefundRequest,
  now: Date,
): RefundDecision<D> {
  const known = refundOf(order, request.outRefundNo);
  if (known) return matchExisting(order, known, request);
  const refusal = refusalReason(order, request, now);
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

function matchExisting<D extends OrderDocument>(
  order: D,
  refund: Refund,
  { refundFee, transactionId }: RefundRequest,
): RefundDecision<D> {
  const payment = transactionId ?? mainPaymentOf(order)?.transactionId ?? '';
  if (refund.refundFee !== refundFee || !refundsOfPayment(order, payment).includes(refund)) {
    return { outcome: 'refused', order, refusal: { code: 'OUT_REFUND_NO_USED' } };
  }
  if (isCounted(refund)) return { outcome: 'known', order, refund };
  return { outcome: 'refused', order, refusal: { code: 'REFUND_NO_CLOSED' } };
}

function refusalReason(
  order: OrderDocument,
  { refundFee, transactionId }: RefundRequest,
  now: Date,
): RefundRefusal | undefined {
  const payment =
    transactionId === undefined ? ownPaymentOf(order) : otherPaymentOf(order, transactionId);
  if ('code' in payment) return payment;
  const refunds = refundsOfPayment(order, payment.transactionId);
  return (
    overdue(payment, now) ??
    limitOf(payment, { refunds, refundFee }, now) ??
    refusedTooOften(refunds, now)
  );
}

/** A payment whose sum is known. */
type Refundable = RefundablePayment & { totalFee: Fen };

function ownPaymentOf(order: OrderDocument): Refundable | RefundRefusal {
  const payment = mainPaymentOf(order);
  if (payment?.isOwn) return withFee(payment);
  return { code: payment ? 'ORDER_QUARANTINED' : 'ORDER_NOT_PAID' };
}

/** Finds a payment that waits for a decision; the order's own is refunded as one. */
function otherPaymentOf(order: OrderDocument, transactionId: string): Refundable | RefundRefusal {
  const payment = refundedPayment(order, transactionId);
  if (!payment) return { code: 'PAYMENT_NOT_EXIST' };
  return payment.isOwn ? { code: 'PAYMENT_COUNTS' } : withFee(payment);
}

function withFee(payment: RefundablePayment): Refundable | RefundRefusal {
  const { totalFee } = payment;
  return totalFee === undefined ? { code: 'PAYMENT_FEE_UNKNOWN' } : { ...payment, totalFee };
}

function overdue({ paidAt }: RefundablePayment, now: Date): RefundRefusal | undefined {
  const ageMs = now.getTime() - (paidAt?.getTime() ?? now.getTime());
  return ageMs > REFUND_LIMITS.maxAgeMs ? { code: 'REFUND_OVERDUE' } : undefined;
}

function limitOf(
  { totalFee }: Refundable,
  { refunds, refundFee }: { refunds: readonly Refund[]; refundFee: Fen },
  now: Date,
): RefundRefusal | undefined {
  // A refund that WeChat refused counts as never requested.
  const parts = refunds.filter(mayBeTaken);
  const left = Math.max(0, totalFee - refundedFee(parts));
  if (refundFee > left) return { code: 'REFUND_EXCEEDS_PAID', refundableFee: fen(left) };
  if (parts.length >= REFUND_LIMITS.partsMax) return { code: 'REFUND_TOO_MANY' };
  const last = Math.max(...parts.map(({ requestedAt }) => requestedAt.getTime()));
  const retryAt = new Date(last + REFUND_LIMITS.apartMs);
  // Without parts there is no such instant, and nothing is before it.
  return now < retryAt ? { code: 'REFUND_TOO_SOON', retryAt } : undefined;
}

/** Makes whoever draws new numbers for what WeChat refuses wait, longer and longer. */
function refusedTooOften(refunds: readonly Refund[], now: Date): RefundRefusal | undefined {
  const times = refunds.flatMap(({ status }) =>
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
