import { compareValues, rank } from '../values/compare.ts';
import type { Doc } from '../values/ejson.ts';
import { type Sort, valuesAt } from '../values/paths.ts';

/** An index of a collection; `keys` maps a field path to its direction. */
export interface IndexDefinition {
  name: string;
  keys: Record<string, 1 | -1>;
  /** No two documents may hold one key; a missing field counts as null unless `sparse`. */
  unique?: boolean;
  /** Documents that hold none of the fields are left out. */
  sparse?: boolean;
}

/** A stretch of one type of values; what is left out is open. */
export interface Range {
  rank: number;
  low?: { value: unknown; inclusive: boolean };
  high?: { value: unknown; inclusive: boolean };
}

/** A contiguous piece of an index: equal on the first fields, within `range` on the next. */
export interface Interval {
  prefix: readonly unknown[];
  range?: Range;
}

type Key = readonly unknown[];
interface Entry {
  key: Key;
  id: string;
}

/** The keys of a collection's documents in order: a sorted array, searched by halving. */
export class OrderedIndex {
  readonly definition: IndexDefinition;
  readonly fields: Sort;
  /** Whether some document ever held an array here; such an index cannot give an order. */
  multikey = false;
  #entries: Entry[] = [];

  constructor(definition: IndexDefinition) {
    this.definition = definition;
    this.fields = Object.entries(definition.keys);
  }

  /**
   * Lists every key that a document has here: one, several for an array, none if sparse leaves it
   * out.
   */
  keysOf(doc: Doc): Key[] {
    const held = this.fields.map(([path]) => valuesAt(doc, path));
    if (this.definition.sparse && held.every(({ isPresent: present }) => !present)) return [];
    if (held.some(({ hasArray: many }) => many)) this.multikey = true;
    return held.reduce<unknown[][]>(
      (keys, { values }) => keys.flatMap((key) => values.map((value) => [...key, value])),
      [[]],
    );
  }

  /** Takes documents in; for many at once one sort is cheaper than many insertions. */
  build(documents: Iterable<{ id: string; doc: Doc }>): void {
    this.multikey = false;
    const entries = [...documents].flatMap(({ id, doc }) =>
      this.keysOf(doc).map((key) => ({ key, id })),
    );
    entries.sort((a, b) => this.#compare(a, b));
    this.#entries = entries.filter((entry, at) => {
      const before = entries[at - 1];
      return !before || this.#compare(before, entry) !== 0;
    });
  }

  add(id: string, doc: Doc): void {
    for (const key of this.keysOf(doc)) {
      const at = this.#position({ key, id });
      const existing = this.#entries[at];
      if (!existing || this.#compare(existing, { key, id }) !== 0)
        this.#entries.splice(at, 0, { key, id });
    }
  }

  remove(id: string, doc: Doc): void {
    for (const key of this.keysOf(doc)) {
      const at = this.#position({ key, id });
      const existing = this.#entries[at];
      if (existing && this.#compare(existing, { key, id }) === 0) this.#entries.splice(at, 1);
    }
  }

  /** Finds a key that two documents hold, while a unique index is built. */
  clash(): Key | undefined {
    return this.#entries.find((entry, at) => {
      const before = this.#entries[at - 1];
      return before && this.#compareKeys(before.key, entry.key) === 0;
    })?.key;
  }

  /** Walks the ids within an interval in the index's order, each once. */
  *walk(interval: Interval, { reverse = false } = {}): Generator<string> {
    const from = this.#first((entry) => this.#side(entry.key, interval) >= 0);
    const to = this.#first((entry) => this.#side(entry.key, interval) > 0);
    const seen = this.multikey ? new Set<string>() : undefined;
    for (let step = 0; step < to - from; step += 1) {
      const entry = this.#entries[reverse ? to - 1 - step : from + step];
      if (!entry || seen?.has(entry.id)) continue;
      seen?.add(entry.id);
      yield entry.id;
    }
  }

  /** Prints a key as MongoDB does in its messages. */
  print(key: Key): string {
    const fields = this.fields.map(([path], at) => `${path}: ${printValue(key[at])}`);
    return `{ ${fields.join(', ')} }`;
  }

  /** Compares `key` with an interval: before it (negative), in it (0) or after it. */
  #side(key: Key, { prefix, range }: Interval): number {
    for (const [at, value] of prefix.entries()) {
      const order = compareValues(key[at], value) * this.#direction(at);
      if (order !== 0) return order;
    }
    return range ? sideOf(key[prefix.length], range) * this.#direction(prefix.length) : 0;
  }

  #position(entry: Entry): number {
    return this.#first((other) => this.#compare(other, entry) >= 0);
  }

  /** Finds the first place where `holds` becomes true; it must stay true after it. */
  #first(holds: (entry: Entry) => boolean): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.#entries[middle];
      if (entry && holds(entry)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #compare(a: Entry, b: Entry): number {
    return this.#compareKeys(a.key, b.key) || compareValues(a.id, b.id);
  }

  #compareKeys(a: Key, b: Key): number {
    for (const at of this.fields.keys()) {
      const order = compareValues(a[at], b[at]) * this.#direction(at);
      if (order !== 0) return order;
    }
    return 0;
  }

  #direction(at: number): 1 | -1 {
    return this.fields[at]?.[1] ?? 1;
  }
}

function printValue(value: unknown): string {
  return value instanceof Date ? `new Date(${value.getTime()})` : JSON.stringify(value ?? null);
}

function sideOf(value: unknown, { rank: wanted, low, high }: Range): number {
  const byType = rank(value) - wanted;
  if (byType !== 0) return byType;
  if (low && compareValues(value, low.value) < (low.inclusive ? 0 : 1)) return -1;
  if (high && compareValues(value, high.value) > (high.inclusive ? 0 : -1)) return 1;
  return 0;
}
