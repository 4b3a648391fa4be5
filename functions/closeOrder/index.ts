import { closeOrder as contract } from '../../shared/contract/order/closeOrder.ts';
import { endpoint } from '../../shared/runtime/endpoint.ts';
import { closeOrder } from '../../shared/usecases/order/closeOrder.ts';

/** 关闭订单: closes an unpaid order at WeChat and then here; a payment that arrived is applied instead. */
export const main = endpoint(contract, closeOrder);
