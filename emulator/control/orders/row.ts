import type { AnswerOf } from '../api/controlApi.ts';
import { receiptOf, type StoredOrder, type StoredRefund } from './stored.ts';

/** An order in brief, as tables show it. */
export type OrderRow = AnswerOf<'GET /_local/orders'>['orders'][number];

const UNDER_WAY = ['requested', 'processing', 'abnormal', 'unverified'];

/** Makes the lines of orders, each once: a document is never changed, another takes its place. */
export function createRows(): (
  orders: readonly StoredOrder[],
  fulfilled: ReadonlySet<string>,
) => OrderRow[] {
  const made = new WeakMap<StoredOrder, { row: OrderRow; isFulfilled: boolean }>();
  return (orders, fulfilled) =>
    orders.map((stored) => {
      const isFulfilled = fulfilled.has(stored._id);
      const known = made.get(stored);
      if (known?.isFulfilled === isFulfilled) return known.row;
      const row = rowOf(stored, fulfilled);
      made.set(stored, { row, isFulfilled });
      return row;
    });
}

/** Makes an order's line: where it stands, its money, what is due next. */
export function rowOf(stored: StoredOrder, fulfilled: ReadonlySet<string>): OrderRow {
  const { order } = stored;
  const receipt = receiptOf(stored);
  const paidFee = receipt && (order.acceptedPayment?.totalFee ?? order.totalFee);
  const ofPayment = refundsOfPayment(stored);
  return withoutAbsent({
    outTradeNo: stored._id,
    standing: standingOf(stored, paidFee ?? 0),
    body: order.body ?? '',
    openid: order.openid ?? '',
    totalFee: order.totalFee ?? 0,
    paidFee,
    refundedFee: sumOf(ofPayment, (state) => state === 'success'),
    refundingFee: sumOf(ofPayment, (state) => UNDER_WAY.includes(state)),
    createdAt: order.createdAt?.toISOString(),
    paidAt: receipt?.paidAt.toISOString(),
    confirmedBy: receipt?.confirmedBy,
    expiresAt: order.expiresAt?.toISOString(),
    checkAt: stored.checkAt?.toISOString(),
    deliveryAt: stored.deliveryAt?.toISOString(),
    delivery: fulfilled.has(stored._id) ? 'fulfilled' : deliveryOf(stored),
  });
}

/** Refunds of the order's own payment; those of a second one are no part of its sum. */
function refundsOfPayment(stored: StoredOrder): readonly StoredRefund[] {
  const paid = receiptOf(stored)?.transactionId;
  return (stored.order.refunds ?? []).filter(
    ({ transactionId }) => transactionId === undefined || transactionId === paid,
  );
}

function sumOf(refunds: readonly StoredRefund[], isIn: (state: string) => boolean): number {
  return refunds
    .filter(({ status }) => isIn(status.state))
    .reduce((sum, { refundFee }) => sum + refundFee, 0);
}

function standingOf(stored: StoredOrder, paidFee: number): OrderRow['standing'] {
  if (stored.order.quarantine) return 'quarantined';
  if (stored.state !== 'paid') return stored.state as OrderRow['standing'];
  const refunds = refundsOfPayment(stored);
  if (sumOf(refunds, (state) => UNDER_WAY.includes(state)) > 0) return 'refunding';
  const refunded = sumOf(refunds, (state) => state === 'success');
  if (refunded === 0) return 'paid';
  return refunded >= paidFee ? 'refunded' : 'partly_refunded';
}

/** How far the merchant's function is with the payment. */
function deliveryOf({ order }: StoredOrder): OrderRow['delivery'] {
  const paid = (order.events ?? []).find(
    ({ type }) => type === 'order.paid' || type === 'order.paid_after_close',
  );
  if (!paid) return 'none';
  return (paid.deliveries?.function?.state ?? 'waiting') as OrderRow['delivery'];
}

/** Leaves out the fields that are undefined. */
function withoutAbsent<T extends object>(fields: T): OrderRow {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as OrderRow;
}
