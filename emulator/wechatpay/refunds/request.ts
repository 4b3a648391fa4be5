import { wrongField } from '../errors.ts';
import {
  check,
  fenRule,
  type Json,
  listRule,
  matching,
  notifyUrlOf,
  objectRule,
  parse,
  type Rule,
  type Shape,
  textOf,
} from '../wire/fields.ts';
import type { LedgerRefund } from './ledger.ts';

/** A request for a refund (申请退款), checked; one of the two order numbers is there. */
export interface RefundRequest {
  outRefundNo: string;
  transactionId?: string;
  outTradeNo?: string;
  reason?: string;
  notifyUrl?: string;
  fundsAccount: LedgerRefund['fundsAccount'];
  refund: number;
  total: number;
}

/** Takes a 商户退款单号, the same on both links. */
export const outRefundNoRule = matching(
  /^[0-9A-Za-z_\-|*@]{1,64}$/,
  '1-64位，只能是数字、大小写字母_-|*@',
);

/** The fields of the request and their rules. Source: D4012791862. */
const RULES: Record<string, Rule> = {
  out_refund_no: outRefundNoRule,
  amount: objectRule,
};
const OPTIONAL_RULES: Record<string, Rule> = {
  // Of providers alone; the handler has judged before whose it is.
  sub_mchid: textOf(1, 32),
  transaction_id: textOf(1, 32),
  out_trade_no: textOf(6, 32),
  reason: textOf(1, 80),
  notify_url: notifyUrlOf(256),
  funds_account: matching(/^(AVAILABLE|UNSETTLED)$/, '不是合法的枚举值'),
  goods_detail: listRule,
};
/** The objects inside. */
const INSIDE: Record<string, Shape> = {
  amount: {
    required: { refund: fenRule, total: fenRule, currency: matching(/^CNY$/, '只支持CNY') },
    optional: { from: listRule },
    inside: {
      from: {
        required: {
          account: matching(/^(AVAILABLE|UNAVAILABLE)$/, '不是合法的枚举值'),
          amount: fenRule,
        },
      },
    },
  },
  goods_detail: {
    required: {
      merchant_goods_id: textOf(1, 32),
      unit_price: fenRule,
      refund_amount: fenRule,
      refund_quantity: fenRule,
    },
    optional: { wechatpay_goods_id: textOf(0, 32), goods_name: textOf(0, 256) },
  },
};

/** Reads and checks a refund's request; throws the refusal that names the field. */
export function readRefundRequest(body: string): RefundRequest {
  const json = parse(body);
  check(json, { required: RULES, optional: OPTIONAL_RULES, inside: INSIDE });
  const amount = json.amount as Json;
  const { transaction_id: transactionId, out_trade_no: outTradeNo } = json;
  const { reason, notify_url: notifyUrl } = json;
  if (transactionId === undefined && outTradeNo === undefined)
    throw wrongField('out_trade_no', 'transaction_id和out_trade_no须填其一');
  return {
    outRefundNo: String(json.out_refund_no),
    ...(transactionId === undefined ? {} : { transactionId: String(transactionId) }),
    ...(outTradeNo === undefined ? {} : { outTradeNo: String(outTradeNo) }),
    ...(reason === undefined ? {} : { reason: String(reason) }),
    ...(notifyUrl === undefined ? {} : { notifyUrl: String(notifyUrl) }),
    fundsAccount: json.funds_account === 'AVAILABLE' ? 'AVAILABLE' : 'UNSETTLED',
    refund: Number(amount.refund),
    total: Number(amount.total),
  };
}
