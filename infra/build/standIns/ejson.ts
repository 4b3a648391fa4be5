/**
 * Stands in for the package `bson` in our bundles: the SDK needs no more of it than EJSON of what documents
 * of ours are made of (texts, numbers, dates), and the package with its decimals, longs and binaries is a fifth of
 * a bundle. Another kind of value that somebody put into a document (`$binary`, `$numberDecimal`) stays as its JSON
 * writes it. Source: `mongodb-ejson`.
 */
export const EJSON = { parse, stringify };

/** Reads EJSON; numbers of each width are numbers, dates are dates. */
function parse(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => (isObject(value) ? read(value) : value));
}

/** Writes canonical EJSON, in which the width of each number is named. */
function stringify(value: unknown): string {
  // The replacer has dates as text already; what holds them has them as they are.
  return JSON.stringify(value, function (this: Record<string, unknown>, key: string) {
    return written(this[key]);
  });
}

type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

function read(value: Json): unknown {
  const { $numberInt, $numberLong, $numberDouble, $date, $undefined } = value;
  if ($undefined) return null;
  const number = $numberInt ?? $numberLong ?? $numberDouble;
  if (typeof number === 'string') return Number(number);
  return typeof $date === 'string' || typeof $date === 'number' ? new Date($date) : value;
}

const INT32 = { min: -0x80000000, max: 0x7fffffff } as const;
const INT64_SIZE = 0x8000000000000000;

function written(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === 'number') return { [widthOf(value)]: String(value) };
  return value instanceof Date ? { $date: { $numberLong: String(value.getTime()) } } : value;
}

function widthOf(value: number): '$numberInt' | '$numberLong' | '$numberDouble' {
  if (!Number.isInteger(value) || Math.abs(value) > INT64_SIZE) return '$numberDouble';
  return value >= INT32.min && value <= INT32.max ? '$numberInt' : '$numberLong';
}
