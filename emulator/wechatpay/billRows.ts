import { fen, yuanFromFen } from '../../shared/domain/money.ts';
import type { LedgerOrder } from './ledger.ts';
import { rfc3339 } from './wire.ts';

export type BillType = 'ALL' | 'SUCCESS' | 'REFUND';

/** Columns of a trade bill, by type. Source: format-trade.html. */
const columns: Record<BillType, string> = {
  ALL: '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注',
  SUCCESS:
    '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,商品名称,商户数据包,手续费,费率,订单金额,费率备注',
  REFUND:
    '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,退款申请时间,退款成功时间,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注',
};
const summaryColumns =
  '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';

const BOM = '\uFEFF';
/** 0.60 %, in parts of ten thousand. */
const FEE_RATE = 60;
const NO_REFUND = {
  微信退款单号: '0',
  商户退款单号: '0',
  退款金额: '0.00',
  充值券退款金额: '0.00',
};

/** Prints a finished day's bill as WeChat does: BOM, CRLF, backticks, summary. */
export function billFile(type: BillType, orders: readonly LedgerOrder[]): string {
  const names = columns[type].split(',');
  const rows = type === 'REFUND' ? [] : orders;
  const total = rows.reduce((sum, order) => sum + order.total, 0);
  const fees = rows.reduce((sum, order) => sum + feeOf(order.total), 0);
  const yuan = yuanFromFen(fen(total));
  const summary = [String(rows.length), yuan, '0.00', '0.00', feeText(fees), yuan, '0.00'];
  const lines = [
    columns[type],
    ...rows.map((order) => line(names.map((name) => cells(order)[name] ?? ''))),
    summaryColumns,
    line(summary),
  ];
  return `${BOM}${lines.join('\r\n')}\r\n`;
}

function cells(order: LedgerOrder): Record<string, string> {
  const amount = yuanFromFen(fen(order.total));
  return {
    交易时间: rfc3339(order.paidAtMs ?? 0)
      .slice(0, 19)
      .replace('T', ' '),
    公众账号ID: order.appid,
    商户号: order.mchid,
    特约商户号: '0',
    微信订单号: order.transactionId ?? '',
    商户订单号: order.outTradeNo,
    用户标识: order.openid,
    交易类型: 'JSAPI',
    交易状态: 'SUCCESS',
    付款银行: 'OTHERS',
    货币种类: 'CNY',
    应结订单金额: amount,
    代金券金额: '0.00',
    ...NO_REFUND,
    商品名称: escaped(order.description),
    商户数据包: escaped(order.attach ?? ''),
    手续费: feeText(feeOf(order.total)),
    费率: '0.60%',
    订单金额: amount,
    申请退款金额: '0.00',
  };
}

/** In hundred-thousandths of a yuan, as bills print fees; rounded to the fen as WeChat charges them. */
function feeOf(total: number): number {
  return Math.round((total * FEE_RATE) / 10_000) * 1000;
}

function feeText(hundredThousandths: number): string {
  const digits = String(hundredThousandths).padStart(6, '0');
  return `${digits.slice(0, -5)}.${digits.slice(-5)}`;
}

function line(fields: readonly string[]): string {
  return fields.map((field) => `\`${field}`).join(',');
}

function escaped(text: string): string {
  return text.replaceAll(',', '\\ ').replaceAll('\n', '\\n').replaceAll('`', '');
}
