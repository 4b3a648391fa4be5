import type { Chain } from './causes.ts';
import { type Entry, type Kind, orderNamed } from './entry.ts';

/** An entry with the chain that it belongs to. */
export interface Kept {
  entry: Entry;
  chain: Chain | undefined;
}

/** A part of the timeline. */
export interface Selection {
  afterId?: number | undefined;
  beforeId?: number | undefined;
  actors?: readonly string[] | undefined;
  kind?: string | undefined;
  order?: string | undefined;
  /** A part of what is shown of it. */
  text?: string | undefined;
  /** Takes those that these followed from, and that are none of them, in their place. */
  causes?: 'only' | undefined;
  /** At most so many, the newest. */
  limit: number;
}

/** Takes the newest entries of a selection, in their order. */
export function selectFrom(kept: readonly Kept[], selection: Selection): Entry[] {
  const { order, causes } = selection;
  const ofOrder = order === undefined ? undefined : causesOfOrder(kept, order);
  const found = newestOf(kept, selection, predicateOf(selection, ofOrder));
  if (causes === undefined) return found;
  const keys = causesOf(kept, found);
  const ids = new Set(found.map(({ id }) => id));
  return kept
    .filter(({ entry: { id, key } }) => key !== undefined && keys.has(key) && !ids.has(id))
    .map(({ entry }) => entry);
}

function newestOf(
  kept: readonly Kept[],
  { afterId = 0, beforeId = Number.MAX_SAFE_INTEGER, limit }: Selection,
  isWanted: (one: Kept) => boolean,
): Entry[] {
  const found: Entry[] = [];
  const from = indexAfter(kept, afterId);
  for (let i = indexAfter(kept, beforeId - 1) - 1; i >= from && found.length < limit; i -= 1) {
    const one = kept[i];
    if (one && isWanted(one)) found.push(one.entry);
  }
  return found.reverse();
}

/** Finds where the entries after an id begin; ids ascend. */
export function indexAfter(kept: readonly Kept[], id: number): number {
  let low = 0;
  let high = kept.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((kept[middle]?.entry.id ?? 0) <= id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Finds an entry by its id. */
export function keptAt(kept: readonly Kept[], id: number): Kept | undefined {
  const found = kept[indexAfter(kept, id - 1)];
  return found?.entry.id === id ? found : undefined;
}

/** Lists the orders that an entry names, and those of the chain it belongs to. */
export function ordersOf(one: Kept | undefined): string[] {
  if (!one) return [];
  const named = orderNamed(one.entry);
  return [...new Set([...(named === undefined ? [] : [named]), ...(one.chain?.orders ?? [])])];
}

/** Finds the keys of what entries followed from, of what that followed from, and so on. */
function causesOf(kept: readonly Kept[], of: readonly Entry[]): Set<string> {
  const causeOf = new Map<string, string | undefined>();
  for (const { entry } of kept)
    if (entry.key !== undefined) causeOf.set(entry.key, entry.cause ?? causeOf.get(entry.key));
  const keys = new Set<string>();
  for (const { cause } of of)
    for (let key = cause; key !== undefined && !keys.has(key); key = causeOf.get(key))
      keys.add(key);
  return keys;
}

/** Finds what an order's entries followed from: the timer's run too that found its payment, as one of many. */
function causesOfOrder(kept: readonly Kept[], order: string): Set<string> {
  const own = kept.filter(({ entry, chain }) => isAbout(order, entry, chain));
  return causesOf(
    kept,
    own.map(({ entry }) => entry),
  );
}

function predicateOf(
  { actors, kind, order, text }: Selection,
  ofOrder: ReadonlySet<string> | undefined,
): (one: Kept) => boolean {
  const wanted = text?.toLowerCase();
  return ({ entry, chain }) =>
    (actors === undefined || actors.includes(entry.actor)) &&
    (kind === undefined || kindOf(entry) === kind) &&
    (order === undefined ||
      isAbout(order, entry, chain) ||
      ofOrder?.has(entry.key ?? '') === true) &&
    (wanted === undefined || shownText(entry).includes(wanted));
}

/** Sorts an entry: what went wrong or was made to, what came from WeChat, what was written, or a call. */
export function kindOf({ what, detail = {} }: Entry): Kind {
  if ('fault' in detail || what === 'console.faults') return 'fault';
  if (what.endsWith('otify') || what.endsWith('Probe')) return 'notification';
  if (what.startsWith('timer.')) return 'timer';
  const isWrite = what.startsWith('cloudbase.') && what !== 'cloudbase.invokeFunction';
  return isWrite ? 'write' : 'call';
}

/** An order's own entries, and all that belong to a chain about it. */
function isAbout(order: string, entry: Entry, chain: Chain | undefined): boolean {
  if (orderNamed(entry) === order || entry.subject === order) return true;
  return chain?.isOfMany === false && chain.orders.has(order);
}

function shownText({ what, subject = '', detail }: Entry): string {
  return `${what} ${subject} ${detail ? JSON.stringify(detail) : ''}`.toLowerCase();
}
