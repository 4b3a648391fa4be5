/** Ends the checks of an order about which WeChat answers nothing that can be used. Pure. */

import { CHECKED_UNANSWERED_MS, nextCheckAt } from '../schedules.ts';
import { withEvent } from './event.ts';
import { nextCheckOf, withNextCheck } from './nextCheck.ts';
import type { Order } from './order.ts';

/**
 * Writes down that a check brought nothing: WeChat does not know the order, its merchant is not
 * configured, no token is there. It is tried again by the schedule; when it has expired and nothing came
 * for {@link CHECKED_UNANSWERED_MS}, no more checks are made and the merchant is told, so that a person looks.
 * Whatever arrives by itself, or is queried for a caller, still counts.
 */
export function withoutAnswer(order: Order, code: string, now: Date): Order {
  if (order.status.state === 'paid' || order.quarantine) return withNextCheck(order, now);
  // A closed order that a claim had checked once more owes nothing, and is asked again by its age.
  const next = nextCheckOf(order, now) ?? nextCheckAt(order, now);
  if (now < order.expiresAt) return { ...order, checkAt: next };
  const { since, endedAt } = order.unanswered ?? { since: now };
  if (endedAt) return order.checkAt === null ? order : { ...order, checkAt: null };
  if (now.getTime() - since.getTime() < CHECKED_UNANSWERED_MS) {
    return { ...order, checkAt: next, unanswered: order.unanswered ?? { since, code } };
  }
  const ended = { ...order, checkAt: null, unanswered: { since, code, endedAt: now } };
  return withEvent(ended, 'order.unanswered', now, code);
}

/** Forgets that WeChat did not answer, now that it has: the order is checked by its schedule again. */
export function withAnswer(order: Order): Order {
  if (!order.unanswered) return order;
  const { unanswered: _over, ...answered } = order;
  return answered;
}
