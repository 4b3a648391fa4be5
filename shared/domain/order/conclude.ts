/**
 * Concludes from evidence how an order stands. Total: every state answers every evidence, none throws.
 * No clock, no database, no network.
 */

import { NEVER_LANDED_MS } from '../limits.ts';
import { withEvent } from './event.ts';
import type { Evidence, PaidEvidence } from './evidence.ts';
import { withNextCheck } from './nextCheck.ts';
import { type Difference, isNeverSent, type Order, type Orphan, type Receipt } from './order.ts';

/** The conclusion by name; each case has its own, so that idempotency is visible. */
export type Outcome =
  | 'paid'
  | 'paid_after_close'
  | 'already_paid'
  | 'duplicate_payment'
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
    return { outcome: 'already_closed', order: withNextCheck(order, now) };
  switch (evidence.kind) {
    case 'closed':
      return { outcome: 'closed', order: markClosed(order, evidence.code, now) };
    case 'unpaid':
      return { outcome: 'unpaid', order: withNextCheck(order, now) };
    case 'unknown': {
      const next = withEvent(order, 'order.unknown_trade_state', now, evidence.code);
      return { outcome: 'unknown_trade_state', order: withNextCheck(next, now) };
    }
    case 'not_found':
      return applyNotFound(order, now);
  }
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
  return { outcome: 'unknown_at_wechat', order: withNextCheck(next, now) };
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
      return { outcome: 'already_paid', order };
    }
    const next = withEvent(order, 'order.duplicate_payment', now, evidence.transactionId);
    return { outcome: 'duplicate_payment', order: next };
  }
  if (order.quarantine) return { outcome: 'quarantined', order };
  const differs = differenceOf(order, evidence);
  if (differs) return { outcome: 'mismatch', order: quarantine(order, evidence, differs, now) };
  const late = status.state === 'closed';
  const paid = withReceipt(order, receiptOf(evidence, now));
  return {
    outcome: late ? 'paid_after_close' : 'paid',
    // Money is never refused; a payment after the close is an event of its own.
    order: withEvent(paid, late ? 'order.paid_after_close' : 'order.paid', now),
  };
}

function withReceipt(order: Order, receipt: Receipt): Order {
  const { closeDueAt: _done, ...others } = order;
  return withNextCheck({ ...others, status: { state: 'paid', receipt } }, receipt.confirmedAt);
}

function receiptOf({ transactionId, paidAt, via }: PaidEvidence, now: Date): Receipt {
  return { transactionId, paidAt, confirmedBy: via, confirmedAt: now };
}

/** Finds the first field in which a payment differs from its order; absent ones are not compared. */
export function differenceOf(order: Order, evidence: PaidEvidence): Difference | undefined {
  if (evidence.totalFee !== order.totalFee) return 'amount';
  if (evidence.currency !== 'CNY') return 'currency';
  if (evidence.mchid !== order.mchid) return 'mchid';
  if (evidence.spMchid !== order.spMchid) return 'spMchid';
  if (evidence.appid !== undefined && evidence.appid !== order.appid) return 'appid';
  if (evidence.openid !== undefined && evidence.openid !== order.openid) return 'openid';
  return undefined;
}

function quarantine(order: Order, proof: PaidEvidence, differs: Difference, now: Date): Order {
  const { transactionId, totalFee } = proof;
  const quarantined: Order = {
    ...order,
    quarantine: { differs, transactionId, totalFee, at: now },
  };
  return withEvent(withNextCheck(quarantined, now), 'order.mismatch', now, differs);
}

/** Closes an order here; WeChat must have confirmed it, or have refused the order for good. */
export function markClosed(order: Order, reason: string, now: Date): Order {
  const { closeDueAt, ...others } = order;
  const isOurs = reason === 'CLOSED';
  const byTime = isOurs && now >= order.expiresAt ? 'expired' : reason;
  const why = isOurs && closeDueAt ? 'asked' : byTime;
  const status = { state: 'closed', closedAt: now, reason: why } as const;
  return withEvent(withNextCheck({ ...others, status }, now), 'order.closed', now, why);
}

/** Makes the document of a verified payment for a number that we do not know. */
export function orphanOf(evidence: PaidEvidence, now: Date): Orphan {
  const orphan: Orphan = {
    kind: 'orphan',
    outTradeNo: evidence.outTradeNo,
    mchid: evidence.mchid,
    totalFee: evidence.totalFee,
    receipt: receiptOf(evidence, now),
    version: 1,
    checkAt: null,
    deliverAt: null,
    events: [],
    ...(evidence.spMchid === undefined ? {} : { spMchid: evidence.spMchid }),
    ...(evidence.appid === undefined ? {} : { appid: evidence.appid }),
    ...(evidence.openid === undefined ? {} : { openid: evidence.openid }),
  };
  return withEvent(orphan, 'order.orphan', now);
}
