import { refundCallback } from '../../shared/contract/notice/refundCallback.ts';
import { endpoint } from '../../shared/runtime/endpoint.ts';
import { receiveRefundNotification } from '../../shared/usecases/notice/receiveRefundNotification.ts';

/** 退款结果通知: receives WeChat Pay's notification that a refund has come to an end. */
export const main = endpoint(refundCallback, receiveRefundNotification);
