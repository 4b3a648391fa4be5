/** Decides whether a person may give a refund up, so that its sum is free again. Total, pure. */

import { type DecidedBy, withDecision } from '../decision.ts';
import type { OrderDocument } from '../order/order.ts';
import type { Refund } from '../order/refund.ts';
import { endUntaken, goneAt, wasNeverTaken } from './refundAttempts.ts';
import { refundOf } from './requestRefund.ts';

/** Why a refund is not given up. */
export type GiveUpRefusal =
  /** Somebody is sending it at this moment. */
  | { code: 'REFUND_NOT_EXIST' | 'REFUND_PLACING' }
  /** WeChat has it, or has ended it. */
  | { code: 'REFUND_TAKEN'; refund: Refund }
  /** It was sent, and may land still. */
  | { code: 'REFUND_UNCERTAIN'; retryAt: Date };

/** The conclusion, and the order as it is to be stored; the very same object unless it was given up. */
export type GiveUpVerdict<D extends OrderDocument> =
  | { outcome: 'refund_given_up'; order: D; refund: Refund }
  | { outcome: 'refused'; order: D; refusal: GiveUpRefusal };

/** A decision to give a refund up; `isNotFound`: WeChat was queried just now and does not know it. */
export type GiveUp = DecidedBy & {
  outRefundNo: string;
  isNotFound: boolean;
};

/**
 * Gives a refund up that WeChat certainly never took, and records who decided it and why. One that has
 * ended without taking any of the sum is given up already.
 */
export function decideGiveUp<D extends OrderDocument>(
  order: D,
  giveUp: GiveUp,
  now: Date,
): GiveUpVerdict<D> {
  const { outRefundNo, isNotFound, by, reason } = giveUp;
  const refund = refundOf(order, outRefundNo);
  if (!refund) return { outcome: 'refused', order, refusal: { code: 'REFUND_NOT_EXIST' } };
  const { status } = refund;
  if (status.state === 'refused') return { outcome: 'refund_given_up', order, refund };
  if (status.state !== 'requested') {
    return { outcome: 'refused', order, refusal: { code: 'REFUND_TAKEN', refund } };
  }
  if (now < status.placingUntil) {
    return { outcome: 'refused', order, refusal: { code: 'REFUND_PLACING' } };
  }
  if (!wasNeverTaken(status, { isNotFound }, now)) {
    const refusal = { code: 'REFUND_UNCERTAIN', retryAt: goneAt(status) } as const;
    return { outcome: 'refused', order, refusal };
  }
  const decision = { decision: 'giveUpRefund', about: outRefundNo, by, at: now, reason } as const;
  const ended = withDecision(endUntaken(order, refund, 'GIVEN_UP', now), decision);
  return {
    outcome: 'refund_given_up',
    order: ended,
    refund: refundOf(ended, outRefundNo) ?? refund,
  };
}
