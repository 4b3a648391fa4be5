/**
 * Concludes from evidence how an order stands. Total: every state answers every evidence, none throws.
 * No clock, no database, no network.
 */

import { NEVER_LANDED_MS, SECOND_PAYMENTS_MAX } from '../limits.ts';
import { withEvent } from './event.ts';
import type { Evidence, PaidEvidence } from './evidence.ts';
import { noticeRefund } from './externalRefund.ts';
import { withNextCheck, withNextQuestion } from './nextCheck.ts';
import {
  type Difference,
  isNeverSent,
  type Order,
  type OrderDocument,
  type Orphan,
  type Quarantine,
  type Receipt,
} from './order.ts';
import { closableAt, scheduleClose } from './placement.ts';
import { mayHaveSiblings } from './purchase.ts';
import { receivedPayment } from './receivedPayment.ts';
import { withAnswer, withoutAnswer } from './unanswered.ts';

/** The conclusion by name; each case has its own, so that idempotency is visible. */
export type Outcome =
  | 'paid'
  | 'paid_after_close'
  | 'already_paid'
  | 'duplicate_payment'
  | 'refunded_externally'
  | 'mismatch'
  | 'quarantined'
  | 'closed'
  | 'already_closed'
  | 'unpaid'
  | 'unknown_at_wechat'
  | 'unknown_trade_state';

/** The conclusion, and the order as it is to be stored; the very same object when nothing changes. */
export interface Verdict {
  outcome: Outcome;
  order: Order;
}

/** Applies evidence to an order. */
export function conclude(order: Order, evidence: Evidence, now: Date): Verdict {
  if (evidence.kind === 'paid') return applyPayment(order, evidence, now);
  if (order.status.state === 'paid') return { outcome: 'already_paid', order };
  if (order.quarantine) return { outcome: 'quarantined', order };
  if (order.status.state === 'closed')
    return { outcome: 'already_closed', order: withNextCheck(withAnswer(order), now) };
  switch (evidence.kind) {
    case 'closed':
      return { outcome: 'closed', order: markClosed(order, evidence.code, now) };
    case 'unpaid':
      return { outcome: 'unpaid', order: withNextQuestion(withAnswer(order), now) };
    case 'failed':
      return { outcome: 'unpaid', order: toBeClosed(withAnswer(order), evidence.code, now) };
    case 'unknown': {
      const next = withEvent(order, 'order.unknown_trade_state', now, evidence.code);
      return { outcome: 'unknown_trade_state', order: withoutAnswer(next, evidence.code, now) };
    }
    case 'not_found':
      return applyNotFound(order, now);
  }
}

/**
 * Has an order closed at WeChat before it is closed here, where WeChat's word (PAYERROR, REVOKED) does not
 * say that it cannot be paid again.
 */
function toBeClosed(order: Order, closeReason: string, now: Date): Order {
  if (order.closeDueAt) return withNextQuestion(order, now);
  return withNextCheck({ ...scheduleClose(order, closableAt(order)), closeReason }, now);
}

/** Closes an order that WeChat does not know, only if it never gave a prepay id and enough time has passed. */
function applyNotFound(order: Order, now: Date): Verdict {
  if (isNeverSent(order) && now < order.expiresAt) {
    return { outcome: 'unpaid', order: withNextCheck(order, now) };
  }
  if (order.status.state === 'created') {
    // A late request of the last placer could still land until then.
    const sentAt = Math.max(order.createdAt.getTime(), order.status.placingUntil.getTime());
    if (now.getTime() - sentAt < NEVER_LANDED_MS)
      return { outcome: 'unpaid', order: withNextCheck(order, now) };
    return { outcome: 'closed', order: markClosed(order, 'ORDER_NOT_EXIST', now) };
  }
  // It did know it once: a wrong merchant number must never close orders.
  const next = withEvent(order, 'order.unknown_at_wechat', now);
  return { outcome: 'unknown_at_wechat', order: withoutAnswer(next, 'ORDER_NOT_EXIST', now) };
}

/** Closes an order that was never sent, and that has to end: WeChat has nothing to confirm. */
export function concludeNeverSent(order: Order, now: Date): Verdict {
  return isNeverSent(order)
    ? { outcome: 'closed', order: markClosed(order, 'CLOSED', now) }
    : { outcome: 'unpaid', order };
}

function applyPayment(order: Order, evidence: PaidEvidence, now: Date): Verdict {
  const { status } = order;
  if (status.state === 'paid') {
    if (status.receipt.transactionId === evidence.transactionId) {
      return againPaid(order, evidence, now);
    }
    return { outcome: 'duplicate_payment', order: withSecondPayment(order, evidence, now) };
  }
  if (order.quarantine) return applyToQuarantined(order, order.quarantine, evidence, now);
  const differs = differenceOf(order, evidence);
  if (differs) {
    const kept = quarantine(order, evidence, differs, now);
    return { outcome: 'mismatch', order: withRefundNoticed(kept, evidence, now) };
  }
  const late = status.state === 'closed';
  const paid = withReceipt(order, receiptOf(evidence, now, order.expiresAt));
  // Whoever hears `order.paid` hands out goods: where money went back already, only that is told.
  if (evidence.tradeState === 'REFUND') return againPaid(paid, evidence, now);
  return {
    outcome: late ? 'paid_after_close' : 'paid',
    // Money is never refused; a payment after the close is an event of its own.
    order: withEvent(paid, late ? 'order.paid_after_close' : 'order.paid', now),
  };
}

/** Concludes from a payment that is applied: `REFUND` tells beside it that money went back. */
function againPaid(order: Order, evidence: PaidEvidence, now: Date): Verdict {
  const noticed = withRefundNoticed(order, evidence, now);
  const isNews = noticed.refundedExternallyAt !== order.refundedExternallyAt;
  return { outcome: isNews ? 'refunded_externally' : 'already_paid', order: noticed };
}

