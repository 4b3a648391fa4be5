import type { CashierAnswer } from './cashierAnswer.ts';
import type { Outcome, QueryOrderAnswer, Refusal } from './types.ts';

/** Holds what the server has of an order. */
export interface Found {
  /** Absent where no number is known. */
  outTradeNo?: string;
  /** Absent where the server did not answer, or has none. */
  order?: QueryOrderAnswer;
  /** There is no such order, as far as the server's last answer goes. */
  isNone?: boolean;
}

type Status = Outcome['status'];

const TEXTS: Record<Status, string> = {
  paid: '支付成功',
  cancelled: '已取消支付',
  failed: '支付未完成，没有扣款',
  unknown: '支付结果确认中，请勿重复付款',
};
const MISMATCH = '付款与订单不符，请联系商家';
const OVER = '订单已失效，请重新下单';
const REFUSALS: Record<string, string> = {
  PRICE_CHANGED: '价格有变，请重新下单',
  ORDERCLOSED: OVER,
  ORDER_EXPIRED: OVER,
  TOO_MANY_ORDERS: '未付款的订单过多，请稍后再试',
  ORDER_QUARANTINED: MISMATCH,
  ORDERPAID: TEXTS.unknown,
};
const NOT_ORDERED = '下单未完成，没有扣款';
const NOT_REACHED = '网络异常，支付结果确认中，请勿重复付款';

/** Says how an order ended whose cashier was opened, by what the host and then the server say. */
export function paymentOutcome(host: CashierAnswer, found: Found, raw: unknown): Outcome {
  const { order } = found;
  const status = statusOfPayment(host, order);
  const isMismatch = status === 'unknown' && order && order.quarantined;
  return { status, text: isMismatch ? MISMATCH : TEXTS[status], raw, ...numberAndOrder(found) };
}

/** Only the server says that something was paid, or that nothing was. */
function statusOfPayment(host: CashierAnswer, order: QueryOrderAnswer | undefined): Status {
  if (!order) return 'unknown';
  if (order.state === 'paid') return 'paid';
  if (order.quarantined || host === 'ok') return 'unknown';
  if (host === 'cancel') return 'cancelled';
  return host === 'fail' || order.state === 'closed' ? 'failed' : 'unknown';
}

/** Says how an order ended that was not placed; one that is named may have been paid before. */
export function refusalOutcome(refused: Refusal, found: Found): Outcome {
  const { errCode: code, quoteMsg } = refused;
  const status = statusOfRefused(refused, found);
  const known = REFUSALS[code];
  const texts: Record<string, unknown> = {
    paid: TEXTS.paid,
    failed: quoteMsg || known || NOT_ORDERED,
    unknown: known || NOT_REACHED,
  };
  return { status, text: `${texts[status]}`, code, raw: refused, ...numberAndOrder(found) };
}

/** A failure of the platform, which has its `raw`, says nothing of money, whatever its words. */
function statusOfRefused(
  { errCode: code, raw }: Refusal,
  { outTradeNo, order, isNone }: Found,
): Status {
  const isPaid = code === 'ORDERPAID' && !raw;
  if (order ? order.state === 'paid' : isPaid && !(outTradeNo && isNone)) return 'paid';
  const isUncertain = order ? order.quarantined : !isNone;
  return isPaid || isUncertain || code === 'ORDER_QUARANTINED' ? 'unknown' : 'failed';
}

function numberAndOrder({ isNone, ...known }: Found): Pick<Outcome, 'outTradeNo' | 'order'> {
  return known;
}
