/**
 * Concludes from evidence how a refund stands. Total: every state answers every evidence, none throws.
 * No clock, no database, no network.
 */

import { hasEvent, type OrderEventType, withEvent } from '../order/event.ts';
import { checkNow, withNextCheck } from '../order/nextCheck.ts';
import type { OrderDocument } from '../order/order.ts';
import { type Refund, type RefundState, type RefundStatus, refundIdOf } from '../order/refund.ts';
import type { RefundEvidence } from './refundEvidence.ts';
import { mainPaymentOf, type RefundablePayment, refundedPayment } from './refundedPayment.ts';
import { refundOf, withRefund } from './requestRefund.ts';

/** The conclusion by name; each case has its own, so that idempotency is visible. */
export type RefundOutcome =
  | 'refund_processing'
  | 'refund_success'
  | 'refund_closed'
  | 'refund_abnormal'
  | 'refund_known'
  | 'refund_mismatch'
  /** An unknown number, with evidence that names another order. */
  | 'refund_of_another'
  | 'refund_unknown_state'
  /** We do not know the payment yet: an unpaid order is queried first, a second payment brings its own notification. */
  | 'refund_before_payment';

/** The conclusion, and the order as it is to be stored. */
export interface RefundVerdict<D extends OrderDocument> {
  outcome: RefundOutcome;
  order: D;
}

/**
 * Applies evidence to a refund of an order or orphan, of whichever of its payments. An external one is
 * recorded, and counted where it is of the order's own payment: money that left is never denied, not even
 * where it exceeds what we thought was left.
 */
export function concludeRefund<D extends OrderDocument>(
  order: D,
  evidence: RefundEvidence,
  now: Date,
): RefundVerdict<D> {
  const main = mainPaymentOf(order);
  if (!main) return { outcome: 'refund_before_payment', order: checkNow(order, now) };
  const known = refundOf(order, evidence.outRefundNo);
  if (!known && evidence.outTradeNo !== order.outTradeNo)
    return { outcome: 'refund_of_another', order };
  const transactionId = known
    ? (known.transactionId ?? main.transactionId)
    : evidence.transactionId;
  const payment = refundedPayment(order, transactionId);
  if (!payment && !known && !hasEvent(order, 'order.duplicate_payment', transactionId))
    return { outcome: 'refund_before_payment', order };
  const differs = differenceOf(order.outTradeNo, payment ?? main, known, evidence);
  if (differs) {
    const about = `${evidence.outRefundNo} ${differs}`;
    return { outcome: 'refund_mismatch', order: withEvent(order, 'refund.mismatch', now, about) };
  }
  if (known) return advance(order, known, evidence, now);
  const external = externalRefund(payment ?? main, evidence, now);
  return advance(withExternalRefund(order, external, now), external, evidence, now);
}

/** Finds the first field in which evidence differs from the refund; absent ones are not compared. */
function differenceOf(
  outTradeNo: string,
  payment: RefundablePayment,
  known: Refund | undefined,
  evidence: RefundEvidence,
): string | undefined {
  const refundId = known && refundIdOf(known.status);
  const pairs: [string, unknown, unknown][] = [
    ['outTradeNo', evidence.outTradeNo, outTradeNo],
    ['transactionId', evidence.transactionId, payment.transactionId],
    ['totalFee', evidence.totalFee, payment.totalFee ?? evidence.totalFee],
    ['refundFee', evidence.refundFee, known?.refundFee ?? evidence.refundFee],
    ['refundId', evidence.refundId, refundId ?? evidence.refundId],
    ['currency', evidence.currency ?? 'CNY', 'CNY'],
    ['mchid', evidence.mchid ?? payment.mchid, payment.mchid ?? evidence.mchid],
    ['spMchid', evidence.spMchid ?? payment.spMchid, payment.spMchid],
  ];
  return pairs.find(([, result, agreed]) => result !== agreed)?.[0];
}

function externalRefund(
  { isOwn, transactionId }: RefundablePayment,
  evidence: RefundEvidence,
  now: Date,
): Refund {
  const { outRefundNo, refundFee, refundId } = evidence;
  return {
    outRefundNo,
    refundFee,
    request: '',
    requestedAt: evidence.createdAt ?? now,
    origin: 'external',
    ...(isOwn ? {} : { transactionId }),
    status: { state: 'processing', refundId },
  };
}

function withExternalRefund<D extends OrderDocument>(order: D, refund: Refund, now: Date): D {
  const refunds = [...(order.refunds ?? []), refund];
  return withEvent({ ...order, refunds }, 'refund.external', now, refund.outRefundNo);
}

/** Evidence that changes nothing, by state: success above all is never taken back. */
const CHANGES_NOTHING: Record<RefundState, readonly RefundEvidence['kind'][]> = {
  requested: [],
  processing: ['processing'],
  success: ['processing', 'success', 'closed', 'abnormal'],
  closed: ['processing', 'closed', 'abnormal'],
  abnormal: ['processing', 'abnormal'],
  unverified: ['processing'],
  // WeChat took it after all, and that counts.
  refused: [],
};

const EVENT_OF: Partial<Record<RefundEvidence['kind'], OrderEventType>> = {
  success: 'refund.success',
  closed: 'refund.closed',
  abnormal: 'refund.abnormal',
};

function advance<D extends OrderDocument>(
  order: D,
  refund: Refund,
  evidence: RefundEvidence,
  now: Date,
): RefundVerdict<D> {
  const { kind, outRefundNo, refundStatus } = evidence;
  if (kind === 'unknown') {
    const about = `${outRefundNo} ${refundStatus}`;
    const reported = withEvent(order, 'refund.unknown_state', now, about);
    return { outcome: 'refund_unknown_state', order: withNextCheck(reported, now) };
  }
  if (CHANGES_NOTHING[refund.status.state].includes(kind)) {
    const outcome = kind === 'processing' ? 'refund_processing' : 'refund_known';
    return { outcome, order: withNextCheck(withRefundAnswer(order, refund, now), now) };
  }
  const { unansweredSince: _over, ...answered } = refund;
  const changed = withRefund(order, { ...answered, status: statusOf(kind, evidence, now) }, now);
  const event = EVENT_OF[kind];
  const next = event ? withEvent(changed, event, now, outRefundNo) : changed;
  return { outcome: `refund_${kind}`, order: next };
}

/** Forgets that WeChat did not answer, now that it has. */
function withRefundAnswer<D extends OrderDocument>(order: D, refund: Refund, now: Date): D {
  const { unansweredSince, ...answered } = refund;
  return unansweredSince ? withRefund(order, answered, now) : order;
}

function statusOf(
  kind: Exclude<RefundEvidence['kind'], 'unknown'>,
  { refundId, succeededAt }: RefundEvidence,
  now: Date,
): RefundStatus {
  switch (kind) {
    case 'processing':
      return { state: 'processing', refundId };
    case 'success':
      return { state: 'success', refundId, succeededAt: succeededAt ?? now };
    case 'closed':
      return { state: 'closed', refundId, closedAt: now };
    case 'abnormal':
      return { state: 'abnormal', refundId, abnormalAt: now };
  }
}
