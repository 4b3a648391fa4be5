/** SCF's timer expressions have 7 fields, in UTC+8. China has no daylight saving. */
const SHANGHAI_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

const FIELDS = [
  { name: 'second', min: 0, max: 59 },
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12 },
  { name: 'weekday', min: 0, max: 6 },
  { name: 'year', min: 1970, max: 2099 },
] as const;

type Field = (typeof FIELDS)[number];

/**
 * Each field admits these values, ascending; `either`: day and weekday are both given, which means
 * OR.
 */
export type Cron = Record<Field['name'], readonly number[]> & { either: boolean };

/**
 * Reads `second minute hour day month weekday year` (定时触发器): `*`, `a`, `a-b`, `a,b` and steps
 * (a slash and a number after a star or range) in each field, 0 is Sunday. Throws with the field's
 * name on anything else, the legacy five-field form included.
 */
export function parseCron(text: string): Cron {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) {
    throw new Error(`cron "${text}": 7 fields are needed (s m h day month weekday year)`);
  }
  const values: Partial<Record<Field['name'], readonly number[]>> = {};
  for (const [i, field] of FIELDS.entries()) values[field.name] = valuesOf(parts[i] ?? '', field);
  const either = parts[3] !== '*' && parts[5] !== '*';
  return { ...(values as Record<Field['name'], readonly number[]>), either };
}

function valuesOf(text: string, field: Field): number[] {
  const values = new Set(text.split(',').flatMap((part) => rangeOf(part, field)));
  return [...values].sort((a, b) => a - b);
}

function rangeOf(part: string, { name, min, max }: Field): number[] {
  const read = /^(?:(\*)|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
  if (!read) throw new Error(`cron ${name}: "${part}" is none of *, a, a-b, */n`);
  const [, star, low, high, step] = read;
  const from = star ? min : Number(low);
  const last = star || step !== undefined ? max : from;
  const to = high === undefined ? last : Number(high);
  const by = Number(step ?? 1);
  if (from < min || to > max || from > to || by < 1) {
    throw new Error(`cron ${name}: "${part}" is outside ${min} to ${max}`);
  }
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, i) => from + i * by);
}

/**
 * Finds the first instant after `afterMs` (milliseconds since the epoch) at which `cron` falls due,
 * in UTC+8; undefined when it never will.
 */
export function nextAfter(cron: Cron, afterMs: number): number | undefined {
  const startMs = (Math.floor((afterMs + SHANGHAI_MS) / 1000) + 1) * 1000;
  const endMs = Date.UTC((cron.year.at(-1) ?? 0) + 1, 0, 1);
  for (let dayMs = startMs - (startMs % DAY_MS); dayMs < endMs; dayMs += DAY_MS) {
    if (!fallsOn(cron, new Date(dayMs))) continue;
    const second = secondOfDay(cron, Math.max(0, startMs - dayMs) / 1000);
    if (second !== undefined) return dayMs + second * 1000 - SHANGHAI_MS;
  }
  return undefined;
}

/** `day` holds the Shanghai calendar day in its UTC fields. */
function fallsOn(cron: Cron, day: Date): boolean {
  const dayFits = cron.day.includes(day.getUTCDate());
  const weekdayFits = cron.weekday.includes(day.getUTCDay());
  return (
    cron.year.includes(day.getUTCFullYear()) &&
    cron.month.includes(day.getUTCMonth() + 1) &&
    (cron.either ? dayFits || weekdayFits : dayFits && weekdayFits)
  );
}

function secondOfDay(cron: Cron, from: number): number | undefined {
  for (const hour of cron.hour) {
    if ((hour + 1) * 3600 <= from) continue;
    for (const minute of cron.minute) {
      const start = hour * 3600 + minute * 60;
      const second = cron.second.find((s) => start + s >= from);
      if (second !== undefined) return start + second;
    }
  }
  return undefined;
}
