import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tcb from '@cloudbase/node-sdk';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Collection, type Version } from '../documents/collection.ts';
import { select } from '../documents/selection.ts';
import { ENV_ID, type Harness, startHarness } from '../harness.ts';
import { type Doc, toText } from '../values/ejson.ts';
import { type Sort, sortDocuments } from '../values/paths.ts';
import type { IndexDefinition } from './orderedIndex.ts';

let harness: Harness;
const db = tcb.init({ env: ENV_ID }).database();
const _ = db.command;
let named = 0;

beforeAll(async () => {
  harness = await startHarness();
  Object.assign(process.env, harness.environment);
});
afterAll(() => harness.close());

function collection(...indexes: IndexDefinition[]) {
  named += 1;
  harness.cloudbase.createCollection(`c${named}`, indexes);
  return db.collection(`c${named}`);
}

/** How many documents a call looked at. */
async function examinedBy(call: () => Promise<unknown>): Promise<number> {
  const before = harness.cloudbase.examined();
  await call();
  return harness.cloudbase.examined() - before;
}

const outcome = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'written',
    (error: { code: string }) => error.code,
  );

describe('a unique index', () => {
  const unique: IndexDefinition = { name: 'u', keys: { no: 1 }, unique: true };
  const sparse: IndexDefinition = { ...unique, sparse: true };
  const duplicate = 'DATABASE_DUPLICATE_WRITE';

  test.each<[string, IndexDefinition, Doc, Doc, string]>([
    ['refuses a value twice', unique, { no: 'a' }, { no: 'a' }, duplicate],
    ['lets different values pass', unique, { no: 'a' }, { no: 'b' }, 'written'],
    ['tells 1 from "1"', unique, { no: 1 }, { no: '1' }, 'written'],
    ['counts null as a value', unique, { no: null }, { no: null }, duplicate],
    ['counts a missing field as null', unique, {}, { no: null }, duplicate],
    ['counts two missing fields as equal', unique, {}, {}, duplicate],
    ['if sparse, leaves out documents without the field', sparse, {}, {}, 'written'],
    ['if sparse, still counts null', sparse, { no: null }, { no: null }, duplicate],
    ['if sparse, tells null from nothing', sparse, {}, { no: null }, 'written'],
    ['if sparse, refuses a value twice', sparse, { no: 'a' }, { no: 'a' }, duplicate],
    ['sees each element of a list', sparse, { no: ['a', 'b'] }, { no: ['b', 'c'] }, duplicate],
    ['sees an element beside a plain value', sparse, { no: ['a', 'b'] }, { no: 'b' }, duplicate],
    ['lets lists without a common element pass', sparse, { no: ['a'] }, { no: ['b'] }, 'written'],
    ['counts an empty list as a value, even if sparse', sparse, { no: [] }, { no: [] }, duplicate],
    ['compares instants by time', unique, { no: new Date(1) }, { no: new Date(1) }, duplicate],
  ])('%s', async (_name, index, first, second, expected) => {
    const of = collection(index);
    await of.add(first);
    expect(await outcome(of.add(second))).toBe(expected);
    expect((await of.count()).total).toBe(expected === 'written' ? 2 : 1);
  });

  test('allows one list to name an element twice', async () => {
    expect(await outcome(collection(sparse).add({ no: ['a', 'a'] }))).toBe('written');
  });

  test('over several fields refuses only the whole key', async () => {
    const of = collection({ name: 'u', keys: { a: 1, b: -1 }, unique: true });
    await of.add({ a: 1, b: 1 });
    expect(await outcome(of.add({ a: 1, b: 2 }))).toBe('written');
    expect(await outcome(of.add({ a: 1, b: 1 }))).toBe(duplicate);
  });

  test('holds for updates, doc.set and updateAndReturn', async () => {
    const of = collection(unique);
    await of.add([
      { _id: 'x', no: 1 },
      { _id: 'y', no: 2 },
    ] as never);
    expect(await outcome(of.where({ _id: 'y' }).update({ no: 1 }))).toBe(duplicate);
    expect(await outcome(of.doc('z').set({ no: 1 }))).toBe(duplicate);
    expect(await outcome(of.where({ _id: 'y' }).updateAndReturn({ no: 1 }))).toBe(duplicate);
    expect((await of.where({ no: 2 }).get()).data).toEqual([{ _id: 'y', no: 2 }]);
  });

  test('frees a key with the document or the value that held it', async () => {
    const of = collection(unique);
    await of.add([
      { _id: 'x', no: 1 },
      { _id: 'y', no: 2 },
    ] as never);
    await of.doc('x').remove();
    await of.doc('y').update({ no: 3 });
    expect(await outcome(of.add({ no: 1 }))).toBe('written');
    expect(await outcome(of.add({ no: 2 }))).toBe('written');
    expect(await outcome(of.add({ no: 3 }))).toBe(duplicate);
  });

  test('names itself and the key in the refusal', async () => {
    const of = collection(unique);
    await of.add({ no: 'R1' });
    await expect(of.add({ no: 'R1' })).rejects.toThrow(
      /E11000 duplicate key error collection: local-env\.c\d+ index: u dup key: { no: "R1" }/,
    );
  });

  test('of 20 at once with one key, one is written', async () => {
    const of = collection(unique);
    const all = await Promise.all(Array.from({ length: 20 }, () => outcome(of.add({ no: 1 }))));
    expect(all.filter((one) => one === 'written')).toHaveLength(1);
  });
});

