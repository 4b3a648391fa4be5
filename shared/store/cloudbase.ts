import type { CloudBase } from '@cloudbase/node-sdk';
import type { OrderDocument } from '../domain/order.ts';
import type { RandomBytes } from '../ports/random.ts';
import type { Due, DueKind, OrderStore } from '../ports/store.ts';
import { StoreError } from '../ports/store.ts';
import { attempt, codeOf, DUPLICATE } from './attempts.ts';
import {
  assertVersion,
  decode,
  encode,
  newer,
  SCHEMA_VERSION,
  type Stored,
  WRITE_IDS_MAX,
} from './codec.ts';

/** The document database of `@cloudbase/node-sdk`. */
export type Database = ReturnType<CloudBase['database']>;

/** What the store works with. */
export interface CloudBaseStoreOptions {
  database(): Database;
  randomBytes: RandomBytes;
  wait(ms: number): Promise<void>;
  /** The longest that the next call may take. */
  timeoutMs(): number;
  /** `orders` unless told. */
  collection?: string;
}

/** The SDK answers no more rows at once. */
const PAGE_SIZE_MAX = 1000;

const field = { check: 'checkAt', deliver: 'deliverAt' } as const satisfies Record<DueKind, string>;

/** Makes the store over the CloudBase document database (云开发文档型数据库). */
export function createCloudBaseStore(options: CloudBaseStoreOptions): OrderStore {
  return {
    insert: (document) => insert(options, document),
    get: async (outTradeNo) => {
      const stored = await read(options, outTradeNo);
      return stored === undefined ? undefined : decode(stored);
    },
    replace: (next, expectedVersion) => replace(options, next, expectedVersion),
    due: (what, before, limit) => due(options, what, before, limit),
    lease: (item, what, until) => lease(options, item, what, until),
  };
}

/** The collection, each call of it bounded in time and changing one document at the most. */
function ordersOf({ database, timeoutMs, collection = 'orders' }: CloudBaseStoreOptions) {
  return database().collection(collection).options({ timeout: timeoutMs(), multiple: false });
}

function writeIdOf({ randomBytes }: CloudBaseStoreOptions): string {
  return Buffer.from(randomBytes(9)).toString('base64url');
}

async function insert(options: CloudBaseStoreOptions, document: OrderDocument) {
  const writeId = writeIdOf(options);
  const stored: Stored = {
    _id: document.outTradeNo,
    schemaVersion: SCHEMA_VERSION,
    version: 1,
    writeIds: [writeId],
    ...encode(document),
  };
  const { answer, unsure } = await attempt(async () => {
    try {
      await ordersOf(options).add(stored);
      return 'inserted' as const;
    } catch (error) {
      if (codeOf(error) === DUPLICATE) return 'exists' as const;
      throw error;
    }
  }, options.wait);
  // An earlier attempt may be the one that took the key.
  if (answer === 'inserted' || !unsure) return answer;
  return (await madeBy(options, document.outTradeNo, 1, writeId)) ? 'inserted' : 'exists';
}

async function replace(
  options: CloudBaseStoreOptions,
  next: OrderDocument,
  expectedVersion: number,
): Promise<'replaced' | 'conflict'> {
  assertVersion(expectedVersion);
  const { outTradeNo } = next;
  const writeId = writeIdOf(options);
  const command = options.database().command;
  const { transactionId, paidAt, order, ...written } = encode(next);
  const change = {
    ...written,
    version: expectedVersion + 1,
    writeIds: command.push({ each: [writeId], slice: -WRITE_IDS_MAX }),
    // Set, never merged: the SDK would flatten the value and leave old fields behind.
    order: command.set(order),
    transactionId: transactionId ?? command.remove(),
    paidAt: paidAt ?? command.remove(),
  };
  const only = {
    _id: outTradeNo,
    version: expectedVersion,
    schemaVersion: command.lte(SCHEMA_VERSION),
  };
  // A first attempt that commits late finds the version moved on by its own repeat: no harm.
  const { answer, unsure } = await attempt(
    () => ordersOf(options).where(only).update(change),
    options.wait,
  );
  if ((answer.updated ?? 0) > 0) return 'replaced';
  if (unsure && (await madeBy(options, outTradeNo, expectedVersion + 1, writeId)))
    return 'replaced';
  await refuseNewer(options, outTradeNo);
  return 'conflict';
}

