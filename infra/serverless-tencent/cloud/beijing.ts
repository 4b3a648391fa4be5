/** UTC+8 the whole year: what timers, bills and the log service take for time. Milliseconds. */
export const BEIJING_MS = 8 * 3_600_000;

/** An instant as a clock in Beijing shows it: `YYYY-MM-DD HH:mm:ss`. */
export function beijingTime(ms: number): string {
  return new Date(ms + BEIJING_MS).toISOString().slice(0, 19).replace('T', ' ');
}
