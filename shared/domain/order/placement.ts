/** Decides what may be done with an order that somebody wants to pay or to close. Pure. */
import {
  CLOSE_MIN_AGE_MS,
  NEVER_LANDED_MS,
  PREPAY_FRESH_MS,
  REPLACE_MARGIN_MS,
  SENT_AFTER_LEASE_MS,
} from '../limits.ts';
import { isNeverSent, type Order, type Prepay } from './order.ts';

/** Why an order cannot be paid (any more). */
export type Unpayable =
  | 'ORDERPAID'
  | 'ORDERCLOSED'
  | 'ORDER_EXPIRED'
  | 'ORDER_QUARANTINED'
  | 'CLOSE_SCHEDULED';

/** The next step for a caller who wants to pay. */
export type Placement =
  | { kind: 'answer'; prepay: Prepay }
  /** WeChat is requested for a (fresh) prepay id with the frozen request. */
  | { kind: 'prepay' }
  /** Another caller is placing this order right now. */
  | { kind: 'wait' }
  | { kind: 'refuse'; code: Unpayable };

/**
 * Decides what a caller who wants to pay gets; never a payable order past its expiry. A prepay id is handed
 * out again while it is younger than `freshMs`, and where no request for a fresh one may follow any more.
 */
export function placementOf(order: Order, now: Date, freshMs: number): Placement {
  const { status } = order;
  if (status.state === 'paid') return { kind: 'refuse', code: 'ORDERPAID' };
  if (status.state === 'closed') return { kind: 'refuse', code: 'ORDERCLOSED' };
  if (order.quarantine) return { kind: 'refuse', code: 'ORDER_QUARANTINED' };
  if (order.closeDueAt) return { kind: 'refuse', code: 'CLOSE_SCHEDULED' };
  if (now >= order.expiresAt) return { kind: 'refuse', code: 'ORDER_EXPIRED' };
  if (status.state === 'created' && now < status.placingUntil) return { kind: 'wait' };
  const left = order.expiresAt.getTime() - now.getTime();
  const isTooLate = left < REPLACE_MARGIN_MS;
  if (status.state === 'paying') {
    const age = now.getTime() - status.prepayIssuedAt.getTime();
    if (age < (isTooLate ? PREPAY_FRESH_MS : freshMs)) return { kind: 'answer', prepay: status };
  }
  return isTooLate ? { kind: 'refuse', code: 'ORDER_EXPIRED' } : { kind: 'prepay' };
}

/**
 * Finds the first instant at which an order may be closed at WeChat: the link's minimum age after its last
 * prepay answer; one without prepay id only when its request cannot land any more, at once if none was sent.
 */
export function closableAt(order: Order, minAgeMs: number = CLOSE_MIN_AGE_MS[order.link]): Date {
  if (order.status.state === 'paying') {
    return new Date(order.status.prepayIssuedAt.getTime() + minAgeMs);
  }
  if (order.status.state !== 'created' || isNeverSent(order)) return order.createdAt;
  return new Date(order.status.placingUntil.getTime() + Math.max(minAgeMs, NEVER_LANDED_MS));
}

/** Finds the last instant at which its sender may send an order: never once it expired. */
export function orderSentUntil({ status, expiresAt }: Order): Date {
  const expiresMs = expiresAt.getTime() - 1;
  if (status.state !== 'created') return new Date(expiresMs);
  return new Date(Math.min(expiresMs, status.placingUntil.getTime() + SENT_AFTER_LEASE_MS));
}

/** Schedules a close; a second request keeps the first time. */
export function scheduleClose(order: Order, at: Date, checkAt: Date = at): Order {
  return order.closeDueAt ? order : { ...order, closeDueAt: at, checkAt };
}
