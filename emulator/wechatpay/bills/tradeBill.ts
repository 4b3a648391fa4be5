import type { LedgerOrder, OrderLedger } from '../orders/ledger.ts';
import type { RefundLedger } from '../refunds/ledger.ts';
import { DAY_MS, dayStartMs } from './day.ts';
import { billText, feeText, yuan } from './text.ts';
import { type BillRow, paymentRow, type RefundOfOrder, refundRow } from './tradeRows.ts';

const TYPES = ['ALL', 'SUCCESS', 'REFUND'] as const;

/** A type of trade bill (交易账单): payments and refunds, or either alone. */
export type TradeBillType = (typeof TYPES)[number];

/** Tells whether a text is a type of trade bill. */
export function isTradeBillType(text: string): text is TradeBillType {
  return TYPES.some((type) => type === text);
}

/** Lists what bills are made of. */
export interface BillDeps {
  orders: OrderLedger;
  refunds: RefundLedger;
}

/** Columns of a trade bill, by type. Source: `format-trade`. */
const COLUMNS: Record<TradeBillType, string> = {
  ALL: '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注',
  SUCCESS:
    '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,商品名称,商户数据包,手续费,费率,订单金额,费率备注',
  REFUND:
    '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,退款申请时间,退款成功时间,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注',
};
const SUMMARY_COLUMNS =
  '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';

/** The payments and refunds of a day; `endMs` is the midnight after it. */
interface DayTrades {
  payments: readonly LedgerOrder[];
  refunds: readonly RefundOfOrder[];
  endMs: number;
}

/** Makes the rows of each type. An ALL bill is in order of time, refunds among payments. */
const ROWS_OF: Record<TradeBillType, (day: DayTrades) => BillRow[]> = {
  ALL: ({ payments, refunds, endMs }) => {
    const paid = payments.map(paymentRow);
    if (refunds.length === 0) return paid;
    const refunded = refunds.map((refund) => refundRow(refund, 'ALL', endMs));
    return [...paid, ...refunded].sort(byTime);
  },
  SUCCESS: ({ payments }) => payments.map(paymentRow),
  REFUND: ({ refunds, endMs }) => refunds.map((refund) => refundRow(refund, 'REFUND', endMs)),
};

/**
 * Prints a day's trade bill, orders of both links in it; undefined on a day when nothing happened.
 */
export function tradeBill(
  deps: BillDeps,
  mchid: string,
  day: string,
  type: TradeBillType,
): string | undefined {
  const trades = tradesOf(deps, mchid, dayStartMs(day));
  const isEmpty = trades.payments.length === 0 && trades.refunds.length === 0;
  return isEmpty ? undefined : fileOf(type, trades);
}

function tradesOf({ orders, refunds }: BillDeps, mchid: string, fromMs: number): DayTrades {
  const endMs = fromMs + DAY_MS;
  return {
    payments: orders.paidBetween(mchid, fromMs, endMs),
    refunds: refunds.acceptedBetween(mchid, fromMs, endMs).flatMap((refund) => {
      const order = orders.find(mchid, refund.outTradeNo);
      return order ? [{ refund, order }] : [];
    }),
    endMs,
  };
}

function fileOf(type: TradeBillType, trades: DayTrades): string {
  const names = COLUMNS[type].split(',');
  const rows = ROWS_OF[type](trades);
  const sum = (key: 'paid' | 'refunded' | 'fee') =>
    rows.reduce((total, row) => total + row[key], 0);
  const paid = yuan(sum('paid'));
  const refunded = yuan(sum('refunded'));
  const count = String(rows.length);
  return billText({
    columns: COLUMNS[type],
    rows: rows.map(({ cells }) => names.map((name) => cells[name] ?? '')),
    summaryColumns: SUMMARY_COLUMNS,
    summary: [count, paid, refunded, '0.00', feeText(sum('fee')), paid, refunded],
  });
}

function byTime(a: BillRow, b: BillRow): number {
  const { 交易时间: left = '' } = a.cells;
  const { 交易时间: right = '' } = b.cells;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
