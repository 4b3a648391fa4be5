import type { OrderDocument } from '../domain/order/order.ts';
import type { Due, FoundBy, OrderStore } from '../ports/store.ts';
import { decode, linkIn, SCHEMA_VERSION, type Stored, WRITE_IDS_MAX } from './codec.ts';
import type { DueField, OrdersCollection } from './collection.ts';
import { createOrderStore } from './orderStore.ts';

/**
 * Lets a test fail operations: called before and after each has taken effect, it throws what the store
 * gets in place of an answer, with the `code` of the SDK or of Node.
 */
export type Disturb = (
  operation: 'add' | 'find' | 'update',
  phase: 'before' | 'after',
) => Promise<void>;

/** A store in memory, for tests and simulation: its documents are encoded, as in the database. */
export interface MemoryStore extends OrderStore {
  /** Another instance over the same documents. */
  another(): OrderStore;
  /** Every document; throws when one cannot be read. */
  all(): OrderDocument[];
  /** The stored documents themselves, for a test to look at or spoil. */
  raw: Map<string, Stored>;
}

/** Makes a store in memory, under the rules of every store; `disturb` may fail its operations. */
export function createMemoryStore({
  disturb = async () => {},
}: {
  disturb?: Disturb;
} = {}): MemoryStore {
  const raw = new Map<string, Stored>();
  let writes = 0;
  const newWriteId = () => {
    writes += 1;
    return `write${writes}`;
  };
  const collection = collectionOf(raw, disturb);
  const another = () => createOrderStore(collection, { newWriteId, wait: async () => {} });
  const all = () => [...raw.values()].map((stored) => decode(structuredClone(stored)));
  return { ...another(), another, all, raw };
}

function collectionOf(raw: Map<string, Stored>, disturb: Disturb): OrdersCollection {
  const operation = async <T>(operation: Parameters<Disturb>[0], act: () => T): Promise<T> => {
    await disturb(operation, 'before');
    const answer = act();
    await disturb(operation, 'after');
    return answer;
  };
  return {
    add: (stored) =>
      operation('add', () => {
        if (raw.has(stored._id)) return 'taken';
        raw.set(stored._id, structuredClone(stored));
        return 'added';
      }),
    find: (outTradeNo) => operation('find', () => structuredClone(raw.get(outTradeNo))),
    search: (by) => operation('find', () => structuredClone(searchIn(raw, by))),
    replace: ({ outTradeNo, over, written, writeId }) =>
      operation('update', () => {
        const stored = raw.get(outTradeNo);
        if (stored?.version !== over || !(stored.schemaVersion <= SCHEMA_VERSION)) return 'void';
        if (isTaken(raw, outTradeNo, written.outRefundNos)) return 'number_used';
        const { transactionId: _t, paidAt: _p, outRefundNos: _r, ...others } = stored;
        const writeIds = [...stored.writeIds, writeId].slice(-WRITE_IDS_MAX);
        const next = { ...others, ...structuredClone(written), version: over + 1, writeIds };
        raw.set(outTradeNo, next);
        return 'written';
      }),
    move: ({ outTradeNo, at }, field, until) =>
      operation('update', () => {
        const stored = raw.get(outTradeNo);
        if (stored?.[field]?.getTime() !== at.getTime()) return false;
        stored[field] = new Date(until);
        return true;
      }),
    page: (field, before, size, last) =>
      operation('find', () => dueOf([...raw.values()], field, before, last).slice(0, size)),
  };
}

/** Stands for the unique index over refund numbers. */
function isTaken(raw: Map<string, Stored>, own: string, numbers: string[] = []): boolean {
  const others = [...raw.values()].filter(({ _id }) => _id !== own);
  return others.some(({ outRefundNos }) => outRefundNos?.some((no) => numbers.includes(no)));
}

function searchIn(raw: Map<string, Stored>, by: FoundBy): Stored | undefined {
  return [...raw.values()].find(({ transactionId, outRefundNos }) =>
    'outRefundNo' in by
      ? outRefundNos?.includes(by.outRefundNo)
      : transactionId === by.transactionId,
  );
}

function dueOf(
  stored: readonly Stored[],
  field: DueField,
  before: Date,
  last: Due | undefined,
): Due[] {
  return stored
    .flatMap(({ _id, [field]: at, order }) =>
      at instanceof Date && at <= before
        ? [{ outTradeNo: _id, at: new Date(at), ...linkIn(order) }]
        : [],
    )
    .filter((due) => last === undefined || inOrder(last, due) < 0)
    .sort(inOrder);
}

function inOrder(a: Due, b: Due): number {
  const apart = a.at.getTime() - b.at.getTime();
  if (apart !== 0) return apart;
  if (a.outTradeNo === b.outTradeNo) return 0;
  return a.outTradeNo < b.outTradeNo ? -1 : 1;
}
