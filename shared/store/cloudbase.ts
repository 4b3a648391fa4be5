import type { CloudBase } from '@cloudbase/node-sdk';
import type { RandomBytes } from '../ports/random.ts';
import type { Cursor, Due, FoundBy, OrderStore } from '../ports/store.ts';
import { codeOf } from './attempts.ts';
import { linkIn, SCHEMA_VERSION, SPARSE_FIELDS, type Stored, WRITE_IDS_MAX } from './codec.ts';
import type { OrdersCollection, Page, Replacement, TimeField } from './collection.ts';
import { createOrderStore } from './orderStore.ts';

/** The document database of `@cloudbase/node-sdk`. */
export type Database = ReturnType<CloudBase['database']>;

/** Queries and updates of a collection. */
type Orders = ReturnType<ReturnType<Database['collection']>['options']>;

/** Options of the store. */
export interface CloudBaseStoreOptions {
  /** Called for each operation, so that it may be made when it is first needed. */
  database(): Database;
  randomBytes: RandomBytes;
  wait(ms: number): Promise<void>;
  now(): Date;
  /** The longest that the next operation may take. */
  timeoutMs(): number;
  /** `orders` unless given. */
  collection?: string;
}

/** Makes the store over the CloudBase document database (云开发文档型数据库). */
export function createCloudBaseStore(options: CloudBaseStoreOptions): OrderStore {
  const { randomBytes, wait, now } = options;
  const newWriteId = () => Buffer.from(randomBytes(9)).toString('base64url');
  return createOrderStore(collectionOf(options), { newWriteId, wait, now });
}

/** Makes the operations of a collection through the SDK. */
function collectionOf({
  database,
  timeoutMs,
  collection = 'orders',
}: CloudBaseStoreOptions): OrdersCollection {
  // `multiple: false` because an update changes every document that fits by default; a time-out
  // that is not whole is refused before it is sent ("timeout must be integer").
  const orders = () =>
    database()
      .collection(collection)
      .options({ timeout: Math.ceil(timeoutMs()), multiple: false });
  return {
    add: async (stored) => {
      try {
        await orders().add(stored);
        return 'added';
      } catch (error) {
        if (codeOf(error) === 'DATABASE_DUPLICATE_WRITE') return 'taken';
        throw error;
      }
    },
    find: async (outTradeNo) => {
      const { data } = await orders().where({ _id: outTradeNo }).limit(1).get();
      return (data as unknown[])[0];
    },
    search: async (by) => {
      const { data } = await orders().where(searched(by)).limit(1).get();
      return (data as unknown[])[0];
    },
    replace: async (replacement) => {
      const { only, change } = conditional(database(), replacement);
      try {
        return hasChanged(await orders().where(only).update(change)) ? 'written' : 'void';
      } catch (error) {
        // The one unique index beside the key is that of the refund numbers.
        if (codeOf(error) === 'DATABASE_DUPLICATE_WRITE') return 'number_used';
        throw error;
      }
    },
    move: async ({ outTradeNo, at }, field, until) => {
      const only = { _id: outTradeNo, [field]: at, ...ofOurs(database()) };
      return hasChanged(
        await orders()
          .where(only)
          .update({ [field]: until }),
      );
    },
    page: async (page) => {
      const { field, size } = page;
      // By time alone: with the number as well no sparse index could serve it, for all have one.
      const { data } = await orders()
        .where(dueIn(database(), page))
        .orderBy(field, 'asc')
        .limit(size)
        .field({ _id: true, [field]: true, urgent: true, link: true })
        .get();
      return (data as DueRow[]).map((row) => dueOf(row, field));
    },
    ...attentionOperations(database, orders),
  };
}

/** Makes the operations about what needs a human; none parses a document. */
function attentionOperations(
  database: () => Database,
  orders: () => Orders,
): Pick<OrdersCollection, 'attention' | 'markUnreadable' | 'leaveUnreadable'> {
  return {
    attention: async ({ before, size, after }) => {
      const only = timesIn(database(), 'attentionAt', { before, after });
      const { data } = await orders().where(only).orderBy('attentionAt', 'asc').limit(size).get();
      return data as unknown[];
    },
    markUnreadable: async (outTradeNo, at) => {
      const only = { _id: outTradeNo, unreadableAt: database().command.exists(false) };
      await orders().where(only).update({ unreadableAt: at, attentionAt: at });
    },
    leaveUnreadable: async (outTradeNo, decision) => {
      const { command } = database();
      const only = {
        _id: outTradeNo,
        unreadableAt: command.exists(true),
        unreadableLeft: command.exists(false),
      };
      const change = { attentionAt: command.remove(), unreadableLeft: command.set(decision) };
      return hasChanged(await orders().where(only).update(change));
    },
  };
}

/** A row of what is due, as it is asked for. */
type DueRow = Pick<Stored, '_id' | 'link' | 'urgent'> & Record<TimeField, Date>;

function dueOf({ _id, link, urgent, ...row }: DueRow, field: TimeField): Due {
  const isUrgent = urgent === undefined ? {} : ({ isUrgent: true } as const);
  return { outTradeNo: _id, at: row[field], ...linkIn({ link }), ...isUrgent };
}

/** Makes the condition of a search; a list in the database fits a value that it holds. */
function searched(by: FoundBy): Record<string, string> {
  return 'outRefundNo' in by
    ? { outRefundNos: by.outRefundNo }
    : { transactionId: by.transactionId };
}

/** Tells whether a document changed; an answer without the number throws, since 0 would deny a write. */
export function hasChanged({ updated }: { updated?: number }): boolean {
  if (!Number.isSafeInteger(updated)) throw new Error('the answer does not say what was updated');
  return updated !== 0;
}

/** Makes the condition that leaves documents of later code alone. */
function ofOurs({ command }: Database) {
  return { schemaVersion: command.lte(SCHEMA_VERSION) };
}

/** Makes a replacement's condition and change: each value set whole, for the SDK merges what is nested. */
function conditional(db: Database, { outTradeNo, over, written, writeId }: Replacement) {
  const { command } = db;
  const { outRefundNos, order, transactionId, ...others } = written;
  return {
    only: { _id: outTradeNo, version: over, ...ofOurs(db) },
    change: {
      ...Object.fromEntries(SPARSE_FIELDS.map((name) => [name, command.remove()])),
      unreadableAt: command.remove(),
      ...others,
      ...(transactionId ? { transactionId: command.set(transactionId) } : {}),
      version: over + 1,
      writeIds: command.push({ each: [writeId], slice: -WRITE_IDS_MAX }),
      order: command.set(order),
      ...(outRefundNos ? { outRefundNos: command.set(outRefundNos) } : {}),
    },
  };
}

/** Makes the condition of a page; it goes on by time, since offsets shift while others write. */
function dueIn(db: Database, { field, isUrgent, before, after }: Page) {
  return {
    ...timesIn(db, field, { before, after }),
    ...(isUrgent ? { urgent: true } : {}),
    ...ofOurs(db),
  };
}

function timesIn(
  { command }: Database,
  field: TimeField | 'attentionAt',
  { before, after }: { before: Date; after: Cursor | undefined },
) {
  const until = command.lte(before);
  return {
    [field]: after ? command.and(command.gte(after.at), until) : until,
    ...(after && after.except.length > 0 ? { _id: command.nin([...after.except]) } : {}),
  };
}
