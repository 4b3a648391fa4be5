import type { CallerKind, FunctionName, SampleName } from '../callers.ts';
import type { RefusalCode } from '../refusals.ts';
import { type Meaning, mean } from './meaning.ts';

/** Names a function, and explains what it does. */
interface FunctionMeaning {
  title: Meaning;
  purpose: Meaning;
}

/** Explains each function. */
export const functionMeanings: Record<FunctionName, FunctionMeaning> = {
  unifiedOrder: {
    title: mean('统一下单', 'Place an order'),
    purpose: mean(
      '下单并给出 wx.requestPayment 的参数；同一单号重复调用得到同一订单',
      'places an order and hands out the arguments of wx.requestPayment; the same number is the same order',
    ),
  },
  queryOrder: {
    title: mean('查询订单', 'Query an order'),
    purpose: mean(
      '查询订单；未定时向微信查询并记录结论',
      'answers how an order stands, asking WeChat while that is open',
    ),
  },
  closeOrder: {
    title: mean('关闭订单', 'Close an order'),
    purpose: mean(
      '在微信关闭未支付的订单；已支付的照实记录',
      'closes an unpaid order at WeChat; one that was paid is recorded as paid',
    ),
  },
  refund: {
    title: mean('申请退款', 'Refund'),
    purpose: mean(
      '退款，可部分、可多次；加 abnormal 处理异常退款',
      'refunds a part or the whole; with abnormal it redirects an abnormal refund',
    ),
  },
  queryRefund: {
    title: mean('查询退款', 'Query refunds'),
    purpose: mean('查询一笔或全部退款', 'answers one refund of an order, or all'),
  },
  listAttention: {
    title: mean('待处理的事', 'What needs a person'),
    purpose: mean('列出需要人工决定的事', 'lists what a person has to decide'),
  },
  decideOrder: {
    title: mean('人工决定', 'Decide'),
    purpose: mean(
      '对一件待处理的事作出决定，并记入订单',
      'decides about one of them, and keeps why',
    ),
  },
  downloadBill: {
    title: mean('下载账单', 'Download a bill'),
    purpose: mean('下载交易账单或资金账单', 'answers a trade bill or a fund-flow bill'),
  },
  payCallback: {
    title: mean('支付结果通知', 'Notification of a payment'),
    purpose: mean('微信通知支付结果的地址', 'where WeChat tells of payments'),
  },
  refundCallback: {
    title: mean('退款结果通知', 'Notification of a refund'),
    purpose: mean('微信通知退款结果的地址', 'where WeChat tells of refunds'),
  },
  closeStaleOrders: {
    title: mean('定时关单、补单', 'Check orders by a timer'),
    purpose: mean(
      '每分钟查询到期的订单与退款，关闭过期的订单',
      'asks each minute about what is due, and closes what has expired',
    ),
  },
  deliverEvents: {
    title: mean('通知商户', 'Tell the merchant'),
    purpose: mean(
      '把事件投递给商户的函数或地址，直到收到',
      'delivers events to the merchant’s function or address, until they are taken',
    ),
  },
};

/** Explains each sample, which the merchant edits. */
export const sampleMeanings: Record<SampleName, FunctionMeaning> = {
  quoteOrder: {
    title: mean('询价（示例）', 'Quote (sample)'),
    purpose: mean('按商品给出价格，下单时调用', 'names the price of what is bought, at each order'),
  },
  fulfilOrder: {
    title: mean('履约（示例）', 'Fulfil (sample)'),
    purpose: mean('收到支付、退款等事件后履约', 'fulfils what was paid, as events arrive'),
  },
};

