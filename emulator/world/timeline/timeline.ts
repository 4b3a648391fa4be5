import { carriedOver } from './carried.ts';
import { type Causes, createCauses } from './causes.ts';
import { actorOf, type Entry, type NewEntry, orderNamed, withoutLog } from './entry.ts';
import { createExchanges, type Exchange } from './exchanges.ts';
import {
  indexAfter,
  type Kept,
  keptAt,
  ordersOf,
  type Selection,
  selectFrom,
} from './selection.ts';

/** The running record of the local cloud; keeps the last `keepMax` entries, and the bytes of fewer. */
export interface Timeline {
  add(entry: NewEntry, exchange?: Exchange): number;
  recent(afterId?: number, limit?: number): Entry[];
  /** Takes the newest entries of a selection, in their order. */
  select(selection: Selection): Entry[];
  /** Finds an entry that is kept. */
  entry(id: number): Entry | undefined;
  /** Lists the orders that an entry, or what happened with it, is about. */
  ordersOf(id: number): string[];
  exchange(id: number): Exchange | undefined;
  /** Keeps the bytes of an entry once more, when its answer is there. */
  keepExchange(id: number, exchange: Exchange): void;
  /** Calls `listener` for each new entry, `onClear` when all are forgotten; the answer stops both. */
  follow(listener: (entry: Entry) => void, onClear?: () => void): () => void;
  clear(): void;
  /** Takes the entries of another world in place of its own. */
  replace(entries: readonly Entry[]): void;
}

/** The timeline takes these from its world. */
export interface TimelineOptions {
  causes?: Causes;
  keepMax?: number;
  /** The lines that functions printed are kept of so many entries. */
  logsMax?: number;
}

/** Builds a timeline stamped by `now`. */
export function createTimeline(now: () => Date, options: TimelineOptions = {}): Timeline {
  const { causes = createCauses(), keepMax = 100_000, logsMax = 5000 } = options;
  let kept: Kept[] = [];
  let nextId = 1;
  const exchanges = createExchanges();
  const followers = createFollowers();
  const clear = () => {
    kept = [];
    exchanges.clear();
    followers.cleared();
  };
  const newest = () => (kept.length > keepMax ? kept.slice(-keepMax) : kept);
  return {
    add: (facts, exchange) => {
      const made = entryOf(causes, facts, { id: nextId, at: now().toISOString() });
      const entry = exchange ? { ...made.entry, hasExchange: true } : made.entry;
      nextId += 1;
      kept.push({ entry, chain: made.chain });
      if (exchange) exchanges.keep(entry.id, exchange);
      forgetLog(kept[kept.length - 1 - logsMax]);
      if (kept.length > keepMax * 1.1) kept = kept.slice(-keepMax);
      followers.tell(entry);
      return entry.id;
    },
    recent: (afterId = 0, limit = keepMax) =>
      kept
        .slice(indexAfter(kept, afterId))
        .slice(-limit)
        .map(({ entry }) => entry),
    select: (selection) => selectFrom(newest(), selection),
    entry: (id) => keptAt(kept, id)?.entry,
    ordersOf: (id) => ordersOf(keptAt(kept, id)),
    exchange: exchanges.find,
    keepExchange: exchanges.keep,
    follow: followers.follow,
    clear,
    replace: (entries) => {
      clear();
      kept = carriedOver(entries, nextId);
      nextId += kept.length;
      for (const { entry } of kept) followers.tell(entry);
    },
  };
}

function createFollowers() {
  const listeners = new Set<(entry: Entry) => void>();
  const clearings = new Set<() => void>();
  const follow: Timeline['follow'] = (listener, onClear = () => {}) => {
    listeners.add(listener);
    clearings.add(onClear);
    return () => {
      listeners.delete(listener);
      clearings.delete(onClear);
    };
  };
  return {
    follow,
    tell: (entry: Entry) => {
      for (const listener of listeners) listener(entry);
    },
    cleared: () => {
      for (const onClear of clearings) onClear();
    },
  };
}

/** Adds to the facts who acted and what they follow from; their chain learns which order it is about. */
function entryOf(causes: Causes, facts: NewEntry, stamp: Pick<Entry, 'id' | 'at'>): Kept {
  const cause = causes.current();
  const own = facts.key === undefined ? undefined : causes.find(facts.key);
  const chain = own?.chain ?? cause?.chain;
  const order = orderNamed(facts);
  if (chain && order !== undefined && !chain.isOfMany) chain.orders.add(order);
  const entry: Entry = {
    ...stamp,
    actor: actorOf(facts.what),
    ...facts,
    ...(cause && { cause: cause.key }),
    ...(chain && { chain: chain.id }),
  };
  return { entry, chain };
}

/** Lets go of what was printed long ago, which is most of what entries hold. */
function forgetLog(one: Kept | undefined): void {
  if (one?.entry.detail?.log !== undefined) one.entry = withoutLog(one.entry);
}
