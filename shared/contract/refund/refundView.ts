import type { Refund, RefundState } from '../../domain/order/refund.ts';

/** A refund as callers see it; `refundStatus` is WeChat's name of our `state`. */
export interface RefundView {
  outRefundNo: string;
  refundFee: number;
  state: RefundState;
  refundStatus: 'PROCESSING' | 'SUCCESS' | 'CLOSED' | 'ABNORMAL';
  origin: Refund['origin'];
  /** The payment that it is of, where that is not the order's own: a second one, or one that differs. */
  transactionId?: string;
  /** 微信支付退款单号. */
  refundId?: string;
  refundDesc?: string;
  /** 退款成功时间, `yyyyMMddHHmmss` in Beijing time. */
  successTime?: string;
  /** Why WeChat refused it for good. */
  refusedReason?: string;
  /** WeChat's last code why it did not take it yet, as `NOT_ENOUGH`. */
  lastErrorCode?: string;
}
