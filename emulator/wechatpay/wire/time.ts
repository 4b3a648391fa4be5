const OFFSET_MS = 8 * 3_600_000;

/** Prints an instant in Beijing time: `2026-11-24T08:30:00+08:00`. */
export function rfc3339(ms: number): string {
  return `${new Date(ms + OFFSET_MS).toISOString().slice(0, 19)}+08:00`;
}

/** Prints an instant as bills and APIv2 do: `2026-11-24 10:00:00`, Beijing time. */
export function plainTime(ms: number): string {
  return rfc3339(ms).slice(0, 19).replace('T', ' ');
}

/** Tells the calendar day in Beijing, `2026-11-24`. */
export function beijingDay(ms: number): string {
  return rfc3339(ms).slice(0, 10);
}

/** Prints the calendar day in Beijing as WeChat's own numbers carry it: `20261124`. */
export function compactDay(ms: number): string {
  return beijingDay(ms).replaceAll('-', '');
}
