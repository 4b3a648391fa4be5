import type { DownloadBillInput } from '../../../shared/contract/bill/downloadBill.ts';
import type { FunctionName } from '../../../shared/contract/callers.ts';
import type { CloseOrderInput } from '../../../shared/contract/order/closeOrder.ts';
import type { QueryOrderInput } from '../../../shared/contract/order/queryOrder.ts';
import type { UnifiedOrderInput } from '../../../shared/contract/order/unifiedOrder.ts';
import type { QueryRefundInput } from '../../../shared/contract/refund/queryRefund.ts';
import type { RefundInput } from '../../../shared/contract/refund/refund.ts';
import type { Bilingual } from '../errorRows.ts';

/** How a method declares a field of its function: it must be filled in, may be left empty, or is not declared. */
export type Use = 'needed' | 'optional' | 'none';

/** Every field of a contract: one that is added does not compile until its use is decided. */
type Uses<T> = { [K in keyof T]-?: Use };

/** An API method of WeDa, by one of our functions. */
export interface WedaMethod {
  /** 标识, by which pages call it. */
  id: string;
  name: Bilingual;
  /** 意图. */
  intent: Bilingual;
  /** 实现方式. */
  kind: keyof typeof KINDS;
  function: FunctionName;
  role: keyof typeof ROLES;
  fields: Readonly<Record<string, Use>>;
  /** Typed in to try it. */
  sample: Readonly<Record<string, unknown>>;
}

/** Names the ways in which a method may be made and still reach our functions, as WeDa names them. */
export const KINDS = {
  function: { zh: '云开发云函数', en: 'function 「云开发云函数」' },
  code: { zh: '自定义代码', en: 'code 「自定义代码」' },
} as const satisfies Record<string, Bilingual>;

/** Names whom the page of roles allows a method. */
export const ROLES = {
  payers: { zh: '付款人', en: 'payers' },
  admins: { zh: '仅管理员', en: 'admins alone' },
} as const satisfies Record<string, Bilingual>;

const CREATE = { zh: '新增', en: 'create 「新增」' };
const ONE = { zh: '查询单条', en: 'query one 「查询单条」' };
const UPDATE = { zh: '更新', en: 'update 「更新」' };

const fixed = { subMchId: 'none', subAppid: 'none', nonceStr: 'none' } as const;
const callback = { functionName: 'none', envId: 'none' } as const;

/** Leaves out what the merchant's own function names, or the platform: an amount of a page decides nothing. */
const order: Uses<UnifiedOrderInput> = {
  request: 'needed',
  body: 'none',
  totalFee: 'none',
  purchaseId: 'none',
  outTradeNo: 'none',
  attach: 'none',
  timeExpire: 'none',
  openid: 'none',
  subOpenid: 'none',
  tradeType: 'none',
  feeType: 'none',
  spbillCreateIp: 'none',
  ...callback,
  ...fixed,
};
const query: Uses<QueryOrderInput> = {
  outTradeNo: 'needed',
  transactionId: 'none',
  openid: 'none',
  ...fixed,
};
const close: Uses<CloseOrderInput> = { outTradeNo: 'needed', openid: 'none', ...fixed };
const refund: Uses<RefundInput> = {
  outTradeNo: 'needed',
  transactionId: 'none',
  outRefundNo: 'needed',
  refundFee: 'needed',
  refundDesc: 'optional',
  totalFee: 'none',
  // Numbers of bank cards are no business of a page.
  abnormal: 'none',
  ...callback,
  ...fixed,
};
const queryRefund: Uses<QueryRefundInput> = {
  outTradeNo: 'needed',
  transactionId: 'none',
  outRefundNo: 'optional',
  openid: 'none',
  ...fixed,
};
const bill: Uses<DownloadBillInput> = {
  billDate: 'needed',
  billType: 'needed',
  accountType: 'optional',
  tarType: 'none',
  ...fixed,
};

/** Names the order by WeChat's number in place of the merchant's. */
const byTransaction = { outTradeNo: 'none', transactionId: 'needed' } as const;
const TRANSACTION = '4200002026120100000000000001';

/** Every method that the page has, in its order. */
export const wedaMethods: readonly WedaMethod[] = [
  {
    id: 'unifiedOrder',
    name: { zh: '下单', en: 'place an order' },
    intent: CREATE,
    kind: 'function',
    function: 'unifiedOrder',
    role: 'payers',
    fields: order,
    sample: { request: { productId: 'latte', count: 2, purchaseId: 'cart-7' } },
  },
  {
    id: 'queryOrder',
    name: { zh: '查询订单', en: 'query an order' },
    intent: ONE,
    kind: 'function',
    function: 'queryOrder',
    role: 'payers',
    fields: query,
    sample: { outTradeNo: 'WEDA20261201001' },
  },
  {
    id: 'queryOrderByTransactionId',
    name: { zh: '查询订单（微信支付订单号）', en: 'query an order by WeChat Pay’s number' },
    intent: ONE,
    kind: 'function',
    function: 'queryOrder',
    role: 'payers',
    fields: { ...query, ...byTransaction },
    sample: { transactionId: TRANSACTION },
  },
  {
    id: 'closeOrder',
    name: { zh: '关闭订单', en: 'close an order' },
    intent: UPDATE,
    kind: 'function',
    function: 'closeOrder',
    role: 'payers',
    fields: close,
    sample: { outTradeNo: 'WEDA20261201002' },
  },
  {
    id: 'refund',
    name: { zh: '申请退款', en: 'refund' },
    intent: CREATE,
    kind: 'code',
    function: 'refund',
    role: 'admins',
    fields: refund,
    sample: { outTradeNo: 'WEDA20261201001', outRefundNo: 'R001', refundFee: 990, refundDesc: '' },
  },
  {
    id: 'refundByTransactionId',
    name: { zh: '申请退款（微信支付订单号）', en: 'refund by WeChat Pay’s number' },
    intent: CREATE,
    kind: 'code',
    function: 'refund',
    role: 'admins',
    fields: { ...refund, ...byTransaction },
    sample: { transactionId: TRANSACTION, outRefundNo: 'R002', refundFee: 990, refundDesc: '' },
  },
  {
    id: 'queryRefund',
    name: { zh: '查询退款', en: 'query refunds' },
    intent: ONE,
    kind: 'function',
    function: 'queryRefund',
    role: 'payers',
    fields: queryRefund,
    sample: { outTradeNo: 'WEDA20261201001', outRefundNo: '' },
  },
  {
    id: 'queryRefundByTransactionId',
    name: { zh: '查询退款（微信支付订单号）', en: 'query refunds by WeChat Pay’s number' },
    intent: ONE,
    kind: 'function',
    function: 'queryRefund',
    role: 'payers',
    fields: { ...queryRefund, ...byTransaction },
    sample: { transactionId: TRANSACTION, outRefundNo: 'R001' },
  },
  {
    id: 'downloadBill',
    name: { zh: '下载账单', en: 'download a bill' },
    intent: ONE,
    kind: 'code',
    function: 'downloadBill',
    role: 'admins',
    fields: bill,
    sample: { billDate: '2026-11-30', billType: 'ALL', accountType: '' },
  },
];
