import { Cron } from 'croner';

/** One field of a timer expression: the range that a fault names, and the forms of its values. */
interface Field {
  name: string;
  range: string;
  /** One value, as a pattern; a range or list is made of these. */
  value: string;
  /** Signs that stand alone in the field, as a pattern, and how a fault names them. */
  special?: { pattern: string; text: string };
}

const MONTHS = 'JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC';
const WEEKDAYS = 'SUN|MON|TUE|WED|THU|FRI|SAT';
const NUMBER = '\\d{1,2}';

/** The seven fields of a timer trigger (定时触发器), in order. Source: 583/9708. */
const FIELDS: readonly Field[] = [
  { name: '秒 (second)', range: '0 到 59', value: NUMBER },
  { name: '分 (minute)', range: '0 到 59', value: NUMBER },
  { name: '时 (hour)', range: '0 到 23', value: NUMBER },
  {
    name: '日 (day)',
    range: '1 到 31',
    value: NUMBER,
    special: { pattern: `\\?|LW?|${NUMBER}W`, text: '?、L、LW、10W' },
  },
  {
    name: '月 (month)',
    range: '1 到 12',
    value: `${NUMBER}|${MONTHS}`,
    special: { pattern: MONTHS, text: 'JAN … DEC' },
  },
  {
    name: '星期 (weekday)',
    range: '0 到 6',
    value: `[0-6]|${WEEKDAYS}`,
    special: { pattern: '\\?|[0-6]L|[0-6]#[1-5]', text: 'SUN … SAT、?、5L、4#2' },
  },
  { name: '年 (year)', range: '1970 到 2099', value: '19[7-9]\\d|20\\d\\d' },
];

/** An expression ends with the last year that a field may name. */
const END_MS = Date.parse('2100-01-01T00:00:00+08:00');

/**
 * Finds what is wrong with the expression of a timer; undefined: nothing. Seven fields (second
 * minute hour day month weekday year), in UTC+8; the five of other systems are refused, though SCF
 * itself would take them for something else. Only documented forms pass: SCF would refuse others
 * once functions are deployed.
 */
export function cronFault(cron: string): string | undefined {
  const parts = cron.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) {
    return `应有 7 段：秒 分 时 日 月 星期 年，现有 ${parts.length} 段 (7 fields are expected: second minute hour day month weekday year; here are ${parts.length})`;
  }
  const index = FIELDS.findIndex((field, at) => !isFieldValid(field, at, parts[at] ?? ''));
  const wrong = FIELDS[index];
  if (!wrong) return undefined;
  const also = wrong.special ? `，或 (or) ${wrong.special.text}` : '';
  return `第 ${index + 1} 段 ${wrong.name} 有误：${parts[index]}，应在 ${wrong.range} 之间${also} (out of its range, or no cron)`;
}

/**
 * Finds the first instant after `afterMs` at which the cron falls due; undefined: never. Day and
 * weekday, both given, mean either.
 */
export function nextDue(cron: string, afterMs: number): number | undefined {
  const ms = schedule(cron).nextRun(new Date(afterMs))?.getTime() ?? END_MS;
  return ms < END_MS ? ms : undefined;
}

/** Tests a field alone, so that a fault can name it. */
function isFieldValid({ value, special }: Field, at: number, part: string): boolean {
  const item = `(?:\\*|(?:${value})(?:-(?:${value}))?)(?:/\\d{1,2})?`;
  const forms = [`${item}(?:,${item})*`, ...(special ? [special.pattern] : [])];
  if (!new RegExp(`^(?:${forms.join('|')})$`).test(part)) return false;
  try {
    schedule(FIELDS.map((_, index) => (index === at ? part : '*')).join(' '));
    return true;
  } catch {
    // Croner says in English alone what is out of range; the fault says it in both languages.
    return false;
  }
}

/** Reads an expression; throws where a value is out of its range. */
function schedule(cron: string): Cron {
  // `sloppyRanges` admits `5/10`, which is documented: from the fifth on, every tenth.
  return new Cron(cron, { paused: true, mode: '7-part', utcOffset: 480, sloppyRanges: true });
}
