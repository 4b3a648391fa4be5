import { ObjectId } from 'bson';
import { isPlainObject, toText } from './ejson.ts';

/**
 * Ranks a value's type in MongoDB's order of types. Ranges never cross types: `$lte` of a
 * date finds dates only, never null.
 */
export function rank(value: unknown): number {
  if (value === undefined) return 0; // An empty array, in an index.
  if (value === null) return 1;
  if (typeof value === 'number') return 2;
  if (typeof value === 'string') return 3;
  if (typeof value === 'boolean') return 8;
  if (Array.isArray(value)) return 5;
  if (value instanceof Date) return 9;
  if (value instanceof ObjectId) return 7;
  if (isPlainObject(value)) return 4;
  return value instanceof RegExp ? 11 : 6;
}

/** Compares two values in MongoDB's order: by type, then by value. Negative: `a` comes first. */
export function compareValues(a: unknown, b: unknown): number {
  const byType = rank(a) - rank(b);
  if (byType !== 0) return byType;
  if (typeof a === 'number' && typeof b === 'number') return compareNumbers(a, b);
  if (typeof a === 'string' && typeof b === 'string') return compareScalars(a, b);
  if (a instanceof Date && b instanceof Date) return compareNumbers(a.getTime(), b.getTime());
  if (Array.isArray(a) && Array.isArray(b)) return compareLists(a, b);
  if (isPlainObject(a) && isPlainObject(b)) {
    return compareLists(Object.entries(a).flat(), Object.entries(b).flat());
  }
  return a === b ? 0 : compareScalars(toText(a), toText(b));
}

/**
 * Whether a value is one that an index can be asked for directly: neither array, object nor
 * pattern.
 */
export function isScalar(value: unknown): boolean {
  return [1, 2, 3, 7, 8, 9].includes(rank(value));
}

function compareLists(a: unknown[], b: unknown[]): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at += 1) {
    const order = compareValues(a[at], b[at]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareNumbers(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  return Math.sign(a - b) || 0; // Equal infinities have no difference.
}

function compareScalars(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
