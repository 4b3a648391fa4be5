import { totalOf } from './cart';
import { yuanOf } from './money';
import type { Ending, Purchase } from './storage';

/** A way on from the page of a result. */
export interface NextStep {
  to: 'order' | 'pay' | 'check' | 'shop';
  text: string;
}

/** How a payment ended, for its payer to see. */
export interface OutcomeView {
  picture: string;
  title: string;
  note: string;
  /** The first is the one to take. */
  steps: NextStep[];
}

const ORDER: NextStep = { to: 'order', text: '查看订单' };
const SHOP: NextStep = { to: 'shop', text: '继续逛逛' };

const VIEWS: Record<Ending['status'], { note: string; steps: NextStep[] }> = {
  paid: { note: '商家已收到付款', steps: [ORDER, SHOP] },
  cancelled: { note: '订单已保留，可以继续付款', steps: [{ to: 'pay', text: '继续付款' }, SHOP] },
  failed: { note: '可以重新付款，不会付两次', steps: [{ to: 'pay', text: '重新付款' }, SHOP] },
  unknown: {
    note: '可能已经扣款，查清之前不必再付',
    steps: [{ to: 'check', text: '再查一次' }, ORDER],
  },
};

/** Refusals that another payment would not end. */
const REFUSALS: Record<string, { note: string; steps: NextStep[] }> = {
  PRICE_CHANGED: { note: '没有扣款', steps: [{ to: 'pay', text: '看看新价格' }, SHOP] },
  QUOTE_REFUSED: { note: '没有扣款', steps: [{ to: 'shop', text: '返回商店' }] },
};

/** Shows how a purchase ended; before it has ended that is not known. */
export function viewOfOutcome({ lines, ending }: Purchase): OutcomeView {
  const { status, text, code = '' } = ending ?? { status: 'unknown', text: '支付结果确认中' };
  const { note, steps } = (status === 'failed' && REFUSALS[code]) || VIEWS[status];
  return {
    picture: `/images/${status}.svg`,
    title: text,
    note: status === 'paid' ? `${yuanOf(totalOf(lines).fee)} ${note}` : note,
    steps,
  };
}
