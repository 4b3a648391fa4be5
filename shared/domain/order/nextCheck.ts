/**
 * Decides when WeChat is queried next about an order. Pure. Beside it only a requested close (placement.ts) and a
 * check that brought nothing (unanswered.ts) set a check.
 */

import { decisionAbout } from '../decision.ts';
import { NEVER_LANDED_MS, PAID_QUERY_INTERVAL_MS, QUERY_INTERVAL_MS } from '../limits.ts';
import { ABNORMAL_CHECKED_MS, nextCheckAt, nextRefundCheckAt, triedAgainAt } from '../schedules.ts';
import { isNeverSent, type Order, type OrderDocument } from './order.ts';
import { isPending, mayGiveBack, type Refund } from './refund.ts';

const MINUTE_MS = 60_000;

/**
 * Finds the earliest check of an open order, a requested close, each pending refund, and the other orders of a paid
 * purchase, or null.
 */
export function nextCheckOf(order: OrderDocument, now: Date): Date | null {
  const refunds = order.refunds?.filter((refund) => isToBeChecked(order, refund, now)) ?? [];
  const times = [
    ...(order.kind === 'order' ? [...openTimes(order, now), ...siblingTimes(order, now)] : []),
    ...refunds.map((refund) => nextRefundCheckAt(refund, now).getTime()),
  ];
  return times.length === 0 ? null : new Date(Math.min(...times));
}

/** Other orders of the purchase are looked at by whoever made this one paid, and a minute later by the timer. */
function siblingTimes({ siblingsDueAt }: Order, now: Date): number[] {
  if (siblingsDueAt === undefined) return [];
  return [nextTryAt(new Date(siblingsDueAt.getTime() + MINUTE_MS), now)];
}

/** Tells a pending refund from an abnormal one that waits for nobody any more, or too long. */
function isToBeChecked(order: OrderDocument, refund: Refund, now: Date): boolean {
  const { status, outRefundNo } = refund;
  if (status.state !== 'abnormal') return isPending(refund);
  const left = decisionAbout(order, 'leave', outRefundNo);
  if (left && left.at >= status.abnormalAt) return false;
  return now.getTime() - status.abnormalAt.getTime() < ABNORMAL_CHECKED_MS;
}

function openTimes(order: Order, now: Date): number[] {
  const { state } = order.status;
  if ((state !== 'created' && state !== 'paying') || order.quarantine) return [];
  if (order.unanswered?.endedAt) return [];
  const next = nextQuestionAt(order, now).getTime();
  if (!order.closeDueAt) return [next];
  return [next, nextTryAt(order.closeDueAt, now)];
}

/** Keeps the time of what is not due yet; what is and could not be done is tried later. */
function nextTryAt(dueAt: Date, now: Date): number {
  return (dueAt > now ? dueAt : triedAgainAt('close', dueAt, now)).getTime();
}

/**
 * Finds when there is something to ask. Without a prepay id nobody can have paid: WeChat is asked once the
 * order's request cannot land any more, and never about what was never sent.
 */
function nextQuestionAt(order: Order, now: Date): Date {
  const { status, expiresAt } = order;
  if (status.state !== 'created' || now >= expiresAt) return nextCheckAt(order, now);
  if (isNeverSent(order)) return expiresAt;
  const landsUntilMs = status.placingUntil.getTime() + NEVER_LANDED_MS;
  const askedAtMs = Math.min(landsUntilMs, expiresAt.getTime());
  return askedAtMs > now.getTime() ? new Date(askedAtMs) : nextCheckAt(order, now);
}

/**
 * Tells whether the next check holds money, and so comes before those that only ask: a pending refund, a
 * requested close, the close of an order at its end, or other orders of a purchase that is paid.
 */
export function isUrgent(document: OrderDocument): boolean {
  const { checkAt, refunds } = document;
  if (checkAt === null) return false;
  if (refunds?.some(isPending)) return true;
  if (document.kind === 'orphan') return false;
  const { status, closeDueAt, expiresAt, siblingsDueAt } = document;
  if (siblingsDueAt) return true;
  const isOpen = status.state === 'created' || status.state === 'paying';
  return isOpen && (closeDueAt !== undefined || checkAt >= expiresAt);
}

/** Sets an order's next check; the very same object when that changes nothing. */
export function withNextCheck<D extends OrderDocument>(order: D, now: Date): D {
  const checkAt = nextCheckOf(order, now);
  return checkAt?.getTime() === order.checkAt?.getTime() ? order : { ...order, checkAt };
}

/**
 * Sets the next check of an order that WeChat called unpaid. A close that is due stays so, however often a payer asks:
 * only the timer closes. It leases what it works on, so that after its own tries nothing is due here.
 */
export function withNextQuestion(order: Order, now: Date): Order {
  const closesAt = order.closeDueAt ?? order.expiresAt;
  const isDue = order.checkAt !== null && order.checkAt <= now;
  return isDue && closesAt <= now ? order : withNextCheck(order, now);
}

/**
 * Makes an order due for a check at once, after an unsigned message. A time that has come already stays,
 * or every repeat would be a write; a quarantined order without pending refunds waits for an admin.
 */
export function checkNow<D extends OrderDocument>(order: D, now: Date): D {
  const isDue = order.checkAt !== null && order.checkAt <= now;
  return isDue || !isCheckable(order) ? order : { ...order, checkAt: now };
}

function isCheckable(document: OrderDocument): boolean {
  if (document.refunds?.some(isPending)) return true;
  return document.kind === 'order' && document.quarantine === undefined;
}

/**
 * Tells whether `queryOrder` has WeChat queried about an order: at most every 2 s while it is open; where
 * its payment is certain at most every 10 minutes, and only until we know of money that went back.
 */
export function isWorthQuerying(order: Order, now: Date): boolean {
  const { status, quarantine, queriedAt } = order;
  if (status.state === 'closed') return false;
  const certainSince = status.state === 'paid' ? status.receipt.confirmedAt : quarantine?.at;
  const sinceMs = (at: Date | undefined) => now.getTime() - (at?.getTime() ?? 0);
  if (!certainSince) return sinceMs(queriedAt) >= QUERY_INTERVAL_MS;
  if (order.refundedExternallyAt || order.refunds?.some(mayGiveBack)) return false;
  return Math.min(sinceMs(certainSince), sinceMs(queriedAt)) >= PAID_QUERY_INTERVAL_MS;
}
