import type { LedgerOrder } from '../orders/ledger.ts';
import { billText, feeText, yuan } from './text.ts';
import { type BillRow, paymentRow, type Refunded, refundRow } from './tradeRows.ts';

export type BillType = 'ALL' | 'SUCCESS' | 'REFUND';

/** Columns of a trade bill, by type. Source: `format-trade`. */
const columns: Record<BillType, string> = {
  ALL: '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注',
  SUCCESS:
    '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,商品名称,商户数据包,手续费,费率,订单金额,费率备注',
  REFUND:
    '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,退款申请时间,退款成功时间,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注',
};
const summaryColumns =
  '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';

/** A finished day, as its trade bill sees it; `endMs` is the midnight after it. */
export interface BillDay {
  payments: readonly LedgerOrder[];
  refunds: readonly Refunded[];
  endMs: number;
}

/** The rows of each type. An ALL bill is in order of time, refunds among payments. */
const rowsOf: Record<BillType, (day: BillDay) => BillRow[]> = {
  ALL: ({ payments, refunds, endMs }) => {
    const paid = payments.map(paymentRow);
    if (refunds.length === 0) return paid;
    const back = refunds.map((one) => refundRow(one, 'ALL', endMs));
    return [...paid, ...back].sort(byTime);
  },
  SUCCESS: ({ payments }) => payments.map(paymentRow),
  REFUND: ({ refunds, endMs }) => refunds.map((one) => refundRow(one, 'REFUND', endMs)),
};

/** Prints a finished day's bill as WeChat does. */
export function billFile(type: BillType, day: BillDay): string {
  const names = columns[type].split(',');
  const rows = rowsOf[type](day);
  const sum = (key: 'settled' | 'refunded' | 'fee') =>
    rows.reduce((total, row) => total + row[key], 0);
  const [settled, refunded] = [yuan(sum('settled')), yuan(sum('refunded'))];
  const count = String(rows.length);
  return billText(
    columns[type],
    rows.map(({ cells }) => names.map((name) => cells[name] ?? '')),
    summaryColumns,
    [count, settled, refunded, '0.00', feeText(sum('fee')), settled, refunded],
  );
}

function byTime(a: BillRow, b: BillRow): number {
  const [left = '', right = ''] = [a.cells.交易时间, b.cells.交易时间];
  return left < right ? -1 : Number(left > right);
}
