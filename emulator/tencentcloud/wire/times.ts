const SHANGHAI_MS = 8 * 3_600_000;

/** Writes an instant as scf and the log service do: `2026-11-25 18:13:50`, in UTC+8. */
export function timeText(atMs: number): string {
  return new Date(atMs + SHANGHAI_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** Writes an instant as HTTP routes carry it: `2026-11-25T18:13:50+08:00`. */
export function isoText(atMs: number): string {
  return `${timeText(atMs).replace(' ', 'T')}+08:00`;
}

/** Reads what {@link timeText} writes; undefined when it is no such time. */
export function readTime(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return undefined;
  const atMs = Date.parse(`${text.replace(' ', 'T')}+08:00`);
  return Number.isNaN(atMs) ? undefined : atMs;
}
