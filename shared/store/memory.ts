import type { OrderDocument } from '../domain/order/order.ts';
import type { Cursor, Due, FoundBy, OrderStore } from '../ports/store.ts';
import {
  decode,
  linkIn,
  SCHEMA_VERSION,
  SPARSE_FIELDS,
  type Stored,
  WRITE_IDS_MAX,
} from './codec.ts';
import type { OrdersCollection, Page } from './collection.ts';
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
  disturb,
  now = () => new Date(0),
}: {
  disturb?: Disturb;
  now?: () => Date;
} = {}): MemoryStore {
  const raw = new Map<string, Stored>();
  let writes = 0;
  const newWriteId = () => {
    writes += 1;
    return `write${writes}`;
  };
  const collection = collectionOf(raw, disturb);
  const another = () => createOrderStore(collection, { newWriteId, now, wait: async () => {} });
  const all = () => [...raw.values()].map((stored) => decode(structuredClone(stored)));
  return { ...another(), another, all, raw };
}

/** Does an operation, disturbed as the test says. */
type Operation = <T>(operation: Parameters<Disturb>[0], act: () => T) => Promise<T>;

function collectionOf(raw: Map<string, Stored>, disturb?: Disturb): OrdersCollection {
  const operation: Operation = async (operation, act) => {
    if (disturb === undefined) return act();
    await disturb(operation, 'before');
    const answer = act();
    await disturb(operation, 'after');
    return answer;
  };
  return {
    add: (stored) =>
      operation('add', () => {
        if (raw.has(stored._id)) return 'taken';
        raw.set(stored._id, copyOf(stored));
        return 'added';
      }),
    find: (outTradeNo) => operation('find', () => copyOf(raw.get(outTradeNo))),
    search: (by) => operation('find', () => copyOf(searchIn(raw, by))),
    replace: ({ outTradeNo, over, written, writeId }) =>
      operation('update', () => {
        const stored = raw.get(outTradeNo);
        if (stored?.version !== over || !isOurs(stored)) return 'void';
        if (isTaken(raw, outTradeNo, written.outRefundNos)) return 'number_used';
        const writeIds = [...stored.writeIds, writeId].slice(-WRITE_IDS_MAX);
        const kept = keptOf(stored, written);
        raw.set(outTradeNo, { version: over + 1, writeIds, ...kept, ...copyOf(written) });
        return 'written';
      }),
    move: ({ outTradeNo, at }, field, until) =>
      operation('update', () => {
        const stored = raw.get(outTradeNo);
        if (stored?.[field]?.getTime() !== at.getTime() || !isOurs(stored)) return false;
        stored[field] = new Date(until);
        return true;
      }),
    page: (page) => operation('find', () => dueIn([...raw.values()], page)),
    ...attentionOperations(raw, operation),
  };
}

function attentionOperations(
  raw: Map<string, Stored>,
  operation: Operation,
): Pick<OrdersCollection, 'attention' | 'markUnreadable' | 'leaveUnreadable'> {
  return {
    attention: (page) => operation('find', () => attentionIn(raw, page).map(copyOf)),
    markUnreadable: (outTradeNo, at) =>
      operation('update', () => {
        const stored = raw.get(outTradeNo);
        if (stored && !stored.unreadableAt) Object.assign(stored, marked(at));
      }),
    leaveUnreadable: (outTradeNo, decision) =>
      operation('update', () => {
        const stored = raw.get(outTradeNo);
        if (!stored?.unreadableAt || stored.unreadableLeft) return false;
        delete stored.attentionAt;
        stored.unreadableLeft = structuredClone(decision);
        return true;
      }),
  };
}

/** The fields that a write sets or removes by itself. */
const WRITTEN: ReadonlySet<string> = new Set([
  ...SPARSE_FIELDS,
  'unreadableAt',
  'version',
  'writeIds',
] satisfies (keyof Stored)[]);

/** Takes what a write leaves as it is. */
function keptOf(stored: Stored, written: object): Pick<Stored, '_id' | 'schemaVersion'> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(stored)) {
    if (!WRITTEN.has(name) && !Object.hasOwn(written, name)) kept[name] = value;
  }
  return kept as unknown as Stored;
}

function marked(at: Date): Pick<Stored, 'unreadableAt' | 'attentionAt'> {
  return { unreadableAt: new Date(at), attentionAt: new Date(at) };
}

function attentionIn(
  raw: Map<string, Stored>,
  { before, size, after }: Pick<Page, 'before' | 'size' | 'after'>,
): Stored[] {
  const fits = ({ _id, attentionAt: at }: Stored) =>
    at instanceof Date && at <= before && (!after || isAfter(after, at, _id));
  const byTime = (a: Stored, b: Stored) => Number(a.attentionAt) - Number(b.attentionAt);
  return [...raw.values()].filter(fits).sort(byTime).slice(0, size);
}

function isAfter({ at: from, except }: Cursor, at: Date, outTradeNo: string): boolean {
  return at >= from && !except.includes(outTradeNo);
}

/**
 * Copies a document, as a database does between writer and reader. Of plain objects, lists and instants; the
 * engine's own clone takes longer than everything else that a callback needs beside its cryptography.
 */
function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return new Date(value) as T;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  const copied: Record<string, unknown> = { ...(value as object) };
  for (const name in copied) {
    const field = copied[name];
    if (typeof field === 'object') copied[name] = copyOf(field);
  }
  return copied as T;
}

/** Tells a document from one of later code. */
function isOurs({ schemaVersion }: Stored): boolean {
  return schemaVersion <= SCHEMA_VERSION;
}

/** Stands for the unique index over refund numbers. */
function isTaken(raw: Map<string, Stored>, own: string, numbers: string[] = []): boolean {
  if (numbers.length === 0) return false;
  const others = [...raw.values()].filter(({ _id }) => _id !== own);
  return others.some(({ outRefundNos }) => outRefundNos?.some((no) => numbers.includes(no)));
}

function searchIn(raw: Map<string, Stored>, by: FoundBy): Stored | undefined {
  return [...raw.values()].find(({ transactionId, outRefundNos }) =>
    'outRefundNo' in by
      ? outRefundNos?.includes(by.outRefundNo)
      : [transactionId].flat().includes(by.transactionId),
  );
}

function dueIn(stored: readonly Stored[], { field, isUrgent, before, size, after }: Page): Due[] {
  const fits = (at: Date | null | undefined, no: string): at is Date => {
    if (!(at instanceof Date) || at > before) return false;
    return !after || isAfter(after, at, no);
  };
  return stored
    .filter((one) => isOurs(one) && (!isUrgent || one.urgent))
    .flatMap(({ _id, [field]: at, link, urgent }) =>
      fits(at, _id)
        ? [
            {
              outTradeNo: _id,
              at: new Date(at),
              ...linkIn({ link }),
              ...(urgent && { isUrgent: urgent }),
            },
          ]
        : [],
    )
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .slice(0, size);
}
