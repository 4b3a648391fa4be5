import type { FunctionName } from '../../shared/contract/callers.ts';

/**
 * Says, in words of its own, which fields of a call may be null or empty text: texts without which it means the same, and
 * numbers by which something is only looked up. Contracts are held to it.
 */
export const MAY_BE_EMPTY: Partial<Record<FunctionName, readonly string[]>> = {
  unifiedOrder: ['attach', 'timeExpire'],
  queryOrder: ['outTradeNo', 'transactionId'],
  refund: ['refundDesc'],
  queryRefund: ['outTradeNo', 'transactionId', 'outRefundNo'],
  downloadBill: ['accountType'],
};

/** Fields whose empty text is compared with the configuration as any other, or not used; null they are never. */
export const MAY_BE_EMPTY_TEXT =
  'functionName envId subMchId subAppid tradeType feeType nonceStr spbillCreateIp'.split(' ');
