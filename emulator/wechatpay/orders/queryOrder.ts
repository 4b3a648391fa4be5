import type { OperationAnswer, OperationRequest } from '../wire/operation.ts';
import { existingOrder } from './existingOrder.ts';
import type { OrderLedger } from './ledger.ts';
import { orderJson } from './wire.ts';

/** Answers an order by the merchant's number (商户订单号查询订单). */
export function queryOrder(orders: OrderLedger, request: OperationRequest): OperationAnswer {
  const found = orders.find(request.mchid, request.pathPart);
  return { json: orderJson(existingOrder(request, found)) };
}

/** Answers an order by WeChat's number (微信支付订单号查询订单). */
export function queryOrderById(orders: OrderLedger, request: OperationRequest): OperationAnswer {
  const found = orders.findTransaction(request.mchid, request.pathPart);
  return { json: orderJson(existingOrder(request, found)) };
}
