/** Checks stored values: each check names the first field that is not as we rely on it. */

/**
 * Checks a value; answers the path of what is wrong from there (`''` the value itself, `.order.body`), or
 * undefined. Paths are made only of what is wrong: every read and write is checked.
 */
export type Check = (value: unknown) => string | undefined;

/** Text, the empty one too. */
export const text: Check = (value) => (typeof value === 'string' ? undefined : '');
/** A whole number of at least 0. */
export const count: Check = (value) => (isWhole(value) && value >= 0 ? undefined : '');
/** A whole number of at least 1. */
export const version: Check = (value) => (isWhole(value) && value >= 1 ? undefined : '');
/** An instant; `Invalid Date` is none. */
export const date: Check = (value) =>
  value instanceof Date && !Number.isNaN(value.getTime()) ? undefined : '';
/** An instant, or null where nothing is due. */
export const dateOrNull: Check = (value) => (value === null ? undefined : date(value));

/**
 * Refuses an argument before anything is sent: the SDK drops an undefined condition in silence, and
 * so widens what is read or written. Throws a RangeError that names the field, never its value.
 */
export function must(check: Check, value: unknown, name: string): void {
  const wrong = check(value);
  if (wrong !== undefined)
    throw new RangeError(`not sent to the database: ${name}${wrong} is wrong`);
}

/** A value that may be absent. */
export const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined ? undefined : check(value);

/** One of these values. */
export const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value) ? undefined : '';

/** A list of such items. */
export const list =
  (check: Check): Check =>
  (value) => {
    if (!Array.isArray(value)) return '';
    for (let at = 0; at < value.length; at += 1) {
      const wrong = check(value[at]);
      if (wrong !== undefined) return `.${at}${wrong}`;
    }
    return undefined;
  };

/** An object with at least these fields; others are not checked. */
export const shape = (fields: Readonly<Record<string, Check>>): Check => {
  const checks = Object.entries(fields).map(([name, check]) => ({ name, check }));
  return (value) => {
    if (!isRecord(value)) return '';
    for (const { name, check } of checks) {
      const wrong = check(value[name]);
      if (wrong !== undefined) return `.${name}${wrong}`;
    }
    return undefined;
  };
};

/** An object with one of the shapes, by its field `tag`. */
export const union =
  (tag: string, shapes: Readonly<Record<string, Check>>): Check =>
  (value) => {
    const tagged = isRecord(value) ? value[tag] : undefined;
    const check =
      typeof tagged === 'string' && Object.hasOwn(shapes, tagged) ? shapes[tagged] : undefined;
    return check ? check(value) : `.${tag}`;
  };

/** A value that one of these checks takes; the first one names what is wrong. */
export const either =
  (first: Check, other: Check): Check =>
  (value) =>
    other(value) === undefined ? undefined : first(value);

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/** Tells a plain object from everything else. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
