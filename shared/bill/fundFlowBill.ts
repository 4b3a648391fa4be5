import { FUND_COLUMNS } from './columns.ts';
import type { BillForm } from './form.ts';
import {
  amountCell,
  fenCell,
  markFaulty,
  numberCell,
  type ReadCell,
  repeatedCell,
  timeCell,
} from './line/cells.ts';
import { FEN_DECIMALS } from './line/decimal.ts';
import type { Line } from './line/line.ts';

/** A row of a fund-flow bill: money that came to an account of the merchant's, or left it. Amounts in fen. */
export interface FundFlowRow {
  line: number;
  bookedAtMs: number;
  /** The payment or refund that moved it; of a withdrawal its own number. */
  businessNo: string;
  flowNo: string;
  /** WeChat's word, verbatim: 交易, 退款, 扣除交易手续费, 提现 and others. */
  name: string;
  /** Tells whether the money came (收入) or left (支出). */
  isIncome: boolean;
  amount: number;
  /** The balance after it. */
  balance: number;
  /** The order or refund of the merchant's (业务凭证号). */
  voucher: string;
}

const INCOME = '收入';
const EXPENSE = '支出';

/** The form of a fund-flow bill (资金账单), of any account. Source: `format-fundflow`. */
export const fundFlowBill: BillForm<FundFlowRow, typeof FUND_COLUMNS> = {
  columns: FUND_COLUMNS,
  required: ['bookedAt', 'businessNo', 'flowNo', 'name', 'direction', 'amount'],
  summary: [
    { names: ['资金流水总笔数'], decimals: 0, of: () => 1 },
    { names: ['收入笔数'], decimals: 0, of: (row) => (row.isIncome ? 1 : 0) },
    {
      names: ['收入金额'],
      decimals: FEN_DECIMALS,
      of: (row) => (row.isIncome ? row.amount : 0),
    },
    { names: ['支出笔数'], decimals: 0, of: (row) => (row.isIncome ? 0 : 1) },
    {
      names: ['支出金额'],
      decimals: FEN_DECIMALS,
      of: (row) => (row.isIncome ? 0 : row.amount),
    },
  ],
  rowReader(places, decode) {
    const name = repeatedCell(decode);
    const direction = repeatedCell(decode);
    return (line) => ({
      line: line.number,
      bookedAtMs: timeCell(line, places.bookedAt),
      businessNo: numberCell(line, places.businessNo),
      flowNo: numberCell(line, places.flowNo),
      name: name(line, places.name),
      isIncome: isIncome(line, places.direction, direction),
      amount: amountCell(line, places.amount),
      balance: fenCell(line, places.balance),
      voucher: decode(line, places.voucher),
    });
  },
};

function isIncome(line: Line, cell: number, direction: ReadCell): boolean {
  const word = direction(line, cell);
  if (word !== INCOME && word !== EXPENSE) markFaulty(line, cell);
  return word === INCOME;
}
