import { closeOrder as contract } from '../../shared/contract/order/closeOrder.ts';
import { endpoint } from '../../shared/runtime/endpoint.ts';
import { closeOrder } from '../../shared/usecases/order/closeOrder.ts';

/** 关闭订单: closes an unpaid order at WeChat and then here; one that was paid stays paid. */
export const main = endpoint(contract, closeOrder);
