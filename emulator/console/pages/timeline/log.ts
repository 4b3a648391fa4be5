import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { QueryOf } from '../../../control/api/controlApi.ts';
import { ask } from '../../client/client.ts';
import type { Entry } from '../../client/entry.ts';
import { streamStore } from '../../client/stream.ts';
import { noRows, type Rows, withCauses, withEntries, withoutOldest } from './rows.ts';

type Query = QueryOf<'GET /_local/events'>;

/** A log holds what a filter lets through of the timeline, as far as it was read. */
export interface LogState {
  rows: Rows;
  /** Whether there may be older ones. */
  hasOlder: boolean;
  isRead: boolean;
  error?: unknown;
}

/** A part of the timeline that is kept up to date. */
interface Log {
  current(): LogState;
  subscribe(listener: () => void): () => void;
  start(): () => void;
  readOlder(): unknown;
}

const PAGE = 2000;
/** So many are read at once of what came since the last look. */
const NEWER_MAX = 10_000;
/** So many stay while newer ones come, and so many where somebody went back to older ones. */
const KEPT = { following: 10_000, readBack: 100_000 };

const beginning = (): LogState => ({ rows: noRows(), hasOlder: false, isRead: false });

/** A part of the timeline has its entries, and what they followed from as far as a filter hides it. */
type Found = Record<'entries' | 'causes', readonly Entry[]>;

async function readPart(query: Query, part: Query): Promise<Found> {
  const asked = { ...query, ...part };
  const entries = await ask('GET /_local/events', { query: asked });
  if (entries.length === 0 || Object.keys(query).length === 0) return { entries, causes: [] };
  const causes = await ask('GET /_local/events', { query: { ...asked, causes: 'only' } });
  return { entries, causes };
}

function createLog(query: Query): Log {
  const { current, change, subscribe } = createStore(beginning());
  let newestId = 0;
  let seenId = 0;
  let run = 0;
  let keepMax = KEPT.following;
  let last: Promise<void> = Promise.resolve();
  const waiting = new Set<() => Query>();
  /** Reads a part and adds it, unless the world was emptied meanwhile. */
  const read = (part: () => Query) => {
    if (waiting.has(part)) return;
    waiting.add(part);
    const work = async () => {
      const begun = run;
      if (part !== older) waiting.delete(part);
      const found = await readPart(query, part());
      waiting.delete(part);
      if (begun !== run) return;
      newestId = Math.max(newestId, found.entries.at(-1)?.id ?? 0);
      if (part === older) keepMax = KEPT.readBack;
      change(grown(current(), found, { isOlder: part === older, keepMax }));
    };
    last = last.then(work).catch((error: unknown) => change({ ...current(), error }));
  };
  // What an order's older entries turn out to belong to is known late: all of it is read again.
  const newer = () =>
    query.order === undefined && current().isRead
      ? { after: String(newestId), limit: String(NEWER_MAX) }
      : { limit: String(PAGE) };
  const older = () => ({
    before: String(current().rows.oldestId ?? Number.MAX_SAFE_INTEGER),
    limit: String(PAGE),
  });
  const follow = () => {
    const lastId = streamStore.current().entries.at(-1)?.id ?? 0;
    // One that could not be read the first time is tried again with every word of the stream.
    if (lastId > seenId || !current().isRead) read(newer);
    else if (lastId < seenId) {
      run += 1;
      newestId = 0;
      change({ ...beginning(), isRead: true });
      if (lastId > 0) read(newer);
    }
    seenId = lastId;
  };
  const start = () => {
    read(newer);
    return streamStore.subscribe(follow);
  };
  return { current, subscribe, start, readOlder: () => current().hasOlder && read(older) };
}

/** Adds what was read; a part that is not full was the last one. */
function grown(
  { rows, hasOlder, isRead }: LogState,
  { entries, causes }: Found,
  { isOlder, keepMax }: { isOlder: boolean; keepMax: number },
): LogState {
  const mayHaveOlder = isOlder || !isRead ? entries.length >= PAGE : hasOlder;
  const all = withCauses(withEntries(rows, entries), causes);
  const kept = withoutOldest(all, keepMax);
  return { rows: kept, hasOlder: mayHaveOlder || kept !== all, isRead: true };
}

function createStore<T>(first: T) {
  let state = first;
  const listeners = new Set<() => void>();
  return {
    current: () => state,
    change: (next: T) => {
      state = next;
      for (const listener of listeners) listener();
    },
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Uses what a filter lets through; older entries are read when they are asked for. */
export function useLog(query: Query): LogState & Pick<Log, 'readOlder'> {
  const key = JSON.stringify(query);
  const log = useMemo(() => createLog(JSON.parse(key) as Query), [key]);
  useEffect(() => log.start(), [log]);
  const state = useSyncExternalStore(log.subscribe, log.current);
  return { ...state, readOlder: log.readOlder };
}
