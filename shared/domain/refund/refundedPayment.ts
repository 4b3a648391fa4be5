/** Finds the payment of an order or orphan that a refund is of: its own, one that differs, a second one. */

import type { Fen } from '../money.ts';
import type { OrderDocument } from '../order/order.ts';
import { type Refund, refundsOf } from '../order/refund.ts';

/** A payment as far as refunds of it are checked; what is absent is not known. */
export interface RefundablePayment {
  transactionId: string;
  totalFee?: Fen;
  mchid?: string;
  spMchid?: string;
  /** It is the order's own: refunds of it count in the order's sum. */
  isOwn: boolean;
}

/** Finds the first payment of a document; undefined while we know of none. */
export function mainPaymentOf(document: OrderDocument): RefundablePayment | undefined {
  if (document.kind === 'orphan') {
    const { totalFee, mchid, spMchid, receipt } = document;
    const { transactionId } = receipt;
    return { transactionId, mchid, ...given({ totalFee, spMchid }), isOwn: false };
  }
  const { status, quarantine, totalFee, mchid, spMchid } = document;
  if (status.state === 'paid') {
    const { transactionId } = status.receipt;
    return { transactionId, totalFee, mchid, ...given({ spMchid }), isOwn: true };
  }
  if (!quarantine) return undefined;
  const { payment = given({ mchid, spMchid }), transactionId } = quarantine;
  return { ...given({ totalFee: quarantine.totalFee }), ...payment, transactionId, isOwn: false };
}

/** Finds the payment of this transaction among all of a document. */
export function refundedPayment(
  document: OrderDocument,
  transactionId: string,
): RefundablePayment | undefined {
  const main = mainPaymentOf(document);
  if (main?.transactionId === transactionId) return main;
  const second = document.secondPayments?.find((each) => each.transactionId === transactionId);
  return second && { ...second, isOwn: false };
}

/** Lists the refunds of an order's own payment, which count in its sum. */
export function ownRefunds(document: OrderDocument): Refund[] {
  return refundsOf(document.refunds, mainPaymentOf(document)?.transactionId ?? '');
}

/** Leaves out what is not known. */
function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
