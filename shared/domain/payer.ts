/** Counts the orders that a payer begins: so many in a minute, so many unpaid at a time. Pure. */

import { type OrderLimits, PAYER_LOOK_EVERY_MS } from './limits.ts';

/** An order as it is counted. */
export interface CountedOrder {
  outTradeNo: string;
  /** When it was begun. */
  at: Date;
  expiresAt: Date;
  /** It was seen to be paid or closed, or never came to be. */
  ended?: true;
}

/** The orders of one payer that still count. */
export interface Payer {
  openid: string;
  /** The version as read; each write makes the next. 0: there is no document yet. */
  version: number;
  orders: readonly CountedOrder[];
  /** When the orders themselves were last looked at. */
  lookedAt?: Date;
}

/** The result of counting one more order. */
export type Counted =
  /** It is counted already: a repeat. */
  | { kind: 'known' }
  /** It may be begun once the payer is written so. */
  | { kind: 'fits'; payer: Payer }
  /** One too many; `unpaid`: those that keep it out and whose own state is worth a look. */
  | { kind: 'full'; retryAt: Date; unpaid: readonly CountedOrder[] };

const MINUTE_MS = 60_000;

/** Counts one more order. What is neither of this minute nor unpaid any more leaves the document. */
export function countOrder(
  payer: Payer,
  order: CountedOrder,
  limits: OrderLimits,
  now: Date,
): Counted {
  if (payer.orders.some(({ outTradeNo }) => outTradeNo === order.outTradeNo)) {
    return { kind: 'known' };
  }
  const recent = payer.orders.filter((each) => isRecent(each, now));
  const unpaid = payer.orders.filter((each) => isUnpaid(each, now));
  const nextMs = [
    leavesMs(recent.map(minuteEndMs), limits.perMinute),
    leavesMs(unpaid.map(expiryMs), limits.unpaid),
  ];
  const retryMs = Math.max(...nextMs);
  if (retryMs > Number.NEGATIVE_INFINITY) {
    const isMinuteOver = recent.length >= limits.perMinute;
    const isLooked =
      payer.lookedAt && now.getTime() - payer.lookedAt.getTime() < PAYER_LOOK_EVERY_MS;
    return {
      kind: 'full',
      retryAt: new Date(retryMs),
      unpaid: isMinuteOver || isLooked ? [] : unpaid,
    };
  }
  const orders = payer.orders.filter((each) => isRecent(each, now) || isUnpaid(each, now));
  return { kind: 'fits', payer: { ...payer, orders: [...orders, order] } };
}

/** Notes that the orders were looked at, and which of them had ended. */
export function withEnded(payer: Payer, ended: readonly string[], now: Date): Payer {
  const orders = payer.orders.map(
    (each): CountedOrder => (ended.includes(each.outTradeNo) ? { ...each, ended: true } : each),
  );
  return { ...payer, orders, lookedAt: now };
}

/** Takes an order out again that was not begun after all. */
export function withoutOrder(payer: Payer, outTradeNo: string): Payer {
  return { ...payer, orders: payer.orders.filter((each) => each.outTradeNo !== outTradeNo) };
}

const minuteEndMs = ({ at }: Pick<CountedOrder, 'at'>) => at.getTime() + MINUTE_MS;
const expiryMs = ({ expiresAt }: CountedOrder) => expiresAt.getTime();

/** Tells whether an order was begun within the minute, for which it counts whatever becomes of it. */
export function isRecent(order: Pick<CountedOrder, 'at'>, now: Date): boolean {
  return minuteEndMs(order) > now.getTime();
}

function isUnpaid(order: CountedOrder, now: Date): boolean {
  return !order.ended && expiryMs(order) > now.getTime();
}

/** Finds when so many have left that one more fits; minus infinity where it fits now. */
function leavesMs(endsMs: readonly number[], max: number): number {
  const ends = [...endsMs].sort((a, b) => a - b);
  return ends[ends.length - max] ?? Number.NEGATIVE_INFINITY;
}
