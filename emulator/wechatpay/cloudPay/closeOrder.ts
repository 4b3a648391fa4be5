import { isPaid } from '../orders/ledger.ts';
import type { Json } from '../wire/fields.ts';
import { BusinessRefusalError } from './errors.ts';
import { existingOrder } from './existingOrder.ts';
import {
  COMMON_RULES,
  check,
  type MethodDeps,
  type MethodRequest,
  outTradeNoRule,
  type Shape,
} from './request.ts';

/** Not within five minutes of placing it. Source: Cloud.CloudPay.closeOrder. */
const CLOSABLE_AFTER_MS = 5 * 60_000;

const SHAPE: Shape = {
  required: { ...COMMON_RULES, out_trade_no: outTradeNoRule },
  optional: {},
};

/**
 * Answers a close (关闭订单): SUCCESS without more; ORDERPAID when it was paid, ORDERCLOSED when it was
 * closed before, INVALID_REQUEST within five minutes of its placing, ORDERNOTEXIST when there is
 * none.
 */
export function closeOrder({ world, orders }: MethodDeps, request: MethodRequest): Json {
  check(request, SHAPE);
  const { mchid, json } = request;
  const order = existingOrder(orders.find(mchid, String(json.out_trade_no)));
  if (isPaid(order)) throw new BusinessRefusalError('ORDERPAID');
  if (order.state === 'CLOSED')
    throw new BusinessRefusalError('ORDERCLOSED', '订单已关闭，无法重复关闭');
  if (world.clock.nowMs() < order.createdAtMs + CLOSABLE_AFTER_MS)
    throw new BusinessRefusalError(
      'INVALID_REQUEST',
      '订单生成后不能马上调用关单接口，最短调用时间间隔为5分钟',
    );
  orders.save({ ...order, state: 'CLOSED' });
  return {};
}