/** Who each kind of caller is, in a word. */
export const callerMeanings: Record<CallerKind, Meaning> = {
  user: mean('小程序用户', 'user'),
  admin: mean('管理员', 'admin'),
  service: mean('服务端', 'server'),
  timer: mean('定时器', 'timer'),
  self: mean('函数自己', 'itself'),
  backend: mean('本后端', 'this backend'),
  wechat: mean('云支付', 'CloudPay'),
  http: mean('微信支付（HTTP）', 'WeChat Pay (HTTP)'),
  other: mean('其他', 'other'),
};

const EVERY_CALL = [
  'PARAM_ERROR',
  'CALLER_REFUSED',
  'SERVICE_SIGNATURE',
  'STORE_UNAVAILABLE',
  'DEADLINE',
  'INTERNAL_ERROR',
] as const satisfies RefusalCode[];

const OF_ONE_ORDER = ['ORDER_NOT_EXIST', 'DOCUMENT_UNREADABLE'] as const satisfies RefusalCode[];

const OF_A_REFUND = [
  ...OF_ONE_ORDER,
  'OUT_REFUND_NO_USED',
  'REFUND_NO_CLOSED',
  'REFUND_EXCEEDS_PAID',
  'REFUND_TOO_MANY',
  'REFUND_TOO_SOON',
  'REFUND_REFUSED_TOO_OFTEN',
  'REFUND_OVERDUE',
  'REFUND_PLACING',
  'REFUND_SCHEDULED',
  'REFUND_MISMATCH',
  'PAYMENT_NOT_EXIST',
  'PAYMENT_COUNTS',
  'PAYMENT_FEE_UNKNOWN',
  'ORDER_NOT_PAID',
] as const satisfies RefusalCode[];

/** Our own refusals that a caller of each function may meet; codes of WeChat's pass through besides. */
export const refusalsOf: Record<FunctionName, readonly RefusalCode[]> = {
  unifiedOrder: [
    ...EVERY_CALL,
    'PRICE_SOURCE_MISSING',
    'PRICE_CHANGED',
    'QUOTE_REFUSED',
    'QUOTE_TIMED_OUT',
    'QUOTE_FAILED',
    'QUOTE_MALFORMED',
    'QUOTE_UNVERIFIED',
    'PURCHASE_REPLACING',
    'PURCHASE_TOO_OFTEN',
    'OUT_TRADE_NO_USED',
    'ORDERPAID',
    'ORDERCLOSED',
    'ORDER_EXPIRED',
    'ORDER_QUARANTINED',
    'ORDER_PLACING',
    'TOO_MANY_ORDERS',
    'CLOSE_SCHEDULED',
    'DOCUMENT_UNREADABLE',
  ],
  queryOrder: [...EVERY_CALL, ...OF_ONE_ORDER],
  closeOrder: [...EVERY_CALL, ...OF_ONE_ORDER, 'ORDERPAID', 'ORDER_QUARANTINED', 'CLOSE_SCHEDULED'],
  refund: [
    ...EVERY_CALL,
    ...OF_A_REFUND,
    'ORDER_QUARANTINED',
    'REFUND_NOT_EXIST',
    'REFUND_NOT_ABNORMAL',
    'CLOUDPAY_NO_ABNORMAL_REFUND',
  ],
  queryRefund: [...EVERY_CALL, ...OF_ONE_ORDER, 'REFUND_NOT_EXIST'],
  listAttention: EVERY_CALL,
  decideOrder: [
    ...EVERY_CALL,
    ...OF_A_REFUND,
    'REFUND_NOT_EXIST',
    'EVENT_NOT_PARKED',
    'ATTENTION_NOT_EXIST',
    'REFUND_TAKEN',
    'REFUND_UNCERTAIN',
    'PAYMENT_NOT_QUARANTINED',
    'PAYMENT_REFUNDED',
  ],
  downloadBill: [...EVERY_CALL, 'BILL_TOO_LARGE'],
  payCallback: [],
  refundCallback: [],
  closeStaleOrders: ['CALLER_REFUSED'],
  deliverEvents: [...EVERY_CALL, ...OF_ONE_ORDER],
};
