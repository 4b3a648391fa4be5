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
  /** At most so many, the newest. */
  limit: number;
}

/** Takes the newest entries of a selection, in their order. */
export function selectFrom(kept: readonly Kept[], selection: Selection): Entry[] {
  const { afterId = 0, beforeId = Number.MAX_SAFE_INTEGER, limit } = selection;
  const isWanted = predicateOf(selection);
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

function predicateOf({ actors, kind, order, text }: Selection): (one: Kept) => boolean {
  const wanted = text?.toLowerCase();
  return ({ entry, chain }) =>
    (actors === undefined || actors.includes(entry.actor)) &&
    (kind === undefined || kindOf(entry) === kind) &&
    (order === undefined || isAbout(order, entry, chain)) &&
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
