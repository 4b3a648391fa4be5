import { AsyncLocalStorage } from 'node:async_hooks';
import type { HttpHeaders } from '../wire/http.ts';

/** A chain holds what follows from one act, as far as it goes without waiting; a timer's run is one of its own. */
export interface Chain {
  id: string;
  /** The orders that its entries are about; none is learnt of a run that sees to many. */
  orders: Set<string>;
  isOfMany: boolean;
}

/** Something that others follow from; entries of the timeline name it by its key. */
export interface Cause {
  key: string;
  chain: Chain;
}

/** Knows, for whatever happens, what it follows from: inside this process, and from a function's process to here. */
export interface Causes {
  current(): Cause | undefined;
  /** Makes a cause of the chain that is under way, or of a new one. */
  open(options?: { key?: string; startsChain?: boolean; isOfMany?: boolean }): Cause;
  /** Finds one of the newest 10,000. */
  find(key: string): Cause | undefined;
  /** Makes what follows from a cause later, in a chain of its own about the same orders. */
  again(key: string): Cause;
  /** Does work that follows from a cause; from none where there is none. */
  within<T>(cause: Cause | undefined, work: () => T): T;
}

/** Tells the local cloud which invocation a request comes from; `host.cjs` sends it, to this machine alone. */
export const CAUSE_HEADER = 'x-local-cloud-cause';

/** Lists the headers of a request that its sender wrote: all but the local cloud's own. */
export function headersSent(headers: HttpHeaders): [name: string, value: string][] {
  return [...headers].filter(([name]) => name !== CAUSE_HEADER);
}

const KEPT_MAX = 10_000;

/**
 * Holds what is under way, of every world in this process: Node 20 writes each storage that was ever used into every
 * promise, so that one storage a world makes all that comes after it slower.
 */
const underWay = new AsyncLocalStorage<{ world: object; cause: Cause | undefined }>();

/** Builds the knowledge of causes; it is kept in memory. */
export function createCauses(): Causes {
  const known = new Map<string, Cause>();
  let count = 0;
  const current = () => {
    const now = underWay.getStore();
    return now?.world === known ? now.cause : undefined;
  };
  return {
    current,
    open: ({ key, startsChain = false, isOfMany = false } = {}) => {
      count += 1;
      const chain = startsChain ? undefined : current()?.chain;
      const cause: Cause = {
        key: key ?? `a${count}`,
        chain: chain ?? { id: `c${count}`, orders: new Set(), isOfMany },
      };
      known.set(cause.key, cause);
      const [oldest] = known.keys();
      if (known.size > KEPT_MAX && oldest !== undefined) known.delete(oldest);
      return cause;
    },
    find: (key) => known.get(key),
    again: (key) => {
      count += 1;
      const orders = new Set(known.get(key)?.chain.orders);
      return { key, chain: { id: `c${count}`, orders, isOfMany: false } };
    },
    within: (cause, work) => underWay.run({ world: known, cause }, work),
  };
}
