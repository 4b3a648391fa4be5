import { type LedgerRefund, momentOf } from '../refunds/ledger.ts';
import { isPaid, type LedgerOrder } from './ledger.ts';

const OFFSET_MS = 8 * 3_600_000;

/** `2026-11-24T08:30:00+08:00`. */
export function rfc3339(ms: number): string {
  return `${new Date(ms + OFFSET_MS).toISOString().slice(0, 19)}+08:00`;
}

/** The calendar day in Beijing, `2026-11-24`. */
export function beijingDay(ms: number): string {
  return rfc3339(ms).slice(0, 10);
}

const DESCRIPTIONS = {
  NOTPAY: '订单未支付',
  SUCCESS: '支付成功',
  REFUND: '订单发生过退款，退款详情请查询退款单',
  CLOSED: '订单已关闭',
} as const;

/** An order as queries answer it and notifications carry it. Source: D4012791859. */
export function orderJson(order: LedgerOrder): Record<string, unknown> {
  const { outTradeNo, state, transactionId, paidAtMs, attach, total } = order;
  const head = { ...merchantsOf(order), out_trade_no: outTradeNo, trade_state: state };
  const common = {
    ...head,
    trade_state_desc: DESCRIPTIONS[state],
    ...(attach === undefined ? {} : { attach }),
  };
  if (!isPaid(order)) return { ...common, payer: {} };
  return {
    ...common,
    transaction_id: transactionId,
    trade_type: 'JSAPI',
    bank_type: 'OTHERS',
    success_time: rfc3339(paidAtMs ?? 0),
    payer: payerOf(order),
    amount: { total, payer_total: total, currency: 'CNY', payer_currency: 'CNY' },
  };
}

function merchantsOf({ appid, mchid, spAppid, spMchid }: LedgerOrder): Record<string, unknown> {
  if (spMchid === undefined) return { appid, mchid };
  return { sp_appid: spAppid, sp_mchid: spMchid, sub_appid: appid, sub_mchid: mchid };
}

function payerOf({ openid, spMchid }: LedgerOrder): Record<string, unknown> {
  return spMchid === undefined ? { openid } : { sp_openid: `${openid}AtSp`, sub_openid: openid };
}

/** A refund as its query answers it. Source: D4012791863. */
export function refundJson(refund: LedgerRefund): Record<string, unknown> {
  const { total, refund: part } = refund;
  const succeededAtMs = momentOf(refund, 'SUCCESS');
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
      ...{ total, refund: part, payer_total: total, payer_refund: part },
      ...{ settlement_refund: part, settlement_total: total, discount_refund: 0, currency: 'CNY' },
    },
  };
}

/** A refund as notifications carry it, in the state that they tell. Source: D4012791865. */
export function refundNoticeJson(refund: LedgerRefund, status: LedgerRefund['status']) {
  const { total, refund: part } = refund;
  const succeededAtMs = status === 'SUCCESS' ? momentOf(refund, 'SUCCESS') : undefined;
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
