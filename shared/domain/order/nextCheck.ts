/** Decides when WeChat is queried next about an order: no other file does. Pure. */

import { nextCheckAt, nextRefundCheckAt } from '../schedules.ts';
import { isNeverSent, type Order } from './order.ts';
import { isPending } from './refund.ts';

const MINUTE_MS = 60_000;

/** Finds the earliest check of an open order, a requested close and each pending refund, or null. */
export function nextCheckOf(order: Order, now: Date): Date | null {
  const refunds = order.refunds?.filter(isPending) ?? [];
  const times = [
    ...openTimes(order, now),
    ...refunds.map((refund) => nextRefundCheckAt(refund, now).getTime()),
  ];
  return times.length === 0 ? null : new Date(Math.min(...times));
}

function openTimes(order: Order, now: Date): number[] {
  const { state } = order.status;
  if ((state !== 'created' && state !== 'paying') || order.quarantine) return [];
  const isUnsent = isNeverSent(order) && now < order.expiresAt;
  // Of what was never sent there is nothing to ask.
  const next = (isUnsent ? order.expiresAt : nextCheckAt(order, now)).getTime();
  if (!order.closeDueAt) return [next];
  // A requested close keeps its time; one that is due and could not be done is tried in a minute.
  const dueMs = order.closeDueAt.getTime();
  return [next, dueMs > now.getTime() ? dueMs : now.getTime() + MINUTE_MS];
}

/**
 * Tells whether the next check holds money, and so comes before those that only ask: a pending refund, a
 * requested close, or the close of an order at its end.
 */
export function isUrgent({ status, checkAt, closeDueAt, expiresAt, refunds }: Order): boolean {
  if (checkAt === null || status.state === 'closed') return false;
  if (status.state === 'paid') return refunds?.some(isPending) ?? false;
  return closeDueAt !== undefined || checkAt >= expiresAt;
}

/** Sets an order's next check; the very same object when that changes nothing. */
export function withNextCheck(order: Order, now: Date): Order {
  const checkAt = nextCheckOf(order, now);
  return checkAt?.getTime() === order.checkAt?.getTime() ? order : { ...order, checkAt };
}

/**
 * Makes an order due for a check at once, after an unsigned message. A time that has come already stays,
 * or every repeat would be a write; a quarantined order waits for an admin.
 */
export function checkNow(order: Order, now: Date): Order {
  const isDue = order.checkAt !== null && order.checkAt <= now;
  return isDue || order.quarantine ? order : { ...order, checkAt: now };
}
