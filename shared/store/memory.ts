import type { OrderDocument } from '../domain/order.ts';
import type { Due, DueKind, OrderStore } from '../ports/store.ts';
import { assertVersion, decode, encode, newer, SCHEMA_VERSION, type Stored } from './codec.ts';

/** The store in memory, for tests and simulation: it keeps documents encoded, as the database does. */
export interface MemoryStore extends OrderStore {
  /** Every document that can be read. */
  all(): OrderDocument[];
  /** The stored documents themselves, for a test to look at or spoil. */
  raw: Map<string, Stored>;
}

const field = { check: 'checkAt', deliver: 'deliverAt' } as const satisfies Record<DueKind, string>;

/** Makes a store in memory; several may share one map, as instances share a database. */
export function createMemoryStore(raw = new Map<string, Stored>()): MemoryStore {
  const read = (stored: Stored) => decode(structuredClone(stored));
  return {
    raw,
    all: () => [...raw.values()].map(read),
    insert: async (document) => {
      if (raw.has(document.outTradeNo)) return 'exists';
      raw.set(document.outTradeNo, {
        _id: document.outTradeNo,
        schemaVersion: SCHEMA_VERSION,
        version: 1,
        writeIds: [],
        ...structuredClone(encode(document)),
      });
      return 'inserted';
    },
    get: async (outTradeNo) => {
      const stored = raw.get(outTradeNo);
      return stored && read(stored);
    },
    replace: async (next, expectedVersion) => {
      assertVersion(expectedVersion);
      const stored = raw.get(next.outTradeNo);
      if (stored && stored.schemaVersion > SCHEMA_VERSION) {
        throw newer(next.outTradeNo, stored.schemaVersion);
      }
      if (stored?.version !== expectedVersion) return 'conflict';
      const { transactionId: _t, paidAt: _p, ...others } = stored;
      const written = structuredClone(encode(next));
      raw.set(next.outTradeNo, { ...others, ...written, version: expectedVersion + 1 });
      return 'replaced';
    },
    due: async (what, before, limit) => dueOf([...raw.values()], what, before).slice(0, limit),
    lease: async ({ outTradeNo, at }, what, until) => {
      const stored = raw.get(outTradeNo);
      if (stored?.[field[what]]?.getTime() !== at.getTime()) return false;
      stored[field[what]] = new Date(until);
      return true;
    },
  };
}

function dueOf(stored: readonly Stored[], what: DueKind, before: Date): Due[] {
  return stored
    .flatMap(({ _id, [field[what]]: at }) => (at && at <= before ? [{ outTradeNo: _id, at }] : []))
    .sort((a, b) => a.at.getTime() - b.at.getTime() || (a.outTradeNo < b.outTradeNo ? -1 : 1))
    .map(({ outTradeNo, at }) => ({ outTradeNo, at: new Date(at) }));
}
