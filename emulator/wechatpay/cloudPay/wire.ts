import type { World } from '../../world/world.ts';
import { isPaid, type LedgerOrder } from '../orders/ledger.ts';
import { providerOpenid } from '../orders/openid.ts';
import { TRADE_STATE_DESCRIPTIONS } from '../orders/wire.ts';
import type { LedgerRefund } from '../refunds/ledger.ts';
import type { Json } from '../wire/fields.ts';
import { rfc3339 } from '../wire/time.ts';

/** The service provider (服务商) of every CloudPay order is Tencent. Source: CloudPay logs. */
export const PROVIDER = { appid: 'wxd2d16a504f24665e', mchId: '1800008281' } as const;

/** The lists of a refund query's answer. */
const REFUND_LISTS = [
  'out_refund_no_list',
  'refund_id_list',
  'refund_channel_list',
  'refund_fee_list',
  'settlement_refund_fee_list',
  'refund_status_list',
  'refund_account_list',
  'refund_recv_accout_list',
  'refund_success_time_list',
];

/** Prints an instant as `20261124100000`, Beijing time. */
export function compactTime(ms: number): string {
  return rfc3339(ms).slice(0, 19).replace(/\D/g, '');
}

/** Makes a nonce of 32 characters. */
export function nonceOf({ randomBytes }: World): string {
  return randomBytes(16).toString('hex');
}

/**
 * Makes 32 characters as APIv2 signs with. Nobody here can check them: the key is the provider's.
 */
function signatureLike({ randomBytes }: World): string {
  return randomBytes(16).toString('hex').toUpperCase();
}

/** Makes the head of every answer: the numbers of who is who. */
export function answerHead(world: World, subMchId: string, subAppid: string): Json {
  return {
    return_code: 'SUCCESS',
    return_msg: 'OK',
    appid: PROVIDER.appid,
    mch_id: PROVIDER.mchId,
    sub_appid: subAppid,
    sub_mch_id: subMchId,
    nonce_str: nonceOf(world),
    sign: signatureLike(world),
  };
}

/** Makes the parameters of `wx.requestPayment`. */
export function paymentParams(
  world: World,
  appid: string,
  prepayId: string,
): Json & { nonceStr: string } {
  return {
    appId: appid,
    timeStamp: String(Math.floor(world.clock.nowMs() / 1000)),
    nonceStr: nonceOf(world),
    package: `prepay_id=${prepayId}`,
    signType: 'MD5',
    paySign: signatureLike(world),
  };
}

/** Prints an order as its query answers it; of one that is not paid APIv2 tells no amount. */
export function orderFields(order: LedgerOrder): Json {
  const { outTradeNo, state, attach, total, transactionId, openid, paidAtMs } = order;
  const unpaid = {
    trade_state: state,
    trade_state_desc: TRADE_STATE_DESCRIPTIONS[state],
    out_trade_no: outTradeNo,
    ...(attach === undefined ? {} : { attach }),
  };
  if (!isPaid(order)) return unpaid;
  return {
    ...unpaid,
    openid: providerOpenid(openid),
    is_subscribe: 'N',
    sub_openid: openid,
    trade_type: 'JSAPI',
    bank_type: 'OTHERS',
    fee_type: 'CNY',
    cash_fee_type: 'CNY',
    total_fee: total,
    settlement_total_fee: total,
    cash_fee: total,
    coupon_id_list: [],
    coupon_type_list: [],
    coupon_fee_list: [],
    transaction_id: transactionId,
    time_end: compactTime(paidAtMs ?? 0),
  };
}

/** Prints a refund as its acceptance is answered. */
export function refundFields(refund: LedgerRefund): Json {
  const { total, refund: part } = refund;
  return {
    transaction_id: refund.transactionId,
    out_trade_no: refund.outTradeNo,
    out_refund_no: refund.outRefundNo,
    refund_id: refund.refundId,
    refund_fee: part,
    settlement_refund_fee: part,
    refund_fee_type: 'CNY',
    total_fee: total,
    settlement_total_fee: total,
    fee_type: 'CNY',
    cash_fee: total,
    cash_refund_fee: part,
    coupon_refund_fee: 0,
    coupon_refund_count: 0,
  };
}

/**
 * Prints refunds as the real queryRefund answers them: a count, and lists that are empty whatever
 * there is (several public reports of 2023).
 */
export function refundQueryFields(order: LedgerOrder, count: number): Json {
  return {
    transaction_id: order.transactionId,
    out_trade_no: order.outTradeNo,
    total_fee: order.total,
    settlement_total_fee: order.total,
    fee_type: 'CNY',
    cash_fee: order.total,
    refund_count: count,
    ...Object.fromEntries(REFUND_LISTS.map((name) => [name, []])),
  };
}
