import type { Entry } from '../../client/entry.ts';

/** One line of the timeline: an entry with where it lies in time and among its causes. */
export interface Row {
  entry: Entry;
  startMs: number;
  endMs: number;
}

/** The time from the first beginning to the last end of what follows from one act. */
export interface Extent {
  startMs: number;
  endMs: number;
}

/** The rows stand in the order in which they began; causes come before their effects. */
export interface Rows {
  rows: readonly Row[];
  /** The rows that others follow from, by their key. */
  byKey: ReadonlyMap<string, Row>;
  byId: ReadonlyMap<number, Row>;
  extents: ReadonlyMap<string, Extent>;
  /** The least id among them; undefined where there is none. */
  oldestId: number | undefined;
  /** Where the first one stands, counted from the first that was ever shown: what stays in sight is found by it. */
  firstPlace: number;
}

/** Begins a list; what is added to it is added in place, and it is another object afterwards. */
export function noRows(): Rows {
  const maps = { byKey: new Map(), byId: new Map(), extents: new Map() };
  return { rows: [], ...maps, oldestId: undefined, firstPlace: 0 };
}

interface OwnRows {
  rows: Row[];
  byKey: Map<string, Row>;
  byId: Map<number, Row>;
  extents: Map<string, Extent>;
}

/**
 * Adds entries, newer than the rows or older, each at its place; those that are there already stay as they are.
 * The lists grow in place, as they may be long: only the newest answer is to be shown.
 */
export function withEntries(before: Rows, entries: readonly Entry[]): Rows {
  const { rows, byId, byKey, extents } = before as Rows & OwnRows;
  const fresh = entries.filter(({ id }) => !byId.has(id)).map(rowOf);
  if (fresh.length === 0) return before;
  let { oldestId = Number.MAX_SAFE_INTEGER, firstPlace } = before;
  const isOlder = (fresh[0]?.entry.id ?? 0) < (rows[0]?.entry.id ?? 0);
  for (const row of fresh) {
    oldestId = Math.min(oldestId, row.entry.id);
    byId.set(row.entry.id, row);
    if (row.entry.key !== undefined) byKey.set(row.entry.key, row);
    extend(extents, row);
  }
  if (!isOlder) return { rows: sortInto(rows, fresh), byId, byKey, extents, oldestId, firstPlace };
  firstPlace -= fresh.length;
  const all = [...sortInto([], fresh), ...rows];
  return { rows: all, byId, byKey, extents, oldestId, firstPlace };
}

/** Makes known what rows followed from, and that is none of them: a filter hides it. */
export function withCauses(rows: Rows, causes: readonly Entry[]): Rows {
  const byKey = rows.byKey as OwnRows['byKey'];
  const fresh = causes.filter(({ key = '' }) => !byKey.has(key));
  for (const cause of fresh) if (cause.key !== undefined) byKey.set(cause.key, rowOf(cause));
  return fresh.length === 0 ? rows : { ...rows };
}

/** Forgets the oldest entries once there are a tenth more than are kept: they can be read again. */
export function withoutOldest(before: Rows, keepMax: number): Rows {
  if (before.rows.length <= keepMax * 1.1) return before;
  const ids = before.rows.map(({ entry }) => entry.id).sort((a, b) => a - b);
  // By their ids, not by their places: a call is recorded when it ends, and all before it are read again by ids.
  const leastId = ids.at(-keepMax) ?? 0;
  const kept = before.rows.filter(({ entry }) => entry.id >= leastId);
  const rows = withEntries(
    noRows(),
    kept.map(({ entry }) => entry),
  );
  rows.firstPlace = before.firstPlace + before.rows.length - kept.length;
  return withCauses(rows, causesOf(kept, before));
}

/** Lists what rows followed from, as far as it is known. */
function causesOf(of: readonly Row[], { byKey }: Rows): Entry[] {
  const found = new Map<string, Entry>();
  for (const { entry } of of)
    for (
      let next = byKey.get(entry.cause ?? '')?.entry;
      next?.key !== undefined && !found.has(next.key);
      next = byKey.get(next.cause ?? '')?.entry
    )
      found.set(next.key, next);
  return [...found.values()];
}

function rowOf(entry: Entry): Row {
  const endMs = Date.parse(entry.at);
  return { entry, startMs: endMs - (entry.ms ?? 0), endMs };
}

function extend(extents: Map<string, Extent>, { entry: { chain }, startMs, endMs }: Row): void {
  if (chain === undefined) return;
  const known = extents.get(chain);
  extents.set(chain, {
    startMs: Math.min(startMs, known?.startMs ?? startMs),
    endMs: Math.max(endMs, known?.endMs ?? endMs),
  });
}

/** Puts each row behind its cause and behind what began before it: few steps, as most come in order. */
function sortInto(rows: Row[], fresh: readonly Row[]): Row[] {
  for (const row of fresh) {
    let at = rows.length;
    while (at > 0 && isBefore(row, rows[at - 1])) at -= 1;
    if (at === rows.length) rows.push(row);
    else rows.splice(at, 0, row);
  }
  return rows;
}

function isBefore(row: Row, other: Row | undefined): boolean {
  if (!other) return false;
  if (row.entry.key !== undefined && other.entry.cause === row.entry.key) return true;
  const isCause = row.entry.cause !== undefined && other.entry.key === row.entry.cause;
  return other.startMs > row.startMs && !isCause;
}

/** Tells whether something went wrong, or was made to. */
export function isBad({ detail = {} }: Entry): boolean {
  const { status } = detail;
  const isRefused = typeof status === 'number' ? status >= 400 : status === 'lost';
  return 'error' in detail || 'fault' in detail || 'refused' in detail || isRefused;
}
