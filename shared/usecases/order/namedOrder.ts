import type { Refusal } from '../../contract/answer.ts';
import { refuse } from '../../contract/refusals.ts';
import type { Order, OrderDocument } from '../../domain/order/order.ts';
import { refundedPayment } from '../../domain/refund/refundedPayment.ts';
import type { OrderStore } from '../../ports/store.ts';
import type { Invocation } from '../step/deps.ts';
import { orderFields } from '../step/trace.ts';
import { isVisible } from './visibleOrder.ts';

/** The numbers by which a caller may name an order. */
interface Named {
  outTradeNo?: string | undefined;
  transactionId?: string | undefined;
  outRefundNo?: string | undefined;
}

/**
 * Finds the order that a caller names by its number, its payment's, or that of one of its refunds;
 * the first given counts, and a transaction id beside an order number must agree.
 */
export async function namedOrder(
  named: Named,
  store: OrderStore,
  invocation: Invocation,
): Promise<Order | Refusal> {
  const { outTradeNo, transactionId } = named;
  const stored = await findNamed(named, store);
  invocation.log.add(stored ? orderFields(stored) : { outTradeNo: outTradeNo ?? '' });
  if (stored && isVisible(stored, invocation)) return disagreement(stored, transactionId) ?? stored;
  return refuse((outTradeNo ?? transactionId) ? 'ORDER_NOT_EXIST' : 'REFUND_NOT_EXIST');
}

/** Finds by the first name that is given. */
async function findNamed(
  { outTradeNo, transactionId, outRefundNo }: Named,
  store: OrderStore,
): Promise<OrderDocument | undefined> {
  if (outTradeNo !== undefined) return store.get(outTradeNo);
  if (transactionId !== undefined) return store.find({ transactionId });
  return outRefundNo === undefined ? undefined : store.find({ outRefundNo });
}

/** Refuses the id of another order's payment; each payment of an order names it. */
function disagreement(order: Order, transactionId?: string): Refusal | undefined {
  if (transactionId === undefined || order.status.state !== 'paid') return undefined;
  if (refundedPayment(order, transactionId)) return undefined;
  const why = '与订单的支付单号不同 (differs from the payment of the order)';
  return refuse('PARAM_ERROR', { field: 'transactionId', why });
}
