import { Cron as Schedule } from 'croner';

/** The timer expressions that SCF documents, field by field. Source: 583/9708. */
const NUMBER = '\\d{1,2}';
const MONTH = `${NUMBER}|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC`;
const WEEKDAY = '[0-6]|SUN|MON|TUE|WED|THU|FRI|SAT';
const FIELDS = [
  ['second', formOf(NUMBER)],
  ['minute', formOf(NUMBER)],
  ['hour', formOf(NUMBER)],
  ['day', formOf(NUMBER, '\\?', 'L', 'LW', `${NUMBER}W`)],
  ['month', formOf(MONTH)],
  ['weekday', formOf(WEEKDAY, '\\?', '[0-6]L', '[0-6]#[1-5]')],
  ['year', formOf('19[7-9]\\d|20\\d\\d')],
] as const;

/** A field is a list of values, ranges and steps, or one of the signs that stand alone. */
function formOf(value: string, ...signs: string[]): RegExp {
  const item = `(?:\\*|(?:${value})(?:-(?:${value}))?)(?:/\\d{1,2})?`;
  return new RegExp(`^(?:${[`${item}(?:,${item})*`, ...signs].join('|')})$`);
}

/** The first instant after the years that a field may name. */
const END_MS = Date.parse('2100-01-01T00:00:00+08:00');

/** A timer expression that was read. */
export interface Cron {
  text: string;
  /**
   * Finds the first instant after `afterMs` (milliseconds since the epoch) at which it falls due,
   * in UTC+8; undefined when it never will.
   */
  nextAfter(afterMs: number): number | undefined;
}

/**
 * Says what is wrong with a timer expression, undefined if nothing is: seven fields (s m h day
 * month weekday year) with one blank between them. SCF also takes a legacy form of five fields,
 * which CloudBase refuses.
 */
export function cronFault(text: string): string | undefined {
  const parts = text.split(' ');
  if (parts.length !== FIELDS.length) {
    return `应为 7 段：秒 分 时 日 月 星期 年 (7 fields: s m h day month weekday year)`;
  }
  const wrong = FIELDS.findIndex(([, form], at) => !isWellFormed(form, at, parts[at] ?? ''));
  const name = FIELDS[wrong]?.[0];
  return name && `${name} 段 "${parts[wrong]}" 不合法 (this field is not well-formed)`;
}

function isWellFormed(form: RegExp, at: number, part: string): boolean {
  if (!form.test(part)) return false;
  try {
    scheduleOf(FIELDS.map((_, index) => (index === at ? part : '*')).join(' '));
    return true;
  } catch {
    // Of a form that is right, only a value out of its range is refused.
    return false;
  }
}

/** Reads a timer expression; throws with the name of the field that is wrong. */
export function parseCron(text: string): Cron {
  const fault = cronFault(text);
  if (fault) throw new Error(`cron "${text}": ${fault}`);
  const schedule = scheduleOf(text);
  return {
    text,
    nextAfter: (afterMs) => {
      const ms = schedule.nextRun(new Date(afterMs))?.getTime() ?? END_MS;
      return ms < END_MS ? ms : undefined;
    },
  };
}

function scheduleOf(text: string): Schedule {
  // Day and weekday, both given, mean either; `5/10` is every tenth from the fifth on.
  return new Schedule(text, { paused: true, mode: '7-part', utcOffset: 480, sloppyRanges: true });
}
