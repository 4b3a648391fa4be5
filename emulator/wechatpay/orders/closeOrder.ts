import { RefusalError } from '../errors.ts';
import { check, parse, textOf } from '../wire/fields.ts';
import type { MerchantMode } from '../wire/merchantMode.ts';
import type { OperationAnswer, OperationRequest } from '../wire/operation.ts';
import { existingOrder } from './existingOrder.ts';
import { isPaid, type OrderLedger } from './ledger.ts';

/**
 * Answers a close (关闭订单): 204 without a body, also when the order was closed before; ORDERPAID
 * (400) when it was paid, ORDER_NOT_EXIST (404) when the merchant has none of that number. Source:
 * D4012791860.
 */
export function closeOrder(
  orders: OrderLedger,
  mode: MerchantMode,
  request: OperationRequest,
): OperationAnswer {
  const required = { [mode.signer]: textOf(1, 32), [mode.mchid]: textOf(1, 32) };
  check(parse(request.body), { required });
  const order = existingOrder(request, orders.find(request.mchid, request.pathPart));
  if (isPaid(order)) throw new RefusalError('ORDERPAID');
  orders.save({ ...order, state: 'CLOSED' });
  return {};
}
