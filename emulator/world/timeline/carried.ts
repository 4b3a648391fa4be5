import type { Chain } from './causes.ts';
import { type Entry, orderNamed } from './entry.ts';
import type { Kept } from './selection.ts';

/**
 * Takes over the entries of another world, in their order: with ids from `firstId` on, and with keys and chains that no
 * entry of this one has. Their bytes stay where they were.
 */
export function carriedOver(entries: readonly Entry[], firstId: number): Kept[] {
  const named = (name: string | undefined) => name && `w${firstId}.${name}`;
  const chainOf = chainsOf(entries);
  return entries.map(({ hasExchange: _, key, cause, chain, ...entry }, i) => ({
    chain: chain === undefined ? undefined : chainOf.get(chain),
    entry: withNames(
      { ...entry, id: firstId + i },
      {
        key: named(key),
        cause: named(cause),
        chain: named(chain),
      },
    ),
  }));
}

type Names = Record<'key' | 'cause' | 'chain', string | undefined>;

function withNames(entry: Entry, names: Names): Entry {
  for (const part of ['key', 'cause', 'chain'] as const) {
    const name = names[part];
    if (name !== undefined) entry[part] = name;
  }
  return entry;
}

/** Makes the chains anew: each is about the orders that its entries name, but for what a timer or a developer began. */
function chainsOf(entries: readonly Entry[]): ReadonlyMap<string, Chain> {
  const chains = new Map<string, Chain>();
  for (const { chain: id, ...entry } of entries) {
    if (id === undefined) continue;
    const chain = chains.get(id) ?? { id, orders: new Set(), isOfMany: false };
    chains.set(id, chain);
    if (/^(?:timer|console)\./.test(entry.what)) chain.isOfMany = true;
    const order = orderNamed(entry);
    if (order !== undefined) chain.orders.add(order);
  }
  return chains;
}
