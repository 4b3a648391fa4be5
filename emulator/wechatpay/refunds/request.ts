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

/** The fields of the request and their rules. Source: D4012791862. */
const rules: Record<string, Rule> = {
  out_refund_no: matching(/^[0-9A-Za-z_\-|*@]{1,64}$/, '1-64位，只能是数字、大小写字母_-|*@'),
  amount: objectRule,
};
const optionalRules: Record<string, Rule> = {
  // Of providers alone; whose it is, is judged before.
  sub_mchid: textOf(1, 32),
  transaction_id: textOf(1, 32),
  out_trade_no: textOf(6, 32),
  reason: textOf(1, 80),
  notify_url: notifyUrlOf(256),
  funds_account: matching(/^(AVAILABLE|UNSETTLED)$/, '不是合法的枚举值'),
  goods_detail: listRule,
};
const amountRules: Record<string, Rule> = {
  refund: fenRule,
  total: fenRule,
  currency: matching(/^CNY$/, '只支持CNY'),
};

/** Reads and checks a refund's request; throws the refusal that names the field. */
export function readRefundRequest(body: string): RefundRequest {
  const json = parse(body);
  check(json, rules, optionalRules);
  const amount = json.amount as Json;
  check(amount, amountRules, { from: listRule }, 'amount/');
  const text = <K extends string>(name: string, key: K): { [P in K]?: string } =>
    json[name] === undefined ? {} : ({ [key]: String(json[name]) } as { [P in K]?: string });
  if (json.transaction_id === undefined && json.out_trade_no === undefined) {
    throw wrongField('out_trade_no', 'transaction_id和out_trade_no须填其一');
  }
  return {
    outRefundNo: String(json.out_refund_no),
    ...text('transaction_id', 'transactionId'),
    ...text('out_trade_no', 'outTradeNo'),
    ...text('reason', 'reason'),
    ...text('notify_url', 'notifyUrl'),
    fundsAccount: json.funds_account === 'AVAILABLE' ? 'AVAILABLE' : 'UNSETTLED',
    refund: Number(amount.refund),
    total: Number(amount.total),
  };
}
