import { type LedgerOrder, type OrderLedger, onLink } from '../orders/ledger.ts';
import type { Json } from '../wire/fields.ts';
import { BusinessRefusalError } from './errors.ts';
import { text } from './request.ts';

/** Passes on an order that exists on CloudPay; throws ORDERNOTEXIST for any other. */
export function existingOrder(found: LedgerOrder | undefined): LedgerOrder {
  const order = onLink('cloudPay', found);
  if (!order) throw new BusinessRefusalError('ORDERNOTEXIST', '此交易订单号不存在');
  return order;
}

/** Finds the order of a request, by WeChat's number where both are given. */
export function orderNamed(
  orders: OrderLedger,
  mchid: string,
  json: Json,
): LedgerOrder | undefined {
  const transactionId = text(json, 'transaction_id');
  if (transactionId !== undefined) return orders.findTransaction(mchid, transactionId);
  return orders.find(mchid, text(json, 'out_trade_no') ?? '');
}

/** Tells whether a request names an order by either number. */
export function namesOrder(json: Json): boolean {
  return text(json, 'transaction_id') !== undefined || text(json, 'out_trade_no') !== undefined;
}
