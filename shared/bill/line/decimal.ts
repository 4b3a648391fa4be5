const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

/** The most digits before the point: ten of yuan leave room for five decimals in a safe integer. */
const WHOLE_DIGITS_MAX = 10;

/** Decimals of an amount in yuan: a unit is one fen. */
export const FEN_DECIMALS = 2;

/** Decimals of a fee (手续费) in yuan: a unit is a thousandth of a fen, a millifen. */
export const MILLIFEN_DECIMALS = 5;

/**
 * Reads the number that a cell prints as a whole number of 10^-`decimals`, with no float on the way:
 * `12.3` with two decimals is 1230. NaN when the cell holds no number, or more than the decimals can
 * keep. A bill's counts have 0 decimals and are printed as `45` or `45.0`.
 */
export function readDecimal(
  bytes: Uint8Array,
  start: number,
  end: number,
  decimals: number,
): number {
  const isNegative = bytes[start] === MINUS;
  const first = isNegative ? start + 1 : start;
  const point = endOfDigits(bytes, first, end);
  if (point === first || point - first > WHOLE_DIGITS_MAX) return Number.NaN;
  const last = bytes[point] === POINT && point < end ? endOfDigits(bytes, point + 1, end) : point;
  if (last < end) return readExponent(textOf(bytes, start, end), decimals);
  if (last === point + 1) return Number.NaN;
  const kept = Math.min(last, point + 1 + decimals);
  if (!areZeros(bytes, kept, last)) return Number.NaN;
  let value = addDigits(0, bytes, first, point);
  if (kept > point) value = addDigits(value, bytes, point + 1, kept);
  for (let place = Math.max(0, kept - point - 1); place < decimals; place += 1) value *= 10;
  return isNegative && value !== 0 ? -value : value;
}

function endOfDigits(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && isDigit(bytes[at])) at += 1;
  return at;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function areZeros(bytes: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end; at += 1) if (bytes[at] !== ZERO) return false;
  return true;
}

function addDigits(value: number, bytes: Uint8Array, from: number, end: number): number {
  let sum = value;
  for (let at = from; at < end; at += 1) sum = sum * 10 + ((bytes[at] ?? ZERO) - ZERO);
  return sum;
}

const WITH_EXPONENT = /^(-?)(\d{1,10})(?:\.(\d{1,20}))?[eE]([+-]?\d{1,2})$/;

/** Reads `6e-05`, as a fee stands in a sample of the documents: by its digits, not as a float. */
function readExponent(text: string, decimals: number): number {
  const [, minus, whole = '', fraction = '', exponent] = WITH_EXPONENT.exec(text) ?? [];
  if (exponent === undefined) return Number.NaN;
  const digits = BigInt(whole + fraction);
  const shift = Number(exponent) - fraction.length + decimals;
  const divisor = 10n ** BigInt(Math.max(0, -shift));
  if (digits % divisor !== 0n) return Number.NaN;
  const value = Number((digits / divisor) * 10n ** BigInt(Math.max(0, shift)));
  if (!Number.isSafeInteger(value)) return Number.NaN;
  return minus && value !== 0 ? -value : value;
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
