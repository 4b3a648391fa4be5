const ZERO = 0x30;
const OFFSET_MS = 8 * 3_600_000;
const LENGTH = '2026-11-24 08:30:00'.length;

/** The separators between the digits, as pairs of place and code. */
const SEPARATORS = [4, 0x2d, 7, 0x2d, 10, 0x20, 13, 0x3a, 16, 0x3a];

/**
 * Reads a time as bills print it, `2026-11-24 08:30:00` in Beijing, as milliseconds; NaN when it is
 * none. Samples of the documents have full-width colons, which are read as well.
 */
export function readTime(bytes: Uint8Array, start: number, end: number): number {
  if (end - start !== LENGTH) return readWide(bytes.subarray(start, end));
  for (let pair = 0; pair < SEPARATORS.length; pair += 2) {
    if (bytes[start + (SEPARATORS[pair] ?? 0)] !== SEPARATORS[pair + 1]) return Number.NaN;
  }
  const year = pairAt(bytes, start) * 100 + pairAt(bytes, start + 2);
  const month = pairAt(bytes, start + 5);
  const midnightMs = midnight(year, month, pairAt(bytes, start + 8));
  const hour = pairAt(bytes, start + 11);
  const minute = pairAt(bytes, start + 14);
  const second = pairAt(bytes, start + 17);
  // A NaN of a place without a digit is below nothing.
  const isTime = hour < 24 && minute < 60 && second < 60;
  return isTime ? midnightMs + ((hour * 60 + minute) * 60 + second) * 1000 : Number.NaN;
}

const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const FEBRUARY = 2;

/** Tells when a day begins; NaN of a day that its month does not have. */
function midnight(year: number, month: number, day: number): number {
  const days = month === FEBRUARY && isLeap(year) ? 29 : (DAYS_OF_MONTH[month - 1] ?? 0);
  return day >= 1 && day <= days ? Date.UTC(year, month - 1, day) - OFFSET_MS : Number.NaN;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function pairAt(bytes: Uint8Array, at: number): number {
  return digitAt(bytes, at) * 10 + digitAt(bytes, at + 1);
}

function digitAt(bytes: Uint8Array, at: number): number {
  const digit = (bytes[at] ?? 0) - ZERO;
  return digit >= 0 && digit <= 9 ? digit : Number.NaN;
}

function readWide(bytes: Uint8Array): number {
  const text = Buffer.from(bytes).toString('utf8').replaceAll('：', ':');
  return text.length === LENGTH && text.length < bytes.length
    ? readTime(Buffer.from(text, 'utf8'), 0, LENGTH)
    : Number.NaN;
}
