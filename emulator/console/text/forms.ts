import type { Language } from '../client/oneLanguage.ts';

/** Writes fen, a whole number, as yuan. */
export function yuan(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${fen < 0 ? '−' : ''}¥${whole}.${digits.slice(-2)}`;
}

/** Reads yuan as fen; undefined where the text is no amount. */
export function fenIn(text: string): number | undefined {
  const [, whole = '', part = ''] = /^(\d{1,7})(?:\.(\d{1,2}))?$/.exec(text.trim()) ?? [];
  if (whole === '') return undefined;
  return Number(whole) * 100 + Number(part.padEnd(2, '0'));
}

const BEIJING_MS = 8 * 3_600_000;

/** Writes an instant in Beijing time: `2026-11-30 18:05:09`; `—` where there is none. */
export function beijing(at: string | number | undefined): string {
  if (at === undefined) return '—';
  const shifted = new Date(new Date(at).getTime() + BEIJING_MS).toISOString();
  return `${shifted.slice(0, 10)} ${shifted.slice(11, 19)}`;
}

/** Reads an instant that is written as `2026-11-30 18:05`, in Beijing time; undefined where the text is none. */
export function instantIn(text: string): number | undefined {
  const form = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2})?$/;
  if (!form.test(text.trim())) return undefined;
  const atMs = Date.parse(`${text.trim().replace(' ', 'T')}+08:00`);
  return Number.isNaN(atMs) ? undefined : atMs;
}

/** Writes the time of day alone, to the millisecond. */
export function timeOfDay(at: string | number): string {
  return new Date(new Date(at).getTime() + BEIJING_MS).toISOString().slice(11, 23);
}

const UNITS = [
  [86_400_000, '天', 'd'],
  [3_600_000, '小时', 'h'],
  [60_000, '分钟', 'min'],
  [1000, '秒', 's'],
] as const;

/** Writes a duration in its two largest units. */
export function duration(ms: number, language: Language): string {
  const from = UNITS.findIndex(([size]) => ms >= size);
  if (from < 0) return language === 'zh' ? '不到 1 秒' : '< 1 s';
  let rest = ms;
  const parts = UNITS.slice(from, from + 2).map(([size, chinese, english]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return { count, text: `${count} ${language === 'zh' ? chinese : english}` };
  });
  return parts
    .filter(({ count }) => count > 0)
    .map(({ text }) => text)
    .join(' ');
}
