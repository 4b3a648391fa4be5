/**
 * Makes a store whose every answer is true of the operations of a collection: a write is repeated with
 * its own id while it has no answer, and a "no" after that is checked by reading the document.
 */
import type { OrderDocument } from '../domain/order/order.ts';
import type { AttentionRow, Due, DueKind, OrderStore } from '../ports/store.ts';
import { StoreError } from '../ports/store.ts';
import { attempt } from './attempts.ts';
import { decode, encode, refuseNewer, SCHEMA_VERSION, type Stored } from './codec.ts';
import type { DueField, OrdersCollection, Page } from './collection.ts';
import * as is from './shape.ts';

/** The store needs these beside a collection. */
export interface OrderStoreDeps {
  /** An id that no other write has. */
  newWriteId(): string;
  wait(ms: number): Promise<void>;
  now(): Date;
}

/** The most rows that the SDK answers at once. */
const PAGE_SIZE_MAX = 1000;

const fieldOf = {
  check: 'checkAt',
  urgent: 'checkAt',
  deliver: 'deliveryAt',
} as const satisfies Record<DueKind, DueField>;

type Of<K extends keyof OrderStore> = OrderStore[K];

/** Makes the store over a collection. */
export function createOrderStore(collection: OrdersCollection, deps: OrderStoreDeps): OrderStore {
  return {
    insert: insertInto(collection, deps),
    get: async (outTradeNo) => {
      is.must(is.text, outTradeNo, 'outTradeNo');
      const stored = await findStored(collection, deps, outTradeNo);
      return stored === undefined ? undefined : decodeOrMark(stored, collection, deps);
    },
    find: async (by) => {
      for (const [name, value] of Object.entries(by)) is.must(is.text, value, name);
      const { answer } = await attempt(() => collection.search(by), deps.wait, { writes: false });
      return answer === undefined ? undefined : decodeOrMark(answer, collection, deps);
    },
    replace: replaceIn(collection, deps),
    due: dueIn(collection, deps),
    lease: leaseIn(collection, deps),
    attention: attentionIn(collection, deps),
    leaveUnreadable: leaveUnreadableIn(collection, deps),
  };
}

/** Decodes a document; one that cannot be read is marked, so that a person hears of it. */
async function decodeOrMark(
  stored: unknown,
  collection: OrdersCollection,
  { now }: OrderStoreDeps,
): Promise<OrderDocument> {
  try {
    return decode(stored);
  } catch (error) {
    const { _id: outTradeNo }: Partial<Stored> = is.isRecord(stored) ? stored : {};
    if (typeof outTradeNo === 'string' && isUnreadable(error)) {
      // Whoever meets it next marks it where this fails: the caller gets what is wrong with the document.
      await collection.markUnreadable(outTradeNo, now()).catch(() => {});
    }
    throw error;
  }
}

function isUnreadable(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'DOCUMENT_UNREADABLE';
}

function attentionIn(collection: OrdersCollection, deps: OrderStoreDeps): Of<'attention'> {
  return async (before, limit, after) => {
    is.must(is.date, before, 'before');
    is.must(is.count, limit, 'limit');
    is.must(is.optional(is.date), after?.at, 'after');
    const size = Math.min(PAGE_SIZE_MAX, limit);
    const list = () => collection.attention({ before, size, ...(after ? { after } : {}) });
    const { answer } = await attempt(list, deps.wait, { writes: false });
    return answer.map(attentionRow);
  };
}

function attentionRow(stored: unknown): AttentionRow {
  const { _id: outTradeNo, attentionAt: at } = stored as Stored & { attentionAt: Date };
  try {
    return { outTradeNo, at, kind: 'read', document: decode(stored) };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const code = isUnreadable(error) ? 'DOCUMENT_UNREADABLE' : 'DOCUMENT_NEWER';
    return { outTradeNo, at, kind: 'unreadable', code };
  }
}

function leaveUnreadableIn(
  collection: OrdersCollection,
  deps: OrderStoreDeps,
): Of<'leaveUnreadable'> {
  return async (outTradeNo, decision) => {
    is.must(is.text, outTradeNo, 'outTradeNo');
    const leave = () => collection.leaveUnreadable(outTradeNo, decision);
    const { answer: isLeft } = await attempt(leave, deps.wait, { writes: true });
    if (isLeft) return true;
    const found = await findStored(collection, deps, outTradeNo);
    return found?.unreadableAt !== undefined && found.unreadableLeft !== undefined;
  };
}

function insertInto(collection: OrdersCollection, deps: OrderStoreDeps): Of<'insert'> {
  return async (document) => {
    const { outTradeNo } = document;
    const writeId = deps.newWriteId();
    const stored = storedAnew(document, writeId);
    const { answer, unsure } = await attempt(() => collection.add(stored), deps.wait, {
      writes: true,
    });
    if (answer === 'added') return 'inserted';
    // An earlier attempt may be the one that took the key.
    if (!unsure) return 'exists';
    const found = await findStored(collection, deps, outTradeNo, { unsure });
    return isMadeBy(found, outTradeNo, 1, writeId) ? 'inserted' : 'exists';
  };
}

