import type { Answer, QueryOrderAnswer, QueryRefundAnswer, RefundView } from 'scf-wechatpay-client';
import { totalOf } from './cart';
import { yuanOf } from './money';
import type { Purchase } from './storage';

/** The colour of a state; each is one of TDesign's themes of tags. */
type Theme = 'default' | 'primary' | 'success' | 'warning' | 'danger';
interface State {
  text: string;
  theme: Theme;
}

/** A refund as its payer sees it. */
export interface RefundRow extends State {
  outRefundNo: string;
  fee: string;
  reason: string;
}

/** An order as its payer sees it. */
export interface OrderView extends State {
  purchaseId: string;
  outTradeNo: string;
  title: string;
  fee: string;
  /** Beijing time, as `2026-12-01 10:00:00`; empty while nothing is paid. */
  paidAt: string;
  refunds: RefundRow[];
  refunded: string;
  mayPay: boolean;
}

const REFUNDING: State = { text: '退款中', theme: 'warning' };
const REFUNDS: Record<RefundView['state'], State> = {
  requested: REFUNDING,
  processing: REFUNDING,
  // Accepted, and not confirmed: the merchant looks into it.
  unverified: REFUNDING,
  success: { text: '已退款', theme: 'success' },
  abnormal: { text: '退款异常，商家处理中', theme: 'danger' },
  closed: { text: '退款已关闭', theme: 'default' },
  refused: { text: '退款未受理', theme: 'default' },
};
const UNKNOWN: State = { text: '暂时查不到，请下拉刷新', theme: 'default' };
const MISMATCH: State = { text: '付款与订单不符，请联系商家', theme: 'danger' };

/** Shows an order by the server's answers; what the phone has of it fills in where there are none. */
export function viewOfOrder(
  purchase: Purchase,
  order?: Answer<QueryOrderAnswer>,
  refunds?: Answer<QueryRefundAnswer>,
): OrderView {
  const known = order?.errCode === 0 ? (order as QueryOrderAnswer) : undefined;
  const found = refunds?.errCode === 0 ? (refunds as QueryRefundAnswer) : undefined;
  const { purchaseId, lines, outTradeNo = '' } = purchase;
  const { timeEnd = '', totalFee = totalOf(lines).fee, paidFee = totalFee } = known ?? {};
  return {
    ...stateOf(known, found),
    purchaseId,
    outTradeNo,
    title: known?.body ?? lines.map(({ name, count }) => `${name} × ${count}`).join('、'),
    fee: yuanOf(paidFee),
    paidAt: timeEnd.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3 $4:$5:$6'),
    refunds: (found?.refunds ?? []).map(rowOf),
    refunded: found ? yuanOf(found.refundedFee) : '',
    mayPay: known ? isOpen(known) : outTradeNo === '',
  };
}

function isOpen({ state, quarantined }: QueryOrderAnswer): boolean {
  return (state === 'created' || state === 'paying') && !quarantined;
}

function rowOf({ outRefundNo, refundFee, refundDesc = '', state }: RefundView): RefundRow {
  return { ...REFUNDS[state], outRefundNo, fee: yuanOf(refundFee), reason: refundDesc };
}

function stateOf(order?: QueryOrderAnswer, found?: QueryRefundAnswer): State {
  if (!order) return UNKNOWN;
  if (order.quarantined) return MISMATCH;
  if (order.state === 'closed') return { text: '已关闭', theme: 'default' };
  if (order.state !== 'paid') return { text: '待付款', theme: 'primary' };
  if (order.tradeState !== 'REFUND') return { text: '已付款', theme: 'success' };
  return found ? stateOfRefunds(order, found) : { text: '有退款', theme: 'warning' };
}

/** The refund that needs a look decides; then those under way; then how much went back. */
function stateOfRefunds(
  order: QueryOrderAnswer,
  { refunds, refundedFee }: QueryRefundAnswer,
): State {
  const states = refunds.map(({ state }) => REFUNDS[state]);
  const open =
    states.find(({ theme }) => theme === 'danger') ?? states.find((each) => each === REFUNDING);
  if (open) return open;
  const { paidFee = order.totalFee } = order;
  if (refundedFee >= paidFee) return { text: '已全额退款', theme: 'success' };
  // Of a refund in WeChat's own console the sum may be unknown.
  return { text: refundedFee > 0 ? '已部分退款' : '有退款', theme: 'warning' };
}
