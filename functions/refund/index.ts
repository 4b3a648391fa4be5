import { refund } from '../../shared/contract/refund/refund.ts';
import { endpoint } from '../../shared/runtime/endpoint.ts';
import { refundOrder } from '../../shared/usecases/refund/refundOrder.ts';

/** 申请退款: refunds a paid order or a part of it; the same number is the same refund. */
export const main = endpoint(refund, refundOrder);