/** Notices what went back of a payment that the document has; `SUCCESS` changes nothing. */
function withRefundNoticed<D extends OrderDocument>(
  document: D,
  { tradeState, transactionId }: PaidEvidence,
  now: Date,
): D {
  return tradeState === 'REFUND' ? noticeRefund(document, transactionId, now) : document;
}

/** Keeps what else is paid for an order that waits for an admin, and what goes back of its payment. */
function applyToQuarantined(
  order: Order,
  { transactionId }: Quarantine,
  evidence: PaidEvidence,
  now: Date,
): Verdict {
  if (evidence.transactionId === transactionId)
    return { outcome: 'quarantined', order: withRefundNoticed(order, evidence, now) };
  return { outcome: 'duplicate_payment', order: withSecondPayment(order, evidence, now) };
}

/** Adds a second payment of an order or orphan, which is told once; at most so many are kept whole. */
function withSecondPayment<D extends OrderDocument>(
  document: D,
  evidence: PaidEvidence,
  now: Date,
): D {
  const { transactionId } = evidence;
  const kept = document.secondPayments ?? [];
  const isKept = kept.some((payment) => payment.transactionId === transactionId);
  const secondPayments = [...kept, receivedPayment(evidence, now)];
  const next =
    isKept || kept.length >= SECOND_PAYMENTS_MAX ? document : { ...document, secondPayments };
  return withEvent(next, 'order.duplicate_payment', now, transactionId);
}

/** Applies evidence to a payment for a number that we do not know. */
export function concludeOrphan(
  orphan: Orphan,
  evidence: Evidence,
  now: Date,
): { outcome: 'already_orphaned' | 'duplicate_payment'; order: Orphan } {
  if (evidence.kind !== 'paid') return { outcome: 'already_orphaned', order: orphan };
  if (evidence.transactionId === orphan.receipt.transactionId)
    return { outcome: 'already_orphaned', order: withRefundNoticed(orphan, evidence, now) };
  return { outcome: 'duplicate_payment', order: withSecondPayment(orphan, evidence, now) };
}

/** Makes an order paid; what was to be closed is not any more. */
export function withReceipt(order: Order, receipt: Receipt): Order {
  const { closeDueAt: _done, closeReason: _reason, ...others } = withAnswer(order);
  const paid: Order = { ...others, status: { state: 'paid', receipt } };
  if (mayHaveSiblings(order)) paid.siblingsDueAt = receipt.confirmedAt;
  return withNextCheck(paid, receipt.confirmedAt);
}

/** Makes the receipt; a payment whose time WeChat does not tell happened by now, and by `latest`. */
function receiptOf(evidence: PaidEvidence, now: Date, latest = now): Receipt {
  const { transactionId, via, paidAt = now < latest ? now : latest } = evidence;
  return { transactionId, paidAt, confirmedBy: via, confirmedAt: now };
}

/**
 * Finds the first field in which a payment differs from its order; absent ones are not compared, but for
 * the amount, which only a refunded order may lack.
 */
export function differenceOf(order: Order, evidence: PaidEvidence): Difference | undefined {
  const lacksAmount = evidence.tradeState === 'REFUND' && evidence.totalFee === undefined;
  if (evidence.totalFee !== order.totalFee && !lacksAmount) return 'amount';
  if (evidence.currency !== 'CNY') return 'currency';
  if (evidence.mchid !== order.mchid) return 'mchid';
  if (evidence.spMchid !== order.spMchid) return 'spMchid';
  if (evidence.appid !== undefined && evidence.appid !== order.appid) return 'appid';
  if (evidence.openid !== undefined && evidence.openid !== order.openid) return 'openid';
  return undefined;
}

function quarantine(order: Order, proof: PaidEvidence, differs: Difference, now: Date): Order {
  const { transactionId, totalFee } = proof;
  const payment = receivedPayment(proof, now);
  const amount = totalFee === undefined ? {} : { totalFee };
  const quarantined: Order = {
    ...order,
    quarantine: { differs, transactionId, ...amount, at: now, payment },
  };
  return withEvent(withNextCheck(quarantined, now), 'order.mismatch', now, differs);
}

/** Closes an order here; WeChat must have confirmed it, or have refused the order for good. */
export function markClosed(order: Order, reason: string, now: Date): Order {
  const { closeDueAt, closeReason, ...others } = withAnswer(order);
  const isOurs = reason === 'CLOSED';
  const byTime = isOurs && now >= order.expiresAt ? 'expired' : reason;
  const why = isOurs && closeDueAt ? (closeReason ?? 'asked') : byTime;
  const status = { state: 'closed', closedAt: now, reason: why } as const;
  return withEvent(withNextCheck({ ...others, status }, now), 'order.closed', now, why);
}

/** Makes the document of a verified payment for a number that we do not know. */
export function orphanOf(evidence: PaidEvidence, now: Date): Orphan {
  const orphan: Orphan = {
    kind: 'orphan',
    outTradeNo: evidence.outTradeNo,
    mchid: evidence.mchid,
    receipt: receiptOf(evidence, now),
    version: 1,
    checkAt: null,
    deliveryAt: null,
    events: [],
    ...(evidence.totalFee === undefined ? {} : { totalFee: evidence.totalFee }),
    ...(evidence.spMchid === undefined ? {} : { spMchid: evidence.spMchid }),
    ...(evidence.appid === undefined ? {} : { appid: evidence.appid }),
    ...(evidence.openid === undefined ? {} : { openid: evidence.openid }),
  };
  return withRefundNoticed(withEvent(orphan, 'order.orphan', now), evidence, now);
}
