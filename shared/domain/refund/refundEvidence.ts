import type { Fen } from '../money.ts';
import type { Via } from '../order/evidence.ts';

/** WeChat's statuses of a refund, verbatim (退款状态). Source: D4012791863. */
export const REFUND_STATUSES = ['PROCESSING', 'SUCCESS', 'CLOSED', 'ABNORMAL'] as const;

export type WeChatRefundStatus = (typeof REFUND_STATUSES)[number];

/** Something verified that WeChat answered or notified about a refund. */
export interface RefundEvidence {
  kind: 'processing' | 'success' | 'closed' | 'abnormal' | 'unknown';
  via: Via;
  /** WeChat's status, as it came; one that we do not know where `kind` is `unknown`. */
  refundStatus: string;
  outTradeNo: string;
  transactionId: string;
  outRefundNo: string;
  /** 微信支付退款单号. */
  refundId: string;
  refundFee: Fen;
  /** 原订单金额. */
  totalFee: Fen;
  /** Absent where WeChat leaves it out: notifications name the merchant, answers the currency. */
  currency?: string;
  mchid?: string;
  spMchid?: string;
  createdAt?: Date;
  succeededAt?: Date;
}

/** WeChat does not know the number: the request for it was not accepted. */
export interface RefundNotFound {
  kind: 'not_found';
  outRefundNo: string;
}

/** WeChat knows the number and does not answer the status of the refund: cloud pay tells no more. */
export interface RefundStatusUnknown {
  kind: 'status_unknown';
  outRefundNo: string;
}

/** Maps each status to what it is evidence of; total, so that a new one is a type error here. */
export const MEANING_OF_REFUND_STATUS: Record<WeChatRefundStatus, RefundEvidence['kind']> = {
  PROCESSING: 'processing',
  SUCCESS: 'success',
  CLOSED: 'closed',
  ABNORMAL: 'abnormal',
};
