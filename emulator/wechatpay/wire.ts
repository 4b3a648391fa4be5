import type { LedgerOrder } from './ledger.ts';

const OFFSET_MS = 8 * 3_600_000;

/** `2026-11-24T08:30:00+08:00`. */
export function rfc3339(ms: number): string {
  return `${new Date(ms + OFFSET_MS).toISOString().slice(0, 19)}+08:00`;
}

/** The calendar day in Beijing, `2026-11-24`. */
export function beijingDay(ms: number): string {
  return rfc3339(ms).slice(0, 10);
}

const DESCRIPTIONS = { NOTPAY: '订单未支付', SUCCESS: '支付成功', CLOSED: '订单已关闭' } as const;

/** An order as queries answer it and notifications carry it. Source: D4012791859. */
export function orderJson(order: LedgerOrder): Record<string, unknown> {
  const { appid, mchid, outTradeNo, state, transactionId, paidAtMs, attach, total } = order;
  const head = { appid, mchid, out_trade_no: outTradeNo, trade_state: state };
  const common = {
    ...head,
    trade_state_desc: DESCRIPTIONS[state],
    ...(attach === undefined ? {} : { attach }),
  };
  if (state !== 'SUCCESS') return { ...common, payer: {} };
  return {
    ...common,
    transaction_id: transactionId,
    trade_type: 'JSAPI',
    bank_type: 'OTHERS',
    success_time: rfc3339(paidAtMs ?? 0),
    payer: { openid: order.openid },
    amount: { total, payer_total: total, currency: 'CNY', payer_currency: 'CNY' },
  };
}
