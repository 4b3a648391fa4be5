import { rfc3339 } from '../wire/time.ts';
import { isPaid, type LedgerOrder } from './ledger.ts';
import { providerOpenid } from './openid.ts';

/** The text that goes with each trade state, on both links. */
export const TRADE_STATE_DESCRIPTIONS: Record<LedgerOrder['state'], string> = {
  NOTPAY: '订单未支付',
  SUCCESS: '支付成功',
  REFUND: '订单发生过退款，退款详情请查询退款单',
  CLOSED: '订单已关闭',
};

/**
 * Prints an order as queries answer it and notifications carry it: fields that are not asked for are there
 * empty, others only once it is paid. Sources: D4012791859, `v3 answers`.
 */
export function orderJson(order: LedgerOrder): Record<string, unknown> {
  const { outTradeNo, state, transactionId, paidAtMs, attach = '', total } = order;
  const common = {
    ...merchantsOf(order),
    out_trade_no: outTradeNo,
    trade_state: state,
    trade_state_desc: TRADE_STATE_DESCRIPTIONS[state],
    promotion_detail: [],
  };
  if (!isPaid(order))
    return { ...common, scene_info: { device_id: '' }, amount: { payer_currency: 'CNY', total } };
  return {
    ...common,
    attach,
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
  return spMchid === undefined
    ? { openid }
    : { sp_openid: providerOpenid(openid), sub_openid: openid };
}
