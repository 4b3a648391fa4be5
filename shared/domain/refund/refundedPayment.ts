/** Finds the payment of an order or orphan that a refund is of: its own, one that differs, a second one. */

import type { Fen } from '../money.ts';
import type { Order, OrderDocument } from '../order/order.ts';
import type { OutTradeNo } from '../order/outTradeNo.ts';
import { type Refund, refundedFee } from '../order/refund.ts';

/** A payment as far as refunds of it are checked; what is absent is not known. */
export interface RefundablePayment {
  transactionId: string;
  totalFee?: Fen;
  mchid?: string;
  spMchid?: string;
  paidAt?: Date;
  /** It is the order's own: refunds of it count in the order's sum. */
  isOwn: boolean;
}

/** Finds the first payment of a document; undefined while we know of none. */
export function mainPaymentOf(document: OrderDocument): RefundablePayment | undefined {
  if (document.kind === 'orphan') {
    const { totalFee, mchid, spMchid, receipt } = document;
    const { transactionId, paidAt } = receipt;
    return { transactionId, mchid, paidAt, ...given({ totalFee, spMchid }), isOwn: false };
  }
  const { status, quarantine, totalFee, mchid, spMchid } = document;
  if (status.state === 'paid') {
    const { transactionId, paidAt } = status.receipt;
    const { acceptedPayment = { mchid, ...given({ spMchid }) } } = document;
    return { totalFee, ...acceptedPayment, transactionId, paidAt, isOwn: true };
  }
  if (!quarantine) return undefined;
  const { payment = given({ mchid, spMchid }), transactionId, at } = quarantine;
  const known = { paidAt: at, ...given({ totalFee: quarantine.totalFee }) };
  return { ...known, ...payment, transactionId, isOwn: false };
}

/** Finds the payment of this transaction among all of a document. */
export function refundedPayment(
  document: OrderDocument,
  transactionId: string,
): RefundablePayment | undefined {
  const main = mainPaymentOf(document);
  if (main?.transactionId === transactionId) return main;
  const second = document.secondPayments?.find((each) => each.transactionId === transactionId);
  return second && { paidAt: second.confirmedAt, ...second, isOwn: false };
}

/** The payment that WeChat is to pay back, as its request names it. */
export interface PaymentToRefund {
  outTradeNo: OutTradeNo;
  mchid: string;
  spMchid?: string;
  appid?: string;
  totalFee: Fen;
  /** There where the order's number does not name the payment for certain. */
  transactionId?: string;
  /** 链路号 of the document, for the log. */
  traceId?: string;
}

/**
 * Finds the payment of this transaction, or the order's own, as a refund's request names it; undefined
 * where there is none, or where WeChat did not say how much it was.
 */
export function paymentToRefund(
  document: OrderDocument,
  transactionId?: string,
): PaymentToRefund | undefined {
  const main = mainPaymentOf(document);
  const payment = transactionId === undefined ? main : refundedPayment(document, transactionId);
  if (payment?.totalFee === undefined) return undefined;
  const { outTradeNo, mchid, appid, traceId } = document;
  const isPlain = payment.isOwn && document.kind === 'order' && !document.acceptedPayment;
  return {
    outTradeNo,
    mchid: payment.mchid ?? mchid,
    totalFee: payment.totalFee,
    ...given({ appid, spMchid: payment.spMchid, traceId }),
    ...(isPlain ? {} : { transactionId: payment.transactionId }),
  };
}

/** Lists the refunds of one payment; those that name none are of the order's own. */
export function refundsOfPayment(document: OrderDocument, transactionId: string): Refund[] {
  const main = mainPaymentOf(document)?.transactionId;
  const { refunds = [] } = document;
  return refunds.filter((refund) => (refund.transactionId ?? main) === transactionId);
}

/**
 * Tells an order whose payments all went back whole, the first of which differed from it: no money is there. What
 * another merchant was paid is none of these, for it lets the order itself be paid still.
 */
export function isGivenBack(order: Order): boolean {
  const { quarantine, secondPayments = [], mchid, spMchid } = order;
  const payment = quarantine?.payment;
  if (payment?.mchid !== mchid || payment.spMchid !== spMchid) return false;
  return [payment, ...secondPayments].every(({ transactionId, totalFee }) => {
    const refunds = refundsOfPayment(order, transactionId);
    const ended = refunds.filter(({ status }) => status.state === 'success');
    return totalFee !== undefined && refundedFee(ended) >= totalFee;
  });
}

/** Finds how much was paid for an order, by the payment that counts; its own total while none does. */
export function paidFeeOf(order: Order): Fen {
  return order.acceptedPayment?.totalFee ?? order.totalFee;
}

/** Lists the refunds of an order's own payment, which count in its sum. */
export function ownRefunds(document: OrderDocument): Refund[] {
  return refundsOfPayment(document, mainPaymentOf(document)?.transactionId ?? '');
}

/** Leaves out what is not known. */
function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
