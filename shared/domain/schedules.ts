const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** When an unpaid order is asked about, counted from its creation. Source: D4012075249. */
const checksAfterMs = [30 * SECOND, MINUTE, 3 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE];

/** An order that may be paid for days is then asked about so often, in case no callback came. */
const CHECK_EVERY_MS = HOUR;

/** After expiry an order is pursued at growing distances, for as long as it takes. */
const pursuit = { minMs: MINUTE, maxMs: HOUR, shareOfAge: 0.25 };

/** The life of an order as the schedule sees it. */
export interface Course {
  createdAt: Date;
  expiresAt: Date;
}

/**
 * When to ask WeChat next about an unpaid order: the next step of the schedule, then every hour, at
 * the latest its expiry; once expired, after a quarter of the time since (1 minute to 1 hour).
 */
export function nextCheckAt({ createdAt, expiresAt }: Course, now: Date): Date {
  const ageMs = now.getTime() - createdAt.getTime();
  const hourly = (Math.floor(ageMs / CHECK_EVERY_MS) + 1) * CHECK_EVERY_MS;
  const next = createdAt.getTime() + (checksAfterMs.find((afterMs) => afterMs > ageMs) ?? hourly);
  if (now < expiresAt) return new Date(Math.min(next, expiresAt.getTime()));
  const waitMs = (now.getTime() - expiresAt.getTime()) * pursuit.shareOfAge;
  return new Date(now.getTime() + Math.min(Math.max(waitMs, pursuit.minMs), pursuit.maxMs));
}

/**
 * When a refund is asked about, counted from its request: every minute for 5 minutes, then after
 * 5, 10, 20 and 30 minutes more. Source: facts §A7 (D4014959631).
 */
const refundChecksAfterMs = [1, 2, 3, 4, 5, 10, 20, 40, 70].map((minutes) => minutes * MINUTE);

/** Then so often; WeChat tries for 7 days. An abnormal one waits for people, not for WeChat. */
const refundCheckEveryMs = { abnormal: 24 * HOUR, other: HOUR } as const;

/** A refund as the schedule sees it. */
export interface RefundCourse {
  requestedAt: Date;
  status: { state: string };
}

/** When to ask WeChat next about a pending refund. */
export function nextRefundCheckAt({ requestedAt, status }: RefundCourse, now: Date): Date {
  const ageMs = now.getTime() - requestedAt.getTime();
  const isAbnormal = status.state === 'abnormal';
  const everyMs = isAbnormal ? refundCheckEveryMs.abnormal : refundCheckEveryMs.other;
  const later = (Math.floor(ageMs / everyMs) + 1) * everyMs;
  const step = isAbnormal ? undefined : refundChecksAfterMs.find((afterMs) => afterMs > ageMs);
  return new Date(requestedAt.getTime() + (step ?? later));
}

/** Waits between repeats of one call to WeChat inside an invocation. */
export const repeatAfterMs: readonly number[] = [200, 600];

/** Waits of a caller who finds another one placing the same order; then it takes over. */
export const placingWaitsMs: readonly number[] = Array.from({ length: 30 }, () => 250);

/** How long a timer's worker has a due order for itself. */
export const CHECK_LEASE_MS = 2 * MINUTE;

/** When an order that cannot be read is tried again. */
export const UNREADABLE_RETRY_MS = HOUR;
