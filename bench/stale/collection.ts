import type { Due } from '../../shared/ports/store.ts';
import { linkIn, SCHEMA_VERSION, type Stored, type Written } from '../../shared/store/codec.ts';
import type { OrdersCollection, Page } from '../../shared/store/collection.ts';
import { createTimeIndex } from './timeIndex.ts';

/** A collection with the indexes of `infra/resources.ts`, each operation of which takes its time. */
export interface TimedCollection {
  operations: OrdersCollection;
  size(): number;
  get(no: string): Stored | undefined;
  /** Puts a document there without taking time: placing orders is not what is measured. */
  put(no: string, written: Written): void;
  remove(no: string): void;
  /** Finds the time of what has been due longest, of all and of what holds money. */
  firstDueMs(): { all: number | undefined; urgent: number | undefined };
}

/** Makes it; `onWritten` sees each document that was written. */
export function createTimedCollection(
  takeTime: () => Promise<void>,
  onWritten: (stored: Stored) => void,
): TimedCollection {
  const documents = new Map<string, Stored>();
  const all = createTimeIndex();
  const urgent = createTimeIndex();
  const forget = ({ _id, checkAt }: Stored) => {
    if (!checkAt) return;
    all.remove(_id, checkAt);
    urgent.remove(_id, checkAt);
  };
  const index = (stored: Stored) => {
    const { _id, checkAt } = stored;
    if (checkAt) all.set(_id, checkAt);
    if (checkAt && stored.urgent) urgent.set(_id, checkAt);
  };
  const put = (stored: Stored) => {
    documents.set(stored._id, stored);
    index(stored);
  };
  return {
    operations: {
      add: async () => 'taken',
      search: async () => undefined,
      attention: async () => [],
      markUnreadable: async () => {},
      leaveUnreadable: async () => false,
      find: async (no) => {
        await takeTime();
        return documents.get(no);
      },
      replace: async ({ outTradeNo, over, written, writeId }) => {
        await takeTime();
        const before = documents.get(outTradeNo);
        if (before?.version !== over) return 'void';
        forget(before);
        const { schemaVersion } = before;
        const next = {
          _id: outTradeNo,
          schemaVersion,
          version: over + 1,
          writeIds: [writeId],
          ...written,
        };
        put(next);
        onWritten(next);
        return 'written';
      },
      move: async ({ outTradeNo, at }, _field, until) => {
        await takeTime();
        const stored = documents.get(outTradeNo);
        if (stored?.checkAt?.getTime() !== at.getTime()) return false;
        forget(stored);
        stored.checkAt = until;
        index(stored);
        return true;
      },
      page: async (page) => {
        await takeTime();
        return dueOn(page, page.isUrgent ? urgent : all, documents);
      },
    },
    size: () => documents.size,
    get: (no) => documents.get(no),
    put: (no, written) =>
      put({ _id: no, schemaVersion: SCHEMA_VERSION, version: 1, writeIds: ['w1'], ...written }),
    remove: (no) => {
      const stored = documents.get(no);
      if (stored) forget(stored);
      documents.delete(no);
    },
    firstDueMs: () => ({ all: all.firstMs(), urgent: urgent.firstMs() }),
  };
}

function dueOn(
  { before, size, after }: Page,
  index: ReturnType<typeof createTimeIndex>,
  documents: ReadonlyMap<string, Stored>,
): Due[] {
  const found: Due[] = [];
  for (const [no, ms] of index.between(after?.at.getTime() ?? 0, before.getTime())) {
    if (ms === after?.at.getTime() && after.except.includes(no)) continue;
    const stored = documents.get(no);
    const isUrgent = stored?.urgent ? ({ isUrgent: true } as const) : {};
    found.push({
      outTradeNo: no,
      at: new Date(ms),
      ...linkIn({ link: stored?.link }),
      ...isUrgent,
    });
    if (found.length >= size) break;
  }
  return found;
}