describe('an index made later', () => {
  test('is built over the documents that are there, and again is the same', async () => {
    const of = collection();
    await of.add(Array.from({ length: 50 }, (_item, n) => ({ n })) as never);
    const index: IndexDefinition = { name: 'n', keys: { n: 1 } };
    harness.cloudbase.createCollection(of.name, [index]);
    harness.cloudbase.createCollection(of.name, [index]);
    expect(await examinedBy(() => of.where({ n: 7 }).get())).toBe(1);
    expect(harness.cloudbase.collections().find(({ name }) => name === of.name)).toEqual({
      name: of.name,
      count: 50,
      indexes: [index],
    });
  });

  test('is refused if it is unique and they are not', async () => {
    const of = collection();
    await of.add([{ n: 1 }, { n: 1 }] as never);
    const index: IndexDefinition = { name: 'n', keys: { n: 1 }, unique: true };
    expect(() => harness.cloudbase.createCollection(of.name, [index])).toThrow(/E11000/);
    expect(await outcome(of.add({ n: 1 }))).toBe('written');
  });
});

describe('among 2,000 orders', () => {
  const at = (second: number) => new Date(1_700_000_000_000 + second * 1000);
  let orders: ReturnType<typeof collection>;

  beforeAll(async () => {
    orders = collection(
      { name: 'check_at', keys: { checkAt: 1, _id: 1 } },
      { name: 'transaction_id', keys: { transactionId: 1 }, sparse: true },
      { name: 'refund_numbers', keys: { outRefundNos: 1 }, unique: true, sparse: true },
      { name: 'state_paid', keys: { state: 1, paidAt: -1 } },
    );
    const order = (n: number) => ({
      _id: `T${n}`,
      version: 1,
      state: n % 2 ? 'paid' : 'paying',
      paidAt: at(n),
      checkAt: n < 1000 ? at(n) : null,
      ...(n % 2 ? { transactionId: `42${n}`, outRefundNos: [`R${n}`, `S${n}`] } : {}),
    });
    for (let n = 0; n < 2000; n += 500) {
      await orders.add(Array.from({ length: 500 }, (_item, i) => order(n + i)) as never);
    }
  });

  const rows: [string, () => Promise<unknown>, number][] = [
    ['one by its number', () => orders.doc('T7').get(), 1],
    ['a compare-and-set', () => orders.where({ _id: 'T7', version: 9 }).update({ x: 1 }), 1],
    ['one by transaction', () => orders.where({ transactionId: '4277' }).get(), 1],
    ['one by refund number', () => orders.where({ outRefundNos: 'S77' }).get(), 1],
    ['none by transaction', () => orders.where({ transactionId: 'none' }).get(), 0],
    ['several by number', () => orders.where({ _id: _.in(['T1', 'T2', 'T1']) }).get(), 2],
    [
      'the first 100 that are due',
      () =>
        orders
          .where({ checkAt: _.lte(at(900)) })
          .orderBy('checkAt', 'asc')
          .limit(100)
          .get(),
      100,
    ],
    [
      'a page of them',
      () =>
        orders
          .where({ checkAt: _.lte(at(900)) })
          .orderBy('checkAt', 'asc')
          .skip(50)
          .limit(10)
          .get(),
      60,
    ],
    ['how many are due', () => orders.where({ checkAt: _.lte(at(99)) }).count(), 100],
    ['a stretch of time', () => orders.where({ checkAt: _.gt(at(10)).and(_.lt(at(20))) }).get(), 9],
    [
      'the last paid, latest first',
      () => orders.where({ state: 'paid' }).orderBy('paidAt', 'desc').limit(10).get(),
      10,
    ],
    [
      'the first paid, walking backwards',
      () => orders.where({ state: 'paid' }).orderBy('paidAt', 'asc').limit(10).get(),
      10,
    ],
    ['all of them, in order', () => orders.orderBy('_id', 'asc').limit(10).get(), 10],
    ['what no index knows', () => orders.where({ version: 9 }).get(), 2000],
    [
      'a lack, which a sparse index does not know',
      () => orders.where({ transactionId: null }).get(),
      1099,
    ],
  ];
  test.each(rows.slice(0, -1))('%s looks at no more than it must', async (_name, call, looked) => {
    expect(await examinedBy(call)).toBe(looked);
  });

  test('a lack is found although a sparse index does not know it', async () => {
    expect((await orders.where({ transactionId: null }).count()).total).toBe(1000);
    expect((await orders.where({ transactionId: _.exists(false) }).count()).total).toBe(1000);
  });

  test('the due ones come in order of time, then of number, past 1,000', async () => {
    const seen: string[] = [];
    for (let skip = 0; skip < 2000; skip += 500) {
      const page = orders.orderBy('checkAt', 'desc').orderBy('_id', 'desc').skip(skip).limit(500);
      seen.push(...(await page.get()).data.map(({ _id }) => _id as string));
    }
    expect(new Set(seen).size).toBe(2000);
    expect(seen.slice(0, 3)).toEqual(['T999', 'T998', 'T997']);
  });
});

