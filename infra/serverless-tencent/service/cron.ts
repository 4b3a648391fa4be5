/** The seven fields of a timer trigger, in order, with the range of each. */
export const CRON_FIELDS = [
  ['秒 (second)', 0, 59],
  ['分 (minute)', 0, 59],
  ['时 (hour)', 0, 23],
  ['日 (day)', 1, 31],
  ['月 (month)', 1, 12],
  ['星期 (weekday)', 0, 6],
  ['年 (year)', 1970, 2099],
] as const;

/**
 * Finds what is wrong with the cron expression of a timer (定时触发器); undefined: nothing. Seven fields
 * (second minute hour day month weekday year), in UTC+8; the five of other systems are refused,
 * though SCF itself would take them for something else. Source: 583/9708.
 */
export function cronFault(cron: string): string | undefined {
  const parts = cron.trim().split(/\s+/);
  if (parts.length !== CRON_FIELDS.length) {
    return `应有 7 段：秒 分 时 日 月 星期 年，现有 ${parts.length} 段 (7 fields are expected: second minute hour day month weekday year; here are ${parts.length})`;
  }
  const wrong = parts.findIndex(
    (part, index) => !part.split(',').every((item) => isItemValid(item, index)),
  );
  if (wrong < 0) return undefined;
  const [name = '', min = 0, max = 0] = CRON_FIELDS[wrong] ?? [];
  return `第 ${wrong + 1} 段 ${name} 有误：${parts[wrong]}，应在 ${min} 到 ${max} 之间 (out of its range, or no cron)`;
}

function isItemValid(item: string, index: number): boolean {
  const [range = '', step, ...rest] = item.split('/');
  if (rest.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (range === '*') return true;
  const ends = range.split('-').map((end) => (/^\d+$/.test(end) ? Number(end) : Number.NaN));
  const [, min = 0, max = 0] = CRON_FIELDS[index] ?? [];
  const [from = Number.NaN, to = from] = ends;
  return ends.length <= 2 && from >= min && to <= max && from <= to;
}
