import type { AnswerOf } from '../api/controlApi.ts';
import { receiptOf, type StoredOrder } from './stored.ts';

type Detail = AnswerOf<'GET /_local/orders/{outTradeNo}'>;
type WeChatOrder = NonNullable<Detail['wechat']>;
type Compared = Detail['compared'][number];

/** WeChat's word for each state of ours; after a refund its word is REFUND, which is a payment too. */
const TRADE_STATES: Readonly<Record<string, string>> = {
  created: 'NOTPAY',
  paying: 'NOTPAY',
  paid: 'SUCCESS',
  orphan: 'SUCCESS',
  closed: 'CLOSED',
};

/** WeChat's words for each state of a refund; in those without one nothing is known of it there. */
const REFUND_STATES: Readonly<Record<string, string>> = {
  processing: 'PROCESSING',
  success: 'SUCCESS',
  closed: 'CLOSED',
  abnormal: 'ABNORMAL',
};

/** Holds an order of ours against WeChat's, field by field. */
export function compareTruths(stored: StoredOrder, wechat: WeChatOrder | undefined): Compared[] {
  const { order } = stored;
  const receipt = receiptOf(stored);
  const isOpen = stored.state === 'created' || stored.state === 'closed';
  const agreed = isOpen ? openPair : pair;
  return [
    agreed('tradeState', tradeStateOf(stored), wechat?.trade_state),
    agreed('totalFee', order.totalFee, wechat?.amount.total),
    agreed('openid', order.openid, wechat?.payer.openid),
    pair('transactionId', receipt?.transactionId, wechat?.transaction_id),
    pair('paidAt', seconds(receipt?.paidAt), seconds(wechat?.success_time)),
    agreed('expiresAt', seconds(order.expiresAt), seconds(wechat?.time_expire)),
    ...refundPairs(stored, wechat),
  ].filter(({ ours, wechat: theirs }) => ours !== undefined || theirs !== undefined);
}

function tradeStateOf({ state, order }: StoredOrder): string {
  const hasRefund = (order.refunds ?? []).some(({ status }) => status.state in REFUND_STATES);
  return state === 'paid' && hasRefund ? 'REFUND' : (TRADE_STATES[state] ?? state);
}

function refundPairs({ order }: StoredOrder, wechat: WeChatOrder | undefined): Compared[] {
  const ours = new Map((order.refunds ?? []).map((each) => [each.outRefundNo, each]));
  const theirs = new Map((wechat?.refunds ?? []).map((each) => [each.out_refund_no, each]));
  return [...new Set([...ours.keys(), ...theirs.keys()])].map((no) => {
    const mine = ours.get(no);
    const other = theirs.get(no);
    const state =
      mine && `${REFUND_STATES[mine.status.state] ?? mine.status.state} ${mine.refundFee}`;
    return pair(`refund ${no}`, state, other && `${other.status} ${other.amount.refund}`);
  });
}

/** Instants are the same to the second: WeChat tells no finer. */
function seconds(at: Date | string | undefined): string | undefined {
  return at === undefined ? undefined : `${new Date(at).toISOString().slice(0, 19)}Z`;
}

type Value = string | number | undefined;

/** Holds what WeChat need not know yet against what it knows. */
function openPair(field: string, ours: Value, wechat: Value): Compared {
  const both = pair(field, ours, wechat);
  return wechat === undefined ? { ...both, isDifferent: false } : both;
}

function pair(field: string, ours: Value, wechat: Value): Compared {
  const isDifferent = ours !== wechat;
  return {
    field,
    isDifferent,
    ...(ours === undefined ? {} : { ours: String(ours) }),
    ...(wechat === undefined ? {} : { wechat: String(wechat) }),
  };
}
