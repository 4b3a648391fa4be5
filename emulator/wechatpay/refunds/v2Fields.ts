import { rfc3339 } from '../orders/wire.ts';
import { type LedgerRefund, momentOf, type RefundStatus } from './ledger.ts';

const words: Partial<Record<RefundStatus, string>> = {
  SUCCESS: 'SUCCESS',
  ABNORMAL: 'CHANGE',
  CLOSED: 'REFUNDCLOSE',
};

/** A refund that reached a state in the fields of APIv2's 退款结果通知, opened; in camel case. */
export function refundFields(
  refund: LedgerRefund,
  status: RefundStatus,
): Record<string, string | number> {
  const { outTradeNo, outRefundNo, total, refund: part } = refund;
  const atMs = status === 'SUCCESS' ? momentOf(refund, 'SUCCESS') : undefined;
  const funds = refund.fundsAccount === 'AVAILABLE' ? 'RECHARGE' : 'UNSETTLED';
  return {
    ...{ transactionId: refund.transactionId, outTradeNo, outRefundNo },
    refundId: refund.refundId,
    ...{ totalFee: total, settlementTotalFee: total },
    ...{ refundFee: part, settlementRefundFee: part },
    refundStatus: words[status] ?? status,
    ...(atMs === undefined ? {} : { successTime: rfc3339(atMs).slice(0, 19).replace('T', ' ') }),
    refundRecvAccout: refund.account, // APIv2's spelling.
    refundAccount: `REFUND_SOURCE_${funds}_FUNDS`,
    refundRequestSource: refund.origin === 'api' ? 'API' : 'VENDOR_PLATFORM',
  };
}

/** Those fields changed, by the code of a `mutated` fault. */
export function refundLies(refund: LedgerRefund): Record<string, Record<string, string | number>> {
  const { outTradeNo, outRefundNo, total, refund: part } = refund;
  return {
    AMOUNT: { refundFee: part + 1, settlementRefundFee: part + 1 },
    TOTAL: { totalFee: total + 1, settlementTotalFee: total + 1 },
    TRANSACTION: { transactionId: '4200009999999999999999999999' },
    UNKNOWN_ORDER: { outTradeNo: `NOBODY${outTradeNo}`.slice(0, 32) },
    UNKNOWN_REFUND: { outRefundNo: `NOBODY${outRefundNo}`.slice(0, 64) },
  };
}
