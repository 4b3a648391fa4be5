/**
 * Beijing's distance from UTC the whole year, by which timers, bills and the log service tell time.
 * Milliseconds.
 */
export const BEIJING_MS = 8 * 3_600_000;

/** Writes an instant as a clock in Beijing shows it: `YYYY-MM-DD HH:mm:ss`. */
export function beijingTime(ms: number): string {
  return new Date(ms + BEIJING_MS).toISOString().slice(0, 19).replace('T', ' ');
}
