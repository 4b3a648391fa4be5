import type { Refusal } from '../../contract/answer.ts';
import { refuse } from '../../contract/refusals.ts';
import type { Order } from '../../domain/order/order.ts';
import type { OrderStore } from '../../ports/store.ts';
import type { Invocation } from '../step/deps.ts';
import { isVisible } from './visibleOrder.ts';

/** How a caller may name an order. */
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
  const { outTradeNo, transactionId, outRefundNo } = named;
  const kept =
    outTradeNo !== undefined
      ? await store.get(outTradeNo)
      : transactionId !== undefined
        ? await store.find({ transactionId })
        : outRefundNo !== undefined
          ? await store.find({ outRefundNo })
          : undefined;
  invocation.log.add({ outTradeNo: kept?.outTradeNo ?? outTradeNo ?? '' });
  if (kept && isVisible(kept, invocation)) return disagreement(kept, transactionId) ?? kept;
  return refuse((outTradeNo ?? transactionId) ? 'ORDER_NOT_EXIST' : 'REFUND_NOT_EXIST');
}

function disagreement({ status }: Order, transactionId?: string): Refusal | undefined {
  if (transactionId === undefined || status.state !== 'paid') return undefined;
  if (status.receipt.transactionId === transactionId) return undefined;
  const why = '与订单的支付单号不同 (differs from the payment of the order)';
  return refuse('PARAM_ERROR', { field: 'transactionId', why });
}
