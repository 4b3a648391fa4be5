import { createHash } from 'node:crypto';
import { feeOf } from '../orders/fee.ts';
import type { LedgerOrder } from '../orders/ledger.ts';
import type { LedgerRefund } from '../refunds/ledger.ts';
import { billText, billTime, yuan } from './text.ts';

/** Columns of a fund-flow bill. Source: `format-fundflow`. */
const columns =
  '记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号';
const summaryColumns = '资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额';

/** One movement of the merchant's basic account (基本账户); `amount` in fen, less than 0 is money out. */
export interface Flow {
  atMs: number;
  businessNo: string;
  name: '交易' | '扣除交易手续费' | '退款';
  amount: number;
  submitter: string;
  remark: string;
  voucher: string;
}

/** What a payment moves: the money in, the fee out. */
export function flowsOfPayment(order: LedgerOrder): Flow[] {
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
 * What a refund moves: the money out, less the fee that comes back. Nothing while it has not left, and
 * nothing ever when the refund was closed.
 */
export function flowsOfRefund(refund: LedgerRefund): Flow[] {
  const atMs = leftAtMs(refund);
  if (atMs === undefined) return [];
  const { refund: part, feeBack, refundId, outRefundNo, mchid, origin } = refund;
  const remark = `退款总金额${yuan(part)}元;含手续费${yuan(feeBack)}元`;
  const submitter = origin === 'api' ? `${mchid}API` : mchid;
  const amount = feeBack - part;
  return [
    { atMs, businessNo: refundId, name: '退款', amount, submitter, remark, voucher: outRefundNo },
  ];
}

/** When a refund's money left the account; an abnormal one has left, and did not arrive. */
function leftAtMs({ moments }: LedgerRefund): number | undefined {
  return moments.find(({ status }) => status === 'SUCCESS' || status === 'ABNORMAL')?.atMs;
}

/** Prints a day's fund-flow bill (资金账单); `openingFen` is the balance before its first row. */
export function fundFlowFile(flows: readonly Flow[], openingFen: number): string {
  let balance = openingFen;
  const rows = flows.map((flow) => {
    balance += flow.amount;
    return cells(flow, balance);
  });
  const into = flows.filter(({ amount }) => amount > 0);
  const out = flows.filter(({ amount }) => amount <= 0);
  const sum = (some: readonly Flow[]) => some.reduce((total, { amount }) => total + amount, 0);
  return billText(columns, rows, summaryColumns, [
    String(flows.length),
    String(into.length),
    yuan(sum(into)),
    String(out.length),
    yuan(Math.abs(sum(out))),
  ]);
}

function cells(flow: Flow, balance: number): string[] {
  const { atMs, businessNo, name, amount, submitter, remark, voucher } = flow;
  return [
    billTime(atMs),
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

/** A number of its own for each movement (资金流水单号), the same at every download. */
function flowNo(name: string, businessNo: string): string {
  const digest = createHash('sha256').update(`${name} ${businessNo}`).digest('hex');
  return `4200${BigInt(`0x${digest}`).toString().slice(0, 24)}`;
}
