import { createHash } from 'node:crypto';
import type { World } from '../../world/world.ts';
import { isPaid, type LedgerOrder } from '../orders/ledger.ts';
import { rfc3339 } from '../orders/wire.ts';
import type { LedgerRefund } from '../refunds/ledger.ts';
import type { Json } from '../wire/fields.ts';

/** The service provider (服务商) of every CloudPay order is Tencent. Source: CloudPay logs. */
export const PROVIDER = { appid: 'wxd2d16a504f24665e', mchId: '1800008281' } as const;

/** The payer as the provider's own app knows it; the mini program's openid is `sub_openid`. */
export function providerOpenid(openid: string): string {
  return `o${createHash('sha256').update(openid).digest('base64url').slice(0, 27)}`;
}

/** `20261124100000`, Beijing time. */
export function compactTime(ms: number): string {
  return rfc3339(ms).slice(0, 19).replace(/\D/g, '');
}

/** 32 characters as APIv2 signs with. Nobody here can check them: the key is the provider's. */
export function signatureLike({ randomBytes }: World): string {
  return randomBytes(16).toString('hex').toUpperCase();
}

/** What every answer begins with. */
export function head(world: World, subMchId: string, subAppid: string): Json {
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

/** A nonce of 32 characters. */
export function nonceOf({ randomBytes }: World): string {
  return randomBytes(16).toString('hex');
}

const DESCRIPTIONS = {
  NOTPAY: '订单未支付',
  SUCCESS: '支付成功',
  REFUND: '订单发生过退款，退款详情请查询退款单',
  CLOSED: '订单已关闭',
} as const;

/** An order as its query answers it; of one that is not paid APIv2 tells no amount. */
export function orderFields(order: LedgerOrder): Json {
  const { outTradeNo, state, attach, total, transactionId, openid, paidAtMs } = order;
  const told = {
    trade_state: state,
    trade_state_desc: DESCRIPTIONS[state],
    out_trade_no: outTradeNo,
    ...(attach === undefined ? {} : { attach }),
  };
  if (!isPaid(order)) return told;
  return {
    ...told,
    ...{ openid: providerOpenid(openid), is_subscribe: 'N', sub_openid: openid },
    ...{ trade_type: 'JSAPI', bank_type: 'OTHERS', fee_type: 'CNY', cash_fee_type: 'CNY' },
    ...{ total_fee: total, settlement_total_fee: total, cash_fee: total },
    ...{ coupon_id_list: [], coupon_type_list: [], coupon_fee_list: [] },
    transaction_id: transactionId,
    time_end: compactTime(paidAtMs ?? 0),
  };
}

/** A refund as its acceptance is answered. */
export function refundFields(refund: LedgerRefund): Json {
  const { total, refund: part } = refund;
  return {
    transaction_id: refund.transactionId,
    out_trade_no: refund.outTradeNo,
    out_refund_no: refund.outRefundNo,
    refund_id: refund.refundId,
    ...{ refund_fee: part, settlement_refund_fee: part, refund_fee_type: 'CNY' },
    ...{ total_fee: total, settlement_total_fee: total, fee_type: 'CNY' },
    ...{ cash_fee: total, cash_refund_fee: part, coupon_refund_fee: 0, coupon_refund_count: 0 },
  };
}

/**
 * What the real queryRefund answers: a count, and lists that are empty whatever there is (several public
 * reports of 2023).
 */
export function refundQueryFields(order: LedgerOrder, count: number): Json {
  const lists = [
    ...['out_refund_no', 'refund_id', 'refund_channel', 'refund_fee', 'settlement_refund_fee'],
    ...['refund_status', 'refund_account', 'refund_recv_accout', 'refund_success_time'],
  ];
  return {
    transaction_id: order.transactionId,
    out_trade_no: order.outTradeNo,
    ...{ total_fee: order.total, settlement_total_fee: order.total, fee_type: 'CNY' },
    ...{ cash_fee: order.total, refund_count: count },
    ...Object.fromEntries(lists.map((name) => [`${name}_list`, []])),
  };
}
