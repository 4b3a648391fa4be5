import { FEE_RATE_TEXT, feeOf } from '../orders/fee.ts';
import type { LedgerOrder } from '../orders/ledger.ts';
import { type LedgerRefund, type RefundStatus, reachedAtMs, statusAt } from '../refunds/ledger.ts';
import { plainTime } from '../wire/time.ts';
import { escapeText, feeText, yuan } from './text.ts';

/** Bills are made from 09:00 of the next day. Source: D4012791866. */
const MADE_AFTER_MS = 9 * 3_600_000;

/** A row of a trade bill: its cells by column, and its amounts in fen for the summary. */
export interface BillRow {
  cells: Record<string, string>;
  paid: number;
  refunded: number;
  fee: number;
}

/** A refund and the order that it is of. */
export interface RefundOfOrder {
  refund: LedgerRefund;
  order: LedgerOrder;
}

/** Bills name a refund's state otherwise than the API. Sources: D4012791863, `format-trade`. */
const STATUS_IN_BILLS: Record<RefundStatus, string> = {
  PROCESSING: 'PROCESSING',
  SUCCESS: 'SUCCESS',
  CLOSED: 'FAIL',
  ABNORMAL: 'CHANGE',
};

/** Makes the row of a payment, refunded or not. */
export function paymentRow(order: LedgerOrder): BillRow {
  const amount = yuan(order.total);
  const fee = feeOf(order.total);
  const cells = {
    ...commonCells(order),
    交易时间: plainTime(order.paidAtMs ?? 0),
    交易状态: 'SUCCESS',
    应结订单金额: amount,
    微信退款单号: '0',
    商户退款单号: '0',
    退款金额: '0.00',
    手续费: feeText(fee),
    订单金额: amount,
    申请退款金额: '0.00',
  };
  return { cells, paid: order.total, refunded: 0, fee };
}

/**
 * Makes the row of a refund in the bill of the day (until `endMs`) on which it was accepted, in the
 * state that it had when the bill was made: bills are never put right afterwards. 交易时间 is the
 * refund's in an ALL bill, the payment's in a REFUND bill.
 */
export function refundRow(
  { refund, order }: RefundOfOrder,
  type: 'ALL' | 'REFUND',
  endMs: number,
): BillRow {
  const { createdAtMs, refund: part, feeBack } = refund;
  const status = statusAt(refund, endMs + MADE_AFTER_MS);
  const succeededAtMs = status === 'SUCCESS' ? reachedAtMs(refund, 'SUCCESS') : undefined;
  // A row of this day, also where the refund arrived after midnight.
  const refundedAtMs = Math.min(succeededAtMs ?? createdAtMs, endMs - 1000);
  const tradedAtMs = type === 'ALL' ? refundedAtMs : (order.paidAtMs ?? 0);
  const cells = {
    ...commonCells(order),
    交易时间: plainTime(tradedAtMs),
    交易状态: 'REFUND',
    应结订单金额: '0.00',
    退款申请时间: plainTime(createdAtMs),
    退款成功时间: succeededAtMs === undefined ? '' : plainTime(succeededAtMs),
    微信退款单号: refund.refundId,
    商户退款单号: refund.outRefundNo,
    退款金额: yuan(part),
    退款类型: refund.channel,
    退款状态: STATUS_IN_BILLS[status],
    手续费: feeText(-feeBack),
    订单金额: '0.00',
    申请退款金额: yuan(part),
  };
  return { cells, paid: 0, refunded: part, fee: -feeBack };
}

function commonCells(order: LedgerOrder): Record<string, string> {
  return {
    公众账号ID: order.spAppid ?? order.appid,
    商户号: order.spMchid ?? order.mchid,
    特约商户号: order.spMchid === undefined ? '0' : order.mchid,
    微信订单号: order.transactionId ?? '',
    商户订单号: order.outTradeNo,
    用户标识: order.openid,
    交易类型: 'JSAPI',
    付款银行: 'OTHERS',
    货币种类: 'CNY',
    代金券金额: '0.00',
    充值券退款金额: '0.00',
    商品名称: escapeText(order.description),
    商户数据包: escapeText(order.attach ?? ''),
    费率: FEE_RATE_TEXT,
  };
}
