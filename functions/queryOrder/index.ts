import { queryOrder as contract } from '../../shared/contract/order/queryOrder.ts';
import { endpoint } from '../../shared/runtime/endpoint.ts';
import { queryOrder } from '../../shared/usecases/order/queryOrder.ts';

/** 查询订单: answers what is known of an order; WeChat is queried while it is not final. */
export const main = endpoint(contract, queryOrder);
