/**
 * Types of the client. They stand alone, since they are published as they are; `tests/client/types.test.ts` holds that
 * they are those of `shared/contract`.
 */

/** Tells what may follow a failure: nothing, the same request, a query first. */
export type Retry = 'never' | 'same_request' | 'query_first';

/** The arguments of `wx.requestPayment`. */
export interface PaymentParams {
  appId: string;
  timeStamp: string;
  nonceStr: string;
  package: string;
  /** As `package`; pages made with WeDa go by this name. */
  packageVal: string;
  signType: 'RSA' | 'MD5';
  paySign: string;
}

/** An order, as a phone may ask for it; which fields count, the price source (WXPAY_PRICE_SOURCE) decides. */
export interface Order {
  /** For the merchant's quote function: goods, count, and `purchaseId`, by which a purchase is paid once. */
  request?: unknown;
  /** The price in fen that the payer was shown. */
  totalFee?: number;
  /** 商户订单号; beside a `request` only of an order that is there: the server draws the number of a new one. */
  outTradeNo?: string;
  /** 商品描述. */
  body?: string;
  /** 商户数据包. */
  attach?: string;
  /** 交易结束时间, `yyyyMMddHHmmss` in Beijing time. */
  timeExpire?: string;
}

/** A payable order. */
export interface UnifiedOrderAnswer {
  outTradeNo: string;
  payment: PaymentParams;
  prepayId: string;
  nonceStr: string;
  tradeType: 'JSAPI';
  appid: string;
  mchId: string;
  totalFee: number;
  timeExpire: string;
}

/** An order as the server has it. */
export interface QueryOrderAnswer {
  outTradeNo: string;
  state: 'created' | 'paying' | 'paid' | 'closed';
  tradeState: 'SUCCESS' | 'REFUND' | 'NOTPAY' | 'CLOSED';
  tradeType: 'JSAPI';
  appid: string;
  mchId: string;
  totalFee: number;
  paidFee?: number;
  body: string;
  attach?: string;
  timeExpire: string;
  transactionId?: string;
  timeEnd?: string;
  confirmedBy?: 'callback' | 'query';
  closedReason?: string;
  quarantined?: true;
  refundedExternally?: true;
}

/** A closed order. */
export interface CloseOrderAnswer {
  outTradeNo: string;
  state: 'closed';
  appid: string;
  mchId: string;
}

/** A refund of an order. */
export interface RefundView {
  outRefundNo: string;
  refundFee: number;
  state: 'requested' | 'processing' | 'success' | 'closed' | 'abnormal' | 'unverified' | 'refused';
  refundStatus: 'PROCESSING' | 'SUCCESS' | 'CLOSED' | 'ABNORMAL';
  origin: 'ours' | 'external';
  transactionId?: string;
  refundId?: string;
  refundDesc?: string;
  successTime?: string;
  refusedReason?: string;
  lastErrorCode?: string;
}

/** The refunds of an order. */
export interface QueryRefundAnswer {
  outTradeNo: string;
  transactionId?: string;
  appid: string;
  mchId: string;
  totalFee: number;
  refundedFee: number;
  refundedExternally?: true;
  refundCount: number;
  refunds: RefundView[];
}

/** Names an order by one of its two numbers. */
export interface OrderNumbers {
  outTradeNo?: string;
  transactionId?: string;
}

/** Names the refunds of an order, or one of them. */
export interface RefundNumbers extends OrderNumbers {
  outRefundNo?: string;
}

/** A refusal of the server, or a failure of the platform in the same form: `errCode` is then its number, as `-404011`. */
export interface Refusal {
  errCode: string;
  errMsg: string;
  returnCode?: 'SUCCESS' | 'FAIL';
  resultCode?: 'SUCCESS' | 'FAIL';
  requestId?: string;
  errCodeDes?: string;
  advice?: Retry;
  field?: string;
  /** Of a platform's failure: what the host gave. */
  raw?: unknown;
  [detail: string]: unknown;
}

/** A good answer has `errCode` 0. */
export type Answer<T> = (T & { errCode: 0; errMsg: string; requestId: string }) | Refusal;

/** How a payment ended. */
export interface Outcome {
  /**
   * `paid`: the server says so. `cancelled`: the payer did, and the server says that nothing was paid. `failed`: nothing was
   * paid. `unknown`: it may have been paid; `resume` finds out, and another `pay` of the same order is safe.
   */
  status: 'paid' | 'cancelled' | 'failed' | 'unknown';
  /** For the payer, in Chinese. */
  text: string;
  /** Absent where no order was placed. */
  outTradeNo?: string;
  /** Code of the refusal or of the platform; absent where there is none. */
  code?: string;
  /** The order as the server had it last. */
  order?: QueryOrderAnswer;
  /** The last answer that decided: of `wx.requestPayment`, of the function, or of the platform. */
  raw: unknown;
}

/** Callbacks that a host may call, beside a promise that it may return. */
export interface Callbacks {
  success(value: unknown): void;
  fail(error: unknown): void;
  complete(value: unknown): void;
}

/** Gives the client what it needs of the mini program; each defaults to that of `wx`. */
export interface Host {
  callFunction?(options: { name: string; data: object } & Callbacks): unknown;
  requestPayment?(options: PaymentParams & Callbacks): unknown;
  /** Keeps orders whose payment is not certain over restarts. */
  storage?: {
    getStorageSync(key: string): unknown;
    setStorageSync(key: string, value: unknown): unknown;
  };
  setTimeout?(run: () => void, ms: number): unknown;
}

/** Pays and asks. No method rejects. */
export interface PayClient {
  /** Places the order, opens the cashier, and asks the server how it ended. A second tap gets the same promise. */
  pay(order: Order): Promise<Outcome>;
  /** Finds out about payments that were left open, to be called in `onShow` of the app. */
  resume(report: (outcome: Outcome) => void): Promise<void>;
  queryOrder(numbers: OrderNumbers): Promise<Answer<QueryOrderAnswer>>;
  closeOrder(numbers: { outTradeNo: string }): Promise<Answer<CloseOrderAnswer>>;
  queryRefund(numbers: RefundNumbers): Promise<Answer<QueryRefundAnswer>>;
}

/** Makes a client, one for the whole app. */
export type CreatePayClient = (host?: Host) => PayClient;
