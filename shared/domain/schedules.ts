const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** When an unpaid order is queried, counted from its creation. Source: D4012075249. */
const CHECKS_AFTER_MS = [30 * SECOND, MINUTE, 3 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE];

/** A step so soon after a question would learn nothing: the next one is taken. */
const TOO_SOON_MS = 20 * SECOND;

/** A step so shortly before the expiry is left to the close, which tells of a payment too. */
const LEFT_TO_CLOSE_MS = MINUTE;

/** How often an order that may be paid for days is queried then, in case no callback came. */
const CHECK_EVERY_MS = HOUR;

/** Spaces the tries of what is due and could not be done, for as long as it takes. */
const TRIED_AGAIN = { minMs: MINUTE, shareOfAge: 0.25 };

/** Bounds those distances: a question costs only time, an order that should be closed can still be paid. */
const TRIED_AT_LEAST_EVERY_MS = { question: HOUR, close: 10 * MINUTE } as const;

/** The life of an order as the schedule sees it. */
export interface OrderTimes {
  createdAt: Date;
  expiresAt: Date;
}

/**
 * Finds when WeChat is queried next about an unpaid order: the next step of the schedule that is not too
 * soon, then hourly, at the latest its expiry; once expired, after a quarter of the time since (1 minute to
 * 1 hour).
 */
export function nextCheckAt({ createdAt, expiresAt }: OrderTimes, now: Date): Date {
  const ageMs = now.getTime() - createdAt.getTime();
  const hourly = (Math.floor(ageMs / CHECK_EVERY_MS) + 1) * CHECK_EVERY_MS;
  const step = CHECKS_AFTER_MS.find((afterMs) => afterMs - ageMs >= TOO_SOON_MS);
  const next = createdAt.getTime() + (step ?? hourly);
  if (now < expiresAt) {
    return next > expiresAt.getTime() - LEFT_TO_CLOSE_MS ? expiresAt : new Date(next);
  }
  return triedAgainAt('question', expiresAt, now);
}

/** Finds when what was due is tried again: after a quarter of the time since, from 1 minute to its longest. */
export function triedAgainAt(
  what: keyof typeof TRIED_AT_LEAST_EVERY_MS,
  dueAt: Date,
  now: Date,
): Date {
  const waitMs = (now.getTime() - dueAt.getTime()) * TRIED_AGAIN.shareOfAge;
  const maxMs = TRIED_AT_LEAST_EVERY_MS[what];
  return new Date(now.getTime() + Math.min(Math.max(waitMs, TRIED_AGAIN.minMs), maxMs));
}

/**
 * When a refund is queried, counted from its request: every minute for 5 minutes, then after
 * 5, 10, 20 and 30 minutes more. Source: D4014959631.
 */
const REFUND_CHECKS_AFTER_MS = [1, 2, 3, 4, 5, 10, 20, 40, 70].map((minutes) => minutes * MINUTE);

/** How often a refund is queried then; WeChat tries for 7 days. An abnormal one waits for people, not WeChat. */
const REFUND_CHECK_EVERY_MS = { abnormal: 24 * HOUR, other: HOUR } as const;

/** A refund as the schedule sees it. */
export interface RefundTimes {
  requestedAt: Date;
  status: { state: string };
}

/**
 * How long an abnormal refund is queried, once a day; after that whoever pays it out calls `queryRefund`, or
 * WeChat notifies.
 */
export const ABNORMAL_CHECKED_MS = 90 * 24 * HOUR;

/** How long after its request a refund that WeChat has not taken needs a human. */
export const REFUND_ATTENTION_AFTER_MS = HOUR;

/** Finds when WeChat is queried next about a pending refund. */
export function nextRefundCheckAt({ requestedAt, status }: RefundTimes, now: Date): Date {
  const ageMs = now.getTime() - requestedAt.getTime();
  const isAbnormal = status.state === 'abnormal';
  const everyMs = isAbnormal ? REFUND_CHECK_EVERY_MS.abnormal : REFUND_CHECK_EVERY_MS.other;
  const later = (Math.floor(ageMs / everyMs) + 1) * everyMs;
  const step = isAbnormal ? undefined : REFUND_CHECKS_AFTER_MS.find((afterMs) => afterMs > ageMs);
  return new Date(requestedAt.getTime() + (step ?? later));
}

/** Waits between repeats of one call to WeChat inside an invocation. */
export const RETRY_WAITS_MS: readonly number[] = [200, 600];

/** Waits of a caller while another one places the same order; after them it takes over. */
export const PLACING_WAITS_MS: readonly number[] = Array.from({ length: 30 }, () => 250);

/**
 * How long an expired order is checked while no answer to it can be used; WeChat closes what is unpaid
 * after 7 days itself (D4012791859).
 */
export const CHECKED_UNANSWERED_MS = 7 * 24 * HOUR;

/** How long a timer's worker has a due order for itself. */
export const CHECK_LEASE_MS = 2 * MINUTE;

/** How long a timer without cloud pay's token leaves a due order to one that has it. */
export const LEFT_TO_TOKEN_MS = HOUR;

/** When an order that cannot be read is tried again. */
export const UNREADABLE_RETRY_MS = HOUR;

/**
 * When the next attempt at a delivery is made, counted from the last one; the schedule ends with an
 * attempt {@link DELIVERY_ENDS_AFTER_MS} after its beginning. Source: `standard-webhooks`.
 */
export const DELIVERY_DELAYS_MS: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** When a delivery that has not arrived is parked. */
export const DELIVERY_ENDS_AFTER_MS = 72 * HOUR;

/** The longest that one attempt at a delivery waits for the merchant's answer. */
export const DELIVERY_TIMEOUT_MS = 15 * SECOND;

/** How long an attempt has its event for itself: the call, and the write of its outcome. */
export const DELIVERY_CLAIM_MS = 30 * SECOND;
