import { createHash } from 'node:crypto';
import { feeOf } from '../orders/fee.ts';
import type { LedgerOrder } from '../orders/ledger.ts';
import type { LedgerRefund } from '../refunds/ledger.ts';
import { plainTime } from '../wire/time.ts';
import { DAY_MS, dayStartMs } from './day.ts';
import { billText, yuan } from './text.ts';
import type { BillDeps } from './tradeBill.ts';

const ACCOUNTS = ['BASIC', 'OPERATION', 'FEES'] as const;

/** An account of the merchant (资金账户). */
export type FundAccount = (typeof ACCOUNTS)[number];

/** Tells whether a text names an account. */
export function isFundAccount(text: string): text is FundAccount {
  return ACCOUNTS.some((account) => account === text);
}

/** Columns of a fund-flow bill. Source: `format-fundflow`. */
const COLUMNS =
  '记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号';
const SUMMARY_COLUMNS = '资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额';

/**
 * One movement of the merchant's basic account (基本账户); `amount` in fen, less than 0 is money out.
 */
interface Flow {
  atMs: number;
  businessNo: string;
  name: '交易' | '扣除交易手续费' | '退款';
  amount: number;
  submitter: string;
  remark: string;
  voucher: string;
}

/**
 * Prints a day's fund-flow bill (资金账单); undefined on a day without a movement, and for every
 * account but the basic one, which nothing here moves.
 */
export function fundFlowBill(
  deps: BillDeps,
  mchid: string,
  day: string,
  account: FundAccount,
): string | undefined {
  if (account !== 'BASIC') return undefined;
  const fromMs = dayStartMs(day);
  const flows = flowsBefore(deps, mchid, fromMs + DAY_MS);
  const ofDay = flows.filter(({ atMs }) => atMs >= fromMs);
  if (ofDay.length === 0) return undefined;
  const earlier = flows.slice(0, flows.length - ofDay.length);
  return fileOf(ofDay, sumOf(earlier));
}

/**
 * Lists every movement of the basic account until then, in order of time: the balance needs them
 * all.
 */
function flowsBefore({ orders, refunds }: BillDeps, mchid: string, toMs: number): Flow[] {
  return [
    ...orders.paidBetween(mchid, 0, toMs).flatMap(flowsOfPayment),
    ...refunds.acceptedBetween(mchid, 0, toMs).flatMap(flowsOfRefund),
  ]
    .filter(({ atMs }) => atMs < toMs)
    .sort((a, b) => a.atMs - b.atMs);
}

/** Moves the money of a payment in, and its fee out. */
function flowsOfPayment(order: LedgerOrder): Flow[] {
  const fee = feeOf(order.total);
  const common = {
    atMs: order.paidAtMs ?? 0,
    businessNo: order.transactionId ?? '',
    submitter: 'system',
    voucher: order.outTradeNo,
  };
  const remark = `结算总金额${yuan(order.total)}元;含手续费${yuan(fee)}元`;
  const paid: Flow = { ...common, name: '交易', amount: order.total, remark };
  const charged: Flow = { ...common, name: '扣除交易手续费', amount: -fee, remark };
  return fee === 0 ? [paid] : [paid, charged];
}

/**
 * Moves the money of a refund out, less the fee that comes back. Nothing while it has not left, and
 * nothing ever when the refund was closed.
 */
function flowsOfRefund(refund: LedgerRefund): Flow[] {
  const atMs = leftAtMs(refund);
  if (atMs === undefined) return [];
  const { refund: part, feeBack, refundId, outRefundNo, mchid, origin } = refund;
  const flow: Flow = {
    atMs,
    businessNo: refundId,
    name: '退款',
    amount: feeBack - part,
    submitter: origin === 'api' ? `${mchid}API` : mchid,
    remark: `退款总金额${yuan(part)}元;含手续费${yuan(feeBack)}元`,
    voucher: outRefundNo,
  };
  return [flow];
}

/** Tells when a refund's money left the account; an abnormal one has left, and did not arrive. */
function leftAtMs({ moments }: LedgerRefund): number | undefined {
  return moments.find(({ status }) => status === 'SUCCESS' || status === 'ABNORMAL')?.atMs;
}

/** Prints the file; `openingFen` is the balance before its first row. */
function fileOf(flows: readonly Flow[], openingFen: number): string {
  const rows: string[][] = [];
  let balance = openingFen;
  for (const flow of flows) {
    balance += flow.amount;
    rows.push(cellsOf(flow, balance));
  }
  const moneyIn = flows.filter(({ amount }) => amount > 0);
  const moneyOut = flows.filter(({ amount }) => amount <= 0);
  const summary = [
    String(flows.length),
    String(moneyIn.length),
    yuan(sumOf(moneyIn)),
    String(moneyOut.length),
    yuan(Math.abs(sumOf(moneyOut))),
  ];
  return billText({ columns: COLUMNS, rows, summaryColumns: SUMMARY_COLUMNS, summary });
}

function sumOf(flows: readonly Flow[]): number {
  return flows.reduce((total, { amount }) => total + amount, 0);
}

function cellsOf(flow: Flow, balance: number): string[] {
  const { atMs, businessNo, name, amount, submitter, remark, voucher } = flow;
  return [
    plainTime(atMs),
    businessNo,
    flowNo(name, businessNo),
    name,
    name,
    amount > 0 ? '收入' : '支出',
    yuan(Math.abs(amount)),
    yuan(balance),
    submitter,
    remark,
    voucher,
  ];
}

/** Makes a number of its own for each movement (资金流水单号), the same at every download. */
function flowNo(name: string, businessNo: string): string {
  const digest = createHash('sha256').update(`${name} ${businessNo}`).digest('hex');
  return `4200${BigInt(`0x${digest}`).toString().slice(0, 24)}`;
}