function storedAnew(document: OrderDocument, writeId: string): Stored {
  is.must(is.text, document.outTradeNo, 'outTradeNo');
  return {
    _id: document.outTradeNo,
    schemaVersion: SCHEMA_VERSION,
    version: 1,
    writeIds: [writeId],
    ...encode(document),
  };
}

function replaceIn(collection: OrdersCollection, deps: OrderStoreDeps): Of<'replace'> {
  return async (next, expectedVersion) => {
    const { outTradeNo } = next;
    is.must(is.text, outTradeNo, 'outTradeNo');
    is.must(is.version, expectedVersion, 'expectedVersion');
    const writeId = deps.newWriteId();
    const replacement = { outTradeNo, over: expectedVersion, written: encode(next), writeId };
    // The SDK does not abort what timed out, so a first attempt may arrive after its own repeat. It finds
    // the version moved on, for versions only rise: it is void, however late.
    const { answer: done, unsure } = await attempt(
      () => collection.replace(replacement),
      deps.wait,
      { writes: true },
    );
    if (done === 'written') return 'replaced';
    // Its condition fitted, so no earlier attempt was written.
    if (done === 'number_used') return done;
    const found = await findStored(collection, deps, outTradeNo, { unsure });
    if (unsure && isMadeBy(found, outTradeNo, expectedVersion + 1, writeId)) return 'replaced';
    refuseNewer(found);
    return 'conflict';
  };
}

function dueIn(collection: OrdersCollection, deps: OrderStoreDeps): Of<'due'> {
  return async (what, before, limit, from) => {
    is.must(is.date, before, 'before');
    is.must(is.count, limit, 'limit');
    is.must(is.optional(is.date), from, 'from');
    const found: Due[] = [];
    while (found.length < limit) {
      const size = Math.min(PAGE_SIZE_MAX, limit - found.length);
      const field = what === 'paid' ? 'paidAt' : fieldOf[what];
      const next: Page = { field, isUrgent: what === 'urgent', before, size };
      const last = found.at(-1)?.at ?? from;
      if (last) next.after = { at: last, except: numbersAt(last, found) };
      const nextPage = () => collection.page(next);
      const { answer: page } = await attempt(nextPage, deps.wait, { writes: false });
      found.push(...page);
      if (page.length < size) break;
    }
    return found;
  };
}

/** Lists the numbers at one instant: the next page begins there, and numbers have no order. */
function numbersAt(at: Date, found: readonly Due[]): string[] {
  const same = found.filter((due) => due.at.getTime() === at.getTime());
  return same.map(({ outTradeNo }) => outTradeNo);
}

function leaseIn(collection: OrdersCollection, deps: OrderStoreDeps): Of<'lease'> {
  return async (due, what, until) => {
    is.must(is.text, due.outTradeNo, 'outTradeNo');
    is.must(is.date, due.at, 'at');
    is.must(is.date, until, 'until');
    const field = fieldOf[what];
    const { answer: moved, unsure } = await attempt(
      () => collection.move(due, field, until),
      deps.wait,
      { writes: true },
    );
    if (moved) return true;
    // Nothing changes either where the time is the requested one already.
    if (!unsure && until.getTime() !== due.at.getTime()) return false;
    // The requested time is ours; should another worker have picked the same instant, both work on the
    // item, and the version lets one of them write.
    const found = await findStored(collection, deps, due.outTradeNo, { unsure });
    return found?.[field]?.getTime() === until.getTime();
  };
}

/** Reads a document as it is stored; `unsure` when it decides whether an earlier write took effect. */
async function findStored(
  collection: OrdersCollection,
  { wait }: OrderStoreDeps,
  outTradeNo: string,
  { unsure = false } = {},
): Promise<Partial<Stored> | undefined> {
  const { answer } = await attempt(() => collection.find(outTradeNo), wait, {
    writes: false,
    unsure,
  });
  return answer as Partial<Stored> | undefined;
}

/** Tells whether our own write made this version; throws when the document no longer shows it. */
function isMadeBy(
  found: Partial<Stored> | undefined,
  outTradeNo: string,
  version: number,
  writeId: string,
): boolean {
  if (found?.version === undefined || found.version < version) return false;
  const writeIds = Array.isArray(found.writeIds) ? found.writeIds : [];
  // The last id made the stored version, the one before it the version before.
  const maker = writeIds.at(version - found.version - 1);
  if (maker !== undefined) return maker === writeId;
  const message = `${outTradeNo}: version ${version} is too long past to tell who wrote it`;
  throw new StoreError('STORE_OUTCOME_UNKNOWN', 'never', message);
}
