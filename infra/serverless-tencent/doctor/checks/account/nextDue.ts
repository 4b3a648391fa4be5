/** Computes when a 7-field timer falls due; service/cron.ts says what a cron may be. */
import { BEIJING_MS } from '../../../cloud/beijing.ts';
import { CRON_FIELDS } from '../../../service/cron.ts';

const DAY_MS = 86_400_000;
/** The search ends after this: from one 29 February to the next there are at most 8 years. */
const DAYS_MAX = 8 * 366;

/**
 * Finds the first instant after `afterMs` at which the cron falls due, in UTC+8; undefined: never.
 * Day and weekday, both given, mean either. Source: 583/9708.
 */
export function nextDue(cron: string, afterMs: number): number | undefined {
  const parts = cron.trim().split(/\s+/);
  const [seconds = [], minutes = [], hours = []] = parts.map(valuesOf);
  const fromMs = (Math.floor((afterMs + BEIJING_MS) / 1000) + 1) * 1000;
  const firstDay = fromMs - (fromMs % DAY_MS);
  for (let day = 0; day < DAYS_MAX; day += 1) {
    const dayMs = firstDay + day * DAY_MS;
    if (!isDueOn(parts, new Date(dayMs))) continue;
    for (const hour of hours) {
      for (const minute of minutes) {
        const minuteMs = dayMs + (hour * 60 + minute) * 60_000;
        const second = seconds.find((candidate) => minuteMs + candidate * 1000 >= fromMs);
        if (second !== undefined) return minuteMs + second * 1000 - BEIJING_MS;
      }
    }
  }
  return undefined;
}

/**
 * Tells whether the cron falls due on a day; `day` has the Beijing calendar day in its UTC fields.
 */
function isDueOn(parts: readonly string[], day: Date): boolean {
  const has = (index: number, value: number) =>
    valuesOf(parts[index] ?? '*', index).includes(value);
  const dayFits = has(3, day.getUTCDate());
  const weekdayFits = has(5, day.getUTCDay());
  const isEither = parts[3] !== '*' && parts[5] !== '*';
  return (
    has(6, day.getUTCFullYear()) &&
    has(4, day.getUTCMonth() + 1) &&
    (isEither ? dayFits || weekdayFits : dayFits && weekdayFits)
  );
}

function valuesOf(part: string, index: number): number[] {
  const [, min = 0, max = 0] = CRON_FIELDS[index] ?? [];
  const found = part.split(',').flatMap((item) => {
    const [range = '', step] = item.split('/');
    const [from = min, to = step === undefined ? from : max] =
      range === '*' ? [min, max] : range.split('-').map(Number);
    const by = Number(step ?? 1);
    return Array.from(
      { length: Math.floor((to - from) / by) + 1 },
      (_, index) => from + index * by,
    );
  });
  return [...new Set(found)].sort((a, b) => a - b);
}
