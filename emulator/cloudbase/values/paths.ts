import { compareValues } from './compare.ts';
import { type Doc, isPlainObject } from './ejson.ts';

/** A document holds these values at a path, as MongoDB's indexes and sorting see it. */
export interface PathValues {
  /** One value, or each element of an array; null for what is missing, undefined for `[]`. */
  values: unknown[];
  /** Whether anything is there, be it null; decides about sparse indexes. */
  isPresent: boolean;
  /** Whether an array was taken apart on the way. */
  hasArray: boolean;
}

const ABSENT = Symbol('missing');

/** Looks up a dotted path; arrays on the way are taken apart. */
export function valuesAt(doc: Doc, path: string): PathValues {
  const found: unknown[] = [];
  const many = gather(doc, path.split('.'), found);
  return {
    values: found.map((value) => (value === ABSENT ? null : value)),
    isPresent: found.some((value) => value !== ABSENT),
    hasArray: many,
  };
}

/** Adds to `found` what lies below `node`; answers whether an array was met. */
function gather(node: unknown, path: readonly string[], found: unknown[]): boolean {
  const [name, ...rest] = path;
  if (Array.isArray(node)) {
    if (name === undefined) found.push(...(node.length > 0 ? node : [undefined]));
    else gatherFromList(node, path, found);
    return true;
  }
  if (name === undefined) {
    found.push(node);
    return false;
  }
  if (isPlainObject(node) && Object.hasOwn(node, name)) return gather(node[name], rest, found);
  found.push(ABSENT);
  return false;
}

function gatherFromList(list: unknown[], path: readonly string[], found: unknown[]): void {
  const [name = '', ...rest] = path;
  if (/^\d+$/.test(name) && Number(name) < list.length) gather(list[Number(name)], rest, found);
  for (const item of list) if (isPlainObject(item)) gather(item, path, found);
  if (list.length === 0) found.push(ABSENT);
}

/** Documents are ordered by paths and directions, the first decides first. */
export type Sort = [path: string, direction: 1 | -1][];

/**
 * Sorts documents by `sort`; equal ones keep their order. An array counts by its least or greatest.
 */
export function sortDocuments<T extends { doc: Doc }>(items: T[], sort: Sort): T[] {
  const keyed = items.map((item) => ({
    item,
    key: sort.map(([path, direction]) => extreme(valuesAt(item.doc, path).values, direction)),
  }));
  keyed.sort((a, b) => {
    for (const [at, [, direction]] of sort.entries()) {
      const order = compareValues(a.key[at], b.key[at]) * direction;
      if (order !== 0) return order;
    }
    return 0;
  });
  return keyed.map(({ item }) => item);
}

function extreme(values: unknown[], direction: 1 | -1): unknown {
  return values.reduce((best, value) =>
    compareValues(value, best) * direction < 0 ? value : best,
  );
}
