import type { Json } from '../wire/fields.ts';
import { MalformedRequestError } from './errors.ts';
import { existingOrder, namesOrder, orderNamed } from './existingOrder.ts';
import {
  COMMON_RULES,
  check,
  type MethodDeps,
  type MethodRequest,
  ORDER_NUMBER_RULES,
  type Shape,
} from './request.ts';
import { orderFields } from './wire.ts';

const SHAPE: Shape = { required: COMMON_RULES, optional: ORDER_NUMBER_RULES };

/** Answers an order (查询订单), by WeChat's number where both are given. */
export function queryOrder({ orders }: MethodDeps, request: MethodRequest): Json {
  check(request, SHAPE);
  const { mchid, json } = request;
  if (!namesOrder(json)) throw new MalformedRequestError('transaction_id和out_trade_no须填其一');
  return orderFields(existingOrder(orderNamed(orders, mchid, json)));
}
