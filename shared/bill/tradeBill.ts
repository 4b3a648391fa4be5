import { type ColumnPlaces, TRADE_COLUMNS } from './columns.ts';
import type { BillForm } from './form.ts';
import {
  amountCell,
  fenCell,
  isNone,
  millifenCell,
  numberCell,
  type ReadCell,
  repeatedCell,
  timeCell,
} from './line/cells.ts';
import { FEN_DECIMALS, MILLIFEN_DECIMALS } from './line/decimal.ts';
import type { Line } from './line/line.ts';

/** A refund in a trade bill. Its state is that of the moment when the bill was made, and stays so. */
export interface BilledRefund {
  refundId: string;
  outRefundNo: string;
  /** The sum that was asked for, in fen (申请退款金额). */
  refund: number;
  /** The part that the merchant's account paid, in fen (退款金额): without coupons. */
  settlementRefund: number;
  status: string;
}

/** A row of a trade bill: a payment, or a refund of one. Amounts in fen. */
export interface TradeRow {
  line: number;
  /** Of a refund in an ALL bill the refund's time, in a REFUND bill the payment's. */
  tradedAtMs: number;
  appid: string;
  mchid: string;
  /** The merchant that a provider acts for; undefined on the merchant's own bill. */
  subMchid: string | undefined;
  transactionId: string;
  outTradeNo: string;
  /** WeChat's word, verbatim: SUCCESS, REFUND, REVOKED. */
  tradeState: string;
  /** The order's amount (订单金额); 0 in a row of a refund. */
  total: number;
  /** The amount that is settled (应结订单金额): without coupons that were never paid for. */
  settlementTotal: number;
  coupon: number;
  couponRefund: number;
  feeMillifen: number;
  refund: BilledRefund | undefined;
}

/** The form of a trade bill (交易账单): ALL, SUCCESS or REFUND, of today or of earlier years. Source: `format-trade`. */
export const tradeBill: BillForm<TradeRow, typeof TRADE_COLUMNS> = {
  columns: TRADE_COLUMNS,
  required: ['tradedAt', 'mchid', 'transactionId', 'outTradeNo', 'tradeState', 'total'],
  summary: [
    { names: ['总交易单数'], decimals: 0, of: () => 1 },
    {
      names: ['应结订单总金额', '总交易额'],
      decimals: FEN_DECIMALS,
      of: (row) => row.settlementTotal,
    },
    {
      names: ['退款总金额', '总退款金额'],
      decimals: FEN_DECIMALS,
      of: (row) => row.refund?.settlementRefund ?? 0,
    },
    {
      names: ['充值券退款总金额', '总代金券或立减优惠退款金额', '总企业红包退款金额'],
      decimals: FEN_DECIMALS,
      of: (row) => row.couponRefund,
    },
    { names: ['手续费总金额'], decimals: MILLIFEN_DECIMALS, of: (row) => row.feeMillifen },
    { names: ['订单总金额'], decimals: FEN_DECIMALS, of: (row) => row.total },
    {
      names: ['申请退款总金额'],
      decimals: FEN_DECIMALS,
      of: (row) => row.refund?.refund ?? 0,
    },
  ],
  rowReader(places) {
    const appid = repeatedCell();
    const mchid = repeatedCell();
    const subMchid = repeatedCell();
    const tradeState = repeatedCell();
    const refundStatus = repeatedCell();
    return (line) => ({
      line: line.number,
      tradedAtMs: timeCell(line, places.tradedAt),
      appid: appid(line, places.appid),
      mchid: mchid(line, places.mchid),
      subMchid: isNone(line, places.subMchid) ? undefined : subMchid(line, places.subMchid),
      transactionId: numberCell(line, places.transactionId),
      outTradeNo: numberCell(line, places.outTradeNo),
      tradeState: tradeState(line, places.tradeState),
      total: amountCell(line, places.total),
      settlementTotal: fenCell(line, places.settlementTotal),
      coupon: fenCell(line, places.coupon),
      couponRefund: fenCell(line, places.couponRefund),
      feeMillifen: millifenCell(line, places.fee),
      refund: readRefund(line, places, refundStatus),
    });
  },
};

/** Reads the refund of a row. */
function readRefund(
  line: Line,
  places: ColumnPlaces<typeof TRADE_COLUMNS>,
  readStatus: ReadCell,
): BilledRefund | undefined {
  if (isNone(line, places.refundId)) return undefined;
  return {
    refundId: numberCell(line, places.refundId),
    outRefundNo: numberCell(line, places.outRefundNo),
    refund: amountCell(line, places.refund),
    settlementRefund: fenCell(line, places.settlementRefund),
    status: readStatus(line, places.refundStatus),
  };
}
