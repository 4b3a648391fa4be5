import { refundCallback } from '../../shared/contract/refundCallback.ts';
import { endpoint } from '../../shared/runtime/endpoint.ts';
import { receiveRefundNotification } from '../../shared/usecases/receiveRefundNotification.ts';

/** 退款结果通知: what WeChat Pay calls when a refund has come to an end. */
export const main = endpoint(refundCallback, receiveRefundNotification);
