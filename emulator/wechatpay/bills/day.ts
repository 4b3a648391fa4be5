import { beijingDay } from '../wire/time.ts';

const HOUR_MS = 3_600_000;
/** To be fetched after 10:00 of the next day. Source: D4012791866. */
const READY_AFTER_MS = 10 * HOUR_MS;
/** The length of a day in Beijing, which knows no summer time. */
export const DAY_MS = 24 * HOUR_MS;
const MAX_AGE_MS = 92 * DAY_MS;

/** The age of a day's bill: of a day that is not over, still being made, to be had, or gone. */
export type BillAge = 'not_over' | 'creating' | 'ready' | 'too_old';

/** Tells the age that the bill of a day (`2026-11-24`) has at an instant. */
export function billAge(day: string, nowMs: number): BillAge {
  if (day >= beijingDay(nowMs)) return 'not_over';
  if (dayStartMs(day) < nowMs - MAX_AGE_MS) return 'too_old';
  return nowMs < dayStartMs(day) + DAY_MS + READY_AFTER_MS ? 'creating' : 'ready';
}

/** Tells when a day (`2026-11-24`) begins in Beijing; NaN for what is no day. */
export function dayStartMs(day: string): number {
  return Date.parse(`${day}T00:00:00+08:00`);
}
