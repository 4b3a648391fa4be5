import type { Link } from '../domain/limits.ts';
import type { Evidence } from '../domain/order/evidence.ts';
import type { Order, PaymentParams, Prepay, Terms } from '../domain/order/order.ts';
import type { AbnormalRefundTarget, Refund } from '../domain/order/refund.ts';
import type {
  RefundEvidence,
  RefundNotFound,
  RefundStatusUnknown,
} from '../domain/refund/refundEvidence.ts';
import type { PaymentToRefund } from '../domain/refund/refundedPayment.ts';
import type { Retry } from '../domain/retry.ts';

/** A call to WeChat Pay that failed; `code` is WeChat's, or ours in the same form. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: string;
  readonly retry: Retry;
  /** WeChat's `Request-ID`, for its support. */
  readonly requestId?: string;
  /** How long to wait at least before the same request, where WeChat says. */
  readonly retryAfterMs?: number;
  /** The refusal concerns our keys or our clock, whatever its code. */
  readonly isOurs?: boolean;
  constructor(
    code: string,
    retry: Retry,
    message: string,
    more: {
      requestId?: string | undefined;
      retryAfterMs?: number | undefined;
      isOurs?: boolean | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: more.cause });
    this.code = code;
    this.retry = retry;
    if (more.requestId !== undefined) this.requestId = more.requestId;
    if (more.retryAfterMs !== undefined) this.retryAfterMs = more.retryAfterMs;
    if (more.isOurs !== undefined) this.isOurs = more.isOurs;
  }
}

/** One request to WeChat Pay, as the log names it: our word for it, the order that it is about, and its trace. */
export interface WeChatCall {
  operation: string;
  outTradeNo?: string | undefined;
  traceId?: string | undefined;
}

/** The end of a request: of an answer its HTTP status and `Request-ID`, which cloud pay lacks; of a failure its code. */
export interface WeChatCallEnd {
  status?: number | undefined;
  requestId?: string | undefined;
  errCode?: string | undefined;
}

/** Watches the requests of one invocation to WeChat Pay: how many there are, and how each ends. */
export interface CallWatch {
  /** Throws `CALLS_SPENT` where the invocation has sent as many as it may. */
  check(): void;
  /** Counts a request as it is sent; what it returns takes its end. */
  begin(call: WeChatCall): (end: WeChatCallEnd) => void;
}

/** Names a trade bill (交易账单); `billDate` is a day in Beijing, `2026-11-23`. */
export interface TradeBillQuery {
  billDate: string;
  billType: 'ALL' | 'SUCCESS' | 'REFUND' | 'RECHARGE_REFUND';
  tarType?: 'GZIP';
}

/** Names a fund-flow bill (资金账单): of the basic, operation or fees account (资金账户类型). */
export interface FundFlowQuery {
  billDate: string;
  billType: 'FUNDFLOW';
  accountType: 'BASIC' | 'OPERATION' | 'FEES';
  tarType?: 'GZIP';
}

/** Names a bill. */
export type BillQuery = TradeBillQuery | FundFlowQuery;

/** A bill whose hash was checked, compressed where `tarType` asked so, or that it is larger than allowed. */
export type Bill =
  | { kind: 'bill'; csv: Buffer }
  | { kind: 'gzip'; file: Buffer }
  | { kind: 'too_large' };

/** Names an order to WeChat. */
export type OrderIds = Pick<Order, 'outTradeNo' | 'mchid' | 'spMchid' | 'traceId'>;

/** The merchant's and WeChat's number of one refund (商户退款单号、微信支付退款单号). */
export interface RefundNumbers {
  outRefundNo: string;
  refundId: string;
}

/** One link to WeChat Pay. Every method may throw a {@link GatewayError}, and none uses `this`. */
export interface Gateway {
  /** Makes the request that places an order; stored in the order, sent byte for byte at each attempt. */
  freezeOrder(terms: Terms): string;
  /** 统一下单: sends the frozen request; equal requests re-enter and get a fresh prepay id. */
  requestPrepay(order: Order, timeoutMs: number): Promise<Prepay>;
  /** 调起支付: makes the payment params of what was kept, signed now where we sign. */
  paymentOf(order: Order, prepay: Prepay): PaymentParams;
  /**
   * How long what was kept may be handed out again; 0 while another key pair waits (换证), since only a
   * request shows which of both WeChat takes.
   */
  prepayFreshMs(): number;
  /** 查询订单, as the merchant that the order names. */
  queryOrder(order: OrderIds, timeoutMs: number): Promise<Evidence>;
  /** 查询订单 by WeChat's own number (微信支付订单号), as the configured merchant. */
  queryByTransactionId(transactionId: string, timeoutMs: number): Promise<Evidence>;
  /** 关闭订单; resolves only when WeChat confirmed that it is closed, now or before. */
  closeOrder(order: Order, timeoutMs: number): Promise<void>;
  /** Makes the request for a refund of a payment; stored, and sent byte for byte at each attempt. */
  freezeRefund(
    payment: PaymentToRefund,
    request: Pick<Refund, 'outRefundNo' | 'refundFee' | 'reason'>,
  ): string;
  /** 申请退款: sends the frozen request; equal requests are one refund. */
  refund(payment: PaymentToRefund, refund: Refund, timeoutMs: number): Promise<RefundEvidence>;
  /** 查询单笔退款, as the merchant that the order names. */
  queryRefund(
    order: OrderIds,
    outRefundNo: string,
    timeoutMs: number,
  ): Promise<RefundEvidence | RefundNotFound | RefundStatusUnknown>;
  /** 发起异常退款: has an abnormal refund paid to another account; a repeat changes nothing. */
  applyAbnormalRefund(
    order: Order,
    refund: RefundNumbers,
    target: AbnormalRefundTarget,
    timeoutMs: number,
  ): Promise<RefundEvidence>;
  /** 申请交易账单 or 申请资金账单 and its download, hash checked over the decompressed bytes. */
  downloadBill(query: BillQuery, bytesMax: number, timeoutMs: number): Promise<Bill>;
}

/** Finds the link that an order was placed through; throws `LINK_NOT_CONFIGURED` when it is gone. */
export type GatewayOf = (link: Link) => Gateway;

/** A notification as it came in over HTTP: header names in lower case, the body's raw bytes. */
export interface RawNotification {
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

/** A notification, once it was verified and read. */
export type Notification =
  | { kind: 'payment'; notificationId: string; eventType: string; evidence: Evidence }
  | { kind: 'refund'; notificationId: string; eventType: string; evidence: RefundEvidence }
  /** Authentic, of a kind that no callback accepts. */
  | { kind: 'other'; notificationId: string; eventType: string }
  /** Not authentic, or not readable: `reason` names the first check that failed. */
  | { kind: 'refused'; status: 400 | 401 | 500; reason: string; probe: boolean };

/** Verifies, opens and reads notifications (回调); never rejects. */
export type NotificationVerifier = (raw: RawNotification, now: Date) => Promise<Notification>;
