/** Checks stored values: each check names the first field that is not as we rely on it. */

/** Checks a value; answers the path of what is wrong, or undefined. */
export type Check = (value: unknown, path: string) => string | undefined;

const when =
  (holds: (value: unknown) => boolean): Check =>
  (value, path) =>
    holds(value) ? undefined : path;

/** Text, the empty one too. */
export const text = when((value) => typeof value === 'string');
/** A whole number of at least 0. */
export const count = when((value) => Number.isSafeInteger(value) && (value as number) >= 0);
/** A whole number of at least 1. */
export const version = when((value) => Number.isSafeInteger(value) && (value as number) >= 1);
/** An instant; `Invalid Date` is none. */
export const date = when((value) => value instanceof Date && !Number.isNaN(value.getTime()));
/** An instant, or null where nothing is due. */
export const dateOrNull: Check = (value, path) => (value === null ? undefined : date(value, path));

/**
 * Refuses an argument before anything is sent: the SDK drops an undefined condition in silence, and
 * so widens what is read or written. Throws a RangeError that names the field, never its value.
 */
export function must(check: Check, value: unknown, name: string): void {
  const wrong = check(value, name);
  if (wrong !== undefined) throw new RangeError(`not sent to the database: ${wrong} is wrong`);
}

/** A value that may be absent. */
export const optional =
  (check: Check): Check =>
  (value, path) =>
    value === undefined ? undefined : check(value, path);

/** One of these values. */
export const oneOf = (...values: readonly unknown[]): Check =>
  when((value) => values.includes(value));

/** A list of such items. */
export const list =
  (check: Check): Check =>
  (value, path) => {
    if (!Array.isArray(value)) return path;
    for (const [at, item] of value.entries()) {
      const wrong = check(item, `${path}.${at}`);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };

/** An object with at least these fields; others are not checked. */
export const shape =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value, path) => {
    if (!isRecord(value)) return path;
    for (const [name, check] of Object.entries(fields)) {
      const wrong = check(value[name], `${path}.${name}`);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };

/** An object with one of the shapes, by its field `tag`. */
export const union =
  (tag: string, shapes: Readonly<Record<string, Check>>): Check =>
  (value, path) => {
    const tagged = isRecord(value) ? value[tag] : undefined;
    const check =
      typeof tagged === 'string' && Object.hasOwn(shapes, tagged) ? shapes[tagged] : undefined;
    return check ? check(value, path) : `${path}.${tag}`;
  };

/** A value that one of these checks takes; the first one names what is wrong. */
export const either =
  (first: Check, other: Check): Check =>
  (value, path) =>
    other(value, path) === undefined ? undefined : first(value, path);

/** Tells a plain object from everything else. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
