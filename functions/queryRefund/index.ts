import { queryRefund as contract } from '../../shared/contract/refund/queryRefund.ts';
import { endpoint } from '../../shared/runtime/endpoint.ts';
import { queryRefund } from '../../shared/usecases/refund/queryRefund.ts';

/** 查询退款: answers what is known of an order's refunds; WeChat is queried while one is not final. */
export const main = endpoint(contract, queryRefund);
