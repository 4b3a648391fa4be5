import { payCallback } from '../../shared/contract/notice/payCallback.ts';
import { endpoint } from '../../shared/runtime/endpoint.ts';
import { receiveNotification } from '../../shared/usecases/notice/receiveNotification.ts';

/** 支付结果通知: receives WeChat Pay's notification that an order was paid. */
export const main = endpoint(payCallback, receiveNotification);