async function read(options: CloudBaseStoreOptions, outTradeNo: string): Promise<unknown> {
  const { answer } = await attempt(
    () => ordersOf(options).where({ _id: outTradeNo }).limit(1).get(),
    options.wait,
  );
  return (answer.data as unknown[])[0];
}

/** Tells whether our own write made this version; throws when so much came after that none can tell. */
async function madeBy(
  options: CloudBaseStoreOptions,
  outTradeNo: string,
  version: number,
  writeId: string,
): Promise<boolean> {
  const stored = (await read(options, outTradeNo)) as Partial<Stored> | undefined;
  if (!stored?.writeIds || stored.version === undefined || stored.version < version) return false;
  const at = stored.writeIds.length - 1 - (stored.version - version);
  if (at < 0) {
    const told = `${outTradeNo}: version ${version} is too long past to tell who wrote it`;
    throw new StoreError('STORE_OUTCOME_UNKNOWN', 'never', told);
  }
  return stored.writeIds[at] === writeId;
}

async function refuseNewer(options: CloudBaseStoreOptions, outTradeNo: string): Promise<void> {
  const stored = (await read(options, outTradeNo)) as Partial<Stored> | undefined;
  const schemaVersion = stored?.schemaVersion ?? SCHEMA_VERSION;
  if (schemaVersion > SCHEMA_VERSION) throw newer(outTradeNo, schemaVersion);
}

async function due(
  options: CloudBaseStoreOptions,
  what: DueKind,
  before: Date,
  limit: number,
): Promise<Due[]> {
  const found: Due[] = [];
  while (found.length < limit) {
    const size = Math.min(PAGE_SIZE_MAX, limit - found.length);
    const page = await duePage(options, field[what], before, size, found.at(-1));
    found.push(...page);
    if (page.length < size) break;
  }
  return found;
}

/** One page in order of time and number, after `last`: by key, since offsets shift under writers. */
async function duePage(
  options: CloudBaseStoreOptions,
  name: 'checkAt' | 'deliverAt',
  before: Date,
  size: number,
  last: Due | undefined,
): Promise<Due[]> {
  const { command } = options.database();
  const upTo = { [name]: command.lte(before) };
  const query = last
    ? command.or([
        { [name]: command.and(command.gt(last.at), command.lte(before)) },
        { [name]: last.at, _id: command.gt(last.outTradeNo) },
      ])
    : upTo;
  const ordered = () =>
    ordersOf(options)
      .where(query)
      .orderBy(name, 'asc')
      .orderBy('_id', 'asc')
      .limit(size)
      .field({ _id: true, [name]: true })
      .get();
  const { answer } = await attempt(ordered, options.wait);
  const rows = answer.data as { _id: string; checkAt?: Date; deliverAt?: Date }[];
  return rows.flatMap(({ _id, [name]: at }) => (at ? [{ outTradeNo: _id, at }] : []));
}

async function lease(
  options: CloudBaseStoreOptions,
  { outTradeNo, at }: Due,
  what: DueKind,
  until: Date,
): Promise<boolean> {
  const name = field[what];
  const { answer, unsure } = await attempt(
    () =>
      ordersOf(options)
        .where({ _id: outTradeNo, [name]: at })
        .update({ [name]: until }),
    options.wait,
  );
  if ((answer.updated ?? 0) > 0) return true;
  if (!unsure) return false;
  // Ours, if the time is the one we wanted; should another worker have picked the same instant,
  // both work on it and the version decides.
  const stored = (await read(options, outTradeNo)) as Partial<Stored> | undefined;
  return stored?.[name]?.getTime() === until.getTime();
}
