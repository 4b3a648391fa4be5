/** Decides whether a person may accept a payment that waits for a decision. Total, pure. */

import { type DecidedBy, decisionAbout, withDecisionEvent } from '../decision.ts';
import { withReceipt } from '../order/conclude.ts';
import { withEvent } from '../order/event.ts';
import { withNextCheck } from '../order/nextCheck.ts';
import type { Order, OrderDocument, Quarantine } from '../order/order.ts';
import type { ReceivedPayment } from '../order/receivedPayment.ts';
import { mayGiveBack, refundedFee } from '../order/refund.ts';
import { refundedPayment, refundsOfPayment } from '../refund/refundedPayment.ts';

/** Why a payment is not accepted. */
export type AcceptRefusal =
  /** The order waits for no decision about it; or nobody has paid so. */
  | 'PAYMENT_NOT_QUARANTINED'
  | 'PAYMENT_NOT_EXIST'
  /** It has gone back, or is on its way; or money of it went back, nobody knows how much. */
  | 'PAYMENT_REFUNDED';

/** The conclusion, and the document as it is to be stored; the very same object unless it was accepted now. */
export type AcceptVerdict =
  | { outcome: 'payment_accepted'; order: OrderDocument }
  | { outcome: 'refused'; order: OrderDocument; code: AcceptRefusal };

/** A decision to accept a payment. */
export type Accept = DecidedBy & { transactionId: string };

/**
 * Accepts a payment: the quarantined one, or a second one beside it, counts as paid from then on, by the
 * sum that was paid, and the merchant hears that the order is paid; an orphan is left as accepted.
 */
export function decideAccept(document: OrderDocument, accept: Accept, now: Date): AcceptVerdict {
  const { transactionId } = accept;
  if (decisionAbout(document, 'acceptPayment', transactionId)) {
    return { outcome: 'payment_accepted', order: document };
  }
  const code = reasonToRefuse(document, transactionId);
  if (code) return { outcome: 'refused', order: document, code };
  const decision = { ...decided(accept), at: now };
  if (document.kind === 'orphan') {
    return { outcome: 'payment_accepted', order: withDecisionEvent(document, decision) };
  }
  const paid = withDecisionEvent(asPaid(document, transactionId, now), decision);
  const isLate = document.status.state === 'closed';
  const order = withEvent(paid, isLate ? 'order.paid_after_close' : 'order.paid', now);
  return { outcome: 'payment_accepted', order };
}

function decided({ transactionId, by, reason }: Accept) {
  return { decision: 'acceptPayment', about: transactionId, by, reason } as const;
}

function reasonToRefuse(document: OrderDocument, transactionId: string): AcceptRefusal | undefined {
  const payment = refundedPayment(document, transactionId);
  if (!payment) return 'PAYMENT_NOT_EXIST';
  if (document.kind === 'orphan') {
    const isItsOwn = document.receipt.transactionId === transactionId;
    return isItsOwn ? undefined : 'PAYMENT_NOT_QUARANTINED';
  }
  if (payment.isOwn || !document.quarantine) return 'PAYMENT_NOT_QUARANTINED';
  const refunds = refundsOfPayment(document, transactionId);
  const isUnexplained = document.refundedExternallyAt !== undefined && !refunds.some(mayGiveBack);
  const { totalFee } = payment;
  const isGone = totalFee !== undefined && refundedFee(refunds) >= totalFee;
  return isGone || isUnexplained ? 'PAYMENT_REFUNDED' : undefined;
}

/** Makes an order paid by this payment; what else was paid for it stays, as a second payment. */
function asPaid(order: Order, transactionId: string, now: Date): Order {
  const { quarantine, secondPayments = [], ...others } = order;
  const quarantined = quarantine ? [paymentOf(order, quarantine)] : [];
  const received = [...quarantined, ...secondPayments];
  const accepted = received.find((payment) => payment.transactionId === transactionId);
  if (!accepted) return order;
  const second = received.filter((payment) => payment !== accepted);
  const { paidAt = accepted.confirmedAt, confirmedBy, confirmedAt } = accepted;
  const receipt = { transactionId, paidAt, confirmedBy, confirmedAt };
  const kept = second.length > 0 ? { secondPayments: second } : {};
  const paid = withReceipt({ ...others, ...kept, acceptedPayment: accepted }, receipt);
  return withNextCheck(withSecondEvents(paid, second, now), now);
}

/** Adds the events of the payments beside the accepted one, the once quarantined among them, as second ones. */
function withSecondEvents(order: Order, second: readonly ReceivedPayment[], now: Date): Order {
  return second.reduce(
    (journal, { transactionId }) =>
      withEvent(journal, 'order.duplicate_payment', now, transactionId),
    order,
  );
}

/** Makes the payment of a quarantine; documents of before it was kept have only a part of it. */
function paymentOf({ mchid, spMchid, appid }: Order, quarantine: Quarantine): ReceivedPayment {
  const { payment, transactionId, totalFee, at } = quarantine;
  if (payment) return payment;
  return {
    transactionId,
    tradeState: 'SUCCESS',
    ...(totalFee === undefined ? {} : { totalFee }),
    currency: 'CNY',
    mchid,
    ...(spMchid === undefined ? {} : { spMchid }),
    appid,
    confirmedBy: 'query',
    confirmedAt: at,
  };
}