test('two elements of one list may meet the two ends of a range', async () => {
  const of = collection({ name: 'n', keys: { n: 1 } });
  await of.add({ _id: 'T1', n: [0, 9] });
  expect((await of.where({ n: _.gt(3).and(_.lt(5)) }).count()).total).toBe(1);
});

test('a field may be called like something that every object has', async () => {
  const of = collection({ name: 'n', keys: { n: 1 } });
  await of.add({ _id: 'T1', n: { constructor: 5 } });
  const raw = of.options({ raw: true } as never);
  expect((await raw.where({ n: { constructor: 5 } }).count()).total).toBe(1);
});

describe('whatever the indexes, a query finds the same documents', () => {
  const value = fc.oneof(
    fc.integer({ min: 0, max: 3 }),
    fc.constantFrom<unknown>(null, 'a', 'b', true, new Date(1), new Date(2)),
    fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
  );
  const document = fc.record(
    { a: value, b: value, n: fc.record({ x: value }) },
    { requiredKeys: [] },
  );
  const scalar = fc.oneof(
    fc.integer({ min: 0, max: 3 }),
    fc.constantFrom<unknown>('a', new Date(1)),
  );
  const condition = fc.oneof(
    value,
    fc.record({ $eq: value }),
    fc.record({ $in: fc.array(fc.oneof(scalar, fc.constant(null)), { maxLength: 3 }) }),
    fc.record({ $gt: scalar, $gte: scalar, $lt: scalar, $lte: scalar }, { requiredKeys: [] }),
    fc.record({ $ne: scalar }),
    fc.record({ $exists: fc.boolean() }),
  );
  const query = fc.record({ a: condition, b: condition, 'n.x': condition }, { requiredKeys: [] });
  const path = fc.constantFrom('a', 'b', 'n.x');
  const direction = fc.constantFrom<1 | -1>(1, -1);
  const index = fc.record({
    name: fc.constant('i'),
    keys: fc.dictionary(path, direction, { minKeys: 1 }),
    sparse: fc.boolean(),
  });
  const sort = fc.array(fc.tuple(path, direction), { maxLength: 2 });

  function holding(docs: Doc[], indexes: IndexDefinition[]): Collection {
    const collection = new Collection('c', indexes);
    for (const [n, fields] of docs.entries()) {
      const doc = { _id: n, ...fields };
      const version: Version = { id: String(n), doc, text: toText(doc), seq: 1 };
      collection.replace(version.id, version, 1);
    }
    return collection;
  }
  function found(collection: Collection, where: Doc, order: Sort): Doc[] {
    const view = { collection, at: (id: string) => collection.at(id, 1), differing: () => [] };
    return select(view, { query: where, sort: order }, () => {}).map(({ doc }) => doc);
  }
  const byId = (docs: Doc[]) => docs.map(({ _id }) => Number(_id)).sort((a, b) => a - b);

  test('of 500 queries', () => {
    fc.assert(
      fc.property(
        fc.array(document, { maxLength: 12 }),
        fc.array(index, { maxLength: 3 }),
        query,
        sort,
        (docs, indexes, where, order) => {
          const condition = where as Doc;
          const scanned = found(holding(docs, []), condition, order);
          const indexed = found(holding(docs, indexes), condition, order);
          expect(byId(indexed)).toEqual(byId(scanned));
          expect(
            sortDocuments(
              indexed.map((doc) => ({ doc })),
              order,
            ).map(({ doc }) => doc),
          ).toEqual(indexed);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a dropped index', () => {
  const unique: IndexDefinition = { name: 'u', keys: { no: 1 }, unique: true };

  test('holds nothing any more; the others go on', async () => {
    const of = collection(unique, { name: 'v', keys: { code: 1 }, unique: true });
    await of.add({ no: 'a', code: 'x' });
    expect(await outcome(of.add({ no: 'a', code: 'y' }))).toBe('DATABASE_DUPLICATE_WRITE');
    harness.cloudbase.dropIndex(`c${named}`, 'u');
    expect(await outcome(of.add({ no: 'a', code: 'y' }))).toBe('written');
    expect(await outcome(of.add({ no: 'b', code: 'y' }))).toBe('DATABASE_DUPLICATE_WRITE');
    expect(indexNames(`c${named}`)).toEqual(['v']);
  });

  test('spares queries no documents any more; they find the same', async () => {
    const of = collection({ name: 'n', keys: { n: 1 } });
    await of.add(Array.from({ length: 20 }, (_item, n) => ({ n })) as never);
    const found = async () => (await of.where({ n: _.gte(18) }).get()).data.map(({ n }) => n);
    expect(await examinedBy(found)).toBe(2);
    const before = await found();
    harness.cloudbase.dropIndex(`c${named}`, 'n');
    expect(await examinedBy(found)).toBe(20);
    expect((await found()).sort()).toEqual(before.sort());
  });

  test('can be made anew over what is there, and is refused over duplicates', async () => {
    const of = collection(unique);
    await of.add({ no: 'a' });
    harness.cloudbase.dropIndex(`c${named}`, 'u');
    harness.cloudbase.createCollection(`c${named}`, [unique]);
    expect(await outcome(of.add({ no: 'a' }))).toBe('DATABASE_DUPLICATE_WRITE');
    harness.cloudbase.dropIndex(`c${named}`, 'u');
    await of.add({ no: 'a' });
    const again = () => harness.cloudbase.createCollection(`c${named}`, [unique]);
    expect(again).toThrow(/E11000/);
    expect(indexNames(`c${named}`)).toEqual([]);
  });

  test('of another name changes nothing; of a collection that is not there is refused', () => {
    collection(unique);
    harness.cloudbase.dropIndex(`c${named}`, 'none');
    expect(indexNames(`c${named}`)).toEqual(['u']);
    expect(() => harness.cloudbase.dropIndex('nowhere', 'u')).toThrow(/not exist: nowhere/);
  });
});

describe('a dropped collection', () => {
  const unique: IndexDefinition = { name: 'u', keys: { no: 1 }, unique: true };
  const GONE = 'DATABASE_COLLECTION_NOT_EXIST';

  test('is not there any more, for any reader; others are', async () => {
    const kept = collection();
    await kept.add({ no: 'a' });
    const of = collection(unique);
    await of.add({ no: 'a' });
    harness.cloudbase.dropCollection(`c${named}`);
    expect(await outcome(of.get())).toBe(GONE);
    expect(await outcome(of.add({ no: 'b' }))).toBe(GONE);
    expect((await kept.count()).total).toBe(1);
    harness.cloudbase.dropCollection('nowhere');
  });

  test('made anew is empty and without its indexes', async () => {
    const of = collection(unique);
    await of.add({ no: 'a' });
    harness.cloudbase.dropCollection(`c${named}`);
    harness.cloudbase.createCollection(`c${named}`);
    expect((await of.count()).total).toBe(0);
    expect(indexNames(`c${named}`)).toEqual([]);
    await of.add({ no: 'a' });
    expect(await outcome(of.add({ no: 'a' }))).toBe('written');
  });

  test('is not brought back by a transaction that was open over it', async () => {
    const of = collection(unique);
    await of.add({ _id: 'T1', no: 'a' });
    const open = await db.startTransaction();
    await open.collection(`c${named}`).doc('T1').update({ no: 'b' });
    harness.cloudbase.dropCollection(`c${named}`);
    harness.cloudbase.createCollection(`c${named}`);
    expect(await outcome(open.commit())).toBe('DATABASE_TRANSACTION_FAIL');
    expect((await of.count()).total).toBe(0);
  });
});

test('what was dropped stays dropped after a restart, and what is made anew is new', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'indexes-'));
  const file = join(folder, 'data');
  const before = { ...process.env };
  const first = await startHarness(file);
  Object.assign(process.env, first.environment);
  const i: IndexDefinition = { name: 'i', keys: { no: 1 } };
  const j: IndexDefinition = { name: 'j', keys: { no: -1 } };
  for (const name of ['kept', 'gone']) {
    first.cloudbase.createCollection(name, [i, j]);
    await db.collection(name).add({ _id: 'T1', no: 'a' });
  }
  Object.assign(process.env, before);
  first.cloudbase.dropIndex('kept', 'i');
  first.cloudbase.dropCollection('gone');
  await first.close();

  const second = await startHarness(file);
  expect(second.cloudbase.collections()).toEqual([{ name: 'kept', count: 1, indexes: [j] }]);
  second.cloudbase.createCollection('gone');
  await second.close();

  const third = await startHarness(file);
  expect(third.cloudbase.collections()).toContainEqual({ name: 'gone', count: 0, indexes: [] });
  await third.close();
  rmSync(folder, { recursive: true });
});

function indexNames(name: string): string[] | undefined {
  const found = harness.cloudbase.collections().find((one) => one.name === name);
  return found?.indexes.map((index) => index.name);
}
