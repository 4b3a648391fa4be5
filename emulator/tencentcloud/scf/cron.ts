const FIELDS = [
  ['second', 0, 59],
  ['minute', 0, 59],
  ['hour', 0, 23],
  ['day', 1, 31],
  ['month', 1, 12],
  ['weekday', 0, 6],
  ['year', 1970, 2099],
] as const;

/**
 * Says what is wrong with a timer expression, undefined if nothing is: seven fields (s m h day
 * month weekday year), each of `*`, `a`, `a-b`, with `/n`, joined by commas. SCF also takes the
 * names of months and days, and a legacy form of five fields, which CloudBase refuses; neither is
 * run here.
 */
export function cronFault(text: string): string | undefined {
  const parts = text.split(' ');
  if (parts.length !== FIELDS.length) {
    return `应为 7 段：秒 分 时 日 月 星期 年 (7 fields: s m h day month weekday year)`;
  }
  const wrong = FIELDS.findIndex(
    ([, min, max], i) => !parts[i]?.split(',').every((part) => admits(part, min, max)),
  );
  const name = FIELDS[wrong]?.[0];
  return name && `${name} 段 "${parts[wrong]}" 不合法 (this field is not well-formed)`;
}

function admits(part: string, min: number, max: number): boolean {
  const found = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
  if (!found) return false;
  const [low = min, high = low] = [found[1], found[2]].flatMap((n) => (n ? [Number(n)] : []));
  const step = found[3] === undefined ? 1 : Number(found[3]);
  return low >= min && high <= max && low <= high && step >= 1;
}
