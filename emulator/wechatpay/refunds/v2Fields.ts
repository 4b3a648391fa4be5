import { plainTime } from '../wire/time.ts';
import { unknownNumber } from '../wire/unknownNumber.ts';
import { type LedgerRefund, type RefundStatus, reachedAtMs } from './ledger.ts';

/** Fields of APIv2's 退款结果通知, opened; in camel case. */
export type V2RefundFields = Record<string, string | number>;

/** The states of APIv2 that are spelled otherwise in APIv3. */
const V2_STATUS: Partial<Record<RefundStatus, string>> = {
  ABNORMAL: 'CHANGE',
  CLOSED: 'REFUNDCLOSE',
};

/** Prints a refund that reached a state in the fields of APIv2's 退款结果通知. */
export function v2RefundFields(refund: LedgerRefund, status: RefundStatus): V2RefundFields {
  const { total, refund: part } = refund;
  const atMs = status === 'SUCCESS' ? reachedAtMs(refund, 'SUCCESS') : undefined;
  const funds = refund.fundsAccount === 'AVAILABLE' ? 'RECHARGE' : 'UNSETTLED';
  return {
    transactionId: refund.transactionId,
    outTradeNo: refund.outTradeNo,
    outRefundNo: refund.outRefundNo,
    refundId: refund.refundId,
    totalFee: total,
    settlementTotalFee: total,
    refundFee: part,
    settlementRefundFee: part,
    refundStatus: V2_STATUS[status] ?? status,
    ...(atMs === undefined ? {} : { successTime: plainTime(atMs) }),
    refundRecvAccout: refund.account, // APIv2's spelling.
    refundAccount: `REFUND_SOURCE_${funds}_FUNDS`,
    refundRequestSource: refund.origin === 'api' ? 'API' : 'VENDOR_PLATFORM',
  };
}

/** Changes those fields, by the code of a `mutated` fault. */
export function tamperedV2RefundFields(refund: LedgerRefund): Record<string, V2RefundFields> {
  const { outTradeNo, outRefundNo, total, refund: part } = refund;
  return {
    AMOUNT: { refundFee: part + 1, settlementRefundFee: part + 1 },
    TOTAL: { totalFee: total + 1, settlementTotalFee: total + 1 },
    TRANSACTION: { transactionId: '4200009999999999999999999999' },
    UNKNOWN_ORDER: { outTradeNo: unknownNumber(outTradeNo, 32) },
    UNKNOWN_REFUND: { outRefundNo: unknownNumber(outRefundNo, 64) },
  };
}
