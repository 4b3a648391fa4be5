import { rfc3339 } from '../wire/time.ts';
import { type LedgerRefund, type RefundStatus, reachedAtMs } from './ledger.ts';

/** Prints a refund as its query answers it. Sources: D4012791863, `v3 answers`. */
export function refundJson(refund: LedgerRefund): Record<string, unknown> {
  const { total, refund: part } = refund;
  const succeededAtMs = reachedAtMs(refund, 'SUCCESS');
  return {
    refund_id: refund.refundId,
    out_refund_no: refund.outRefundNo,
    transaction_id: refund.transactionId,
    out_trade_no: refund.outTradeNo,
    channel: refund.channel,
    user_received_account: refund.account,
    ...(succeededAtMs === undefined ? {} : { success_time: rfc3339(succeededAtMs) }),
    create_time: rfc3339(refund.createdAtMs),
    status: refund.status,
    funds_account: refund.fundsAccount,
    amount: {
      total,
      refund: part,
      payer_total: total,
      payer_refund: part,
      settlement_refund: part,
      settlement_total: total,
      discount_refund: 0,
      refund_fee: 0,
      from: [],
      currency: 'CNY',
    },
    promotion_detail: [],
  };
}

/** Prints a refund as the notification of a state carries it. Source: D4012791865. */
export function refundNoticeJson(
  refund: LedgerRefund,
  status: RefundStatus,
): Record<string, unknown> {
  const { total, refund: part } = refund;
  const succeededAtMs = status === 'SUCCESS' ? reachedAtMs(refund, 'SUCCESS') : undefined;
  const { mchid, spMchid } = refund;
  return {
    ...(spMchid === undefined ? { mchid } : { sp_mchid: spMchid, sub_mchid: mchid }),
    out_trade_no: refund.outTradeNo,
    transaction_id: refund.transactionId,
    out_refund_no: refund.outRefundNo,
    refund_id: refund.refundId,
    refund_status: status,
    ...(succeededAtMs === undefined ? {} : { success_time: rfc3339(succeededAtMs) }),
    amount: { total, refund: part, payer_total: total, payer_refund: part },
    user_received_account: refund.account,
  };
}
