import tcb from '@cloudbase/node-sdk';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Collection } from '../documents/collection.ts';
import { ENV_ID, type Harness, startHarness } from '../harness.ts';
import type { Doc } from '../values/ejson.ts';

let harness: Harness;
const db = tcb.init({ env: ENV_ID }).database();
const _ = db.command;
let named = 0;

beforeAll(async () => {
  harness = await startHarness();
  Object.assign(process.env, harness.environment);
});
afterAll(() => harness.close());

/** A collection of its own with a unique `no`, holding `docs`. */
async function holding(...docs: Doc[]) {
  named += 1;
  harness.cloudbase.createCollection(`c${named}`, [
    { name: 'no', keys: { no: 1 }, unique: true, sparse: true },
    { name: 'n', keys: { n: 1 } },
  ]);
  const of = db.collection(`c${named}`);
  if (docs.length > 0) await of.add(docs as never);
  return of;
}

type Transaction = Awaited<ReturnType<typeof db.startTransaction>>;
type Documents = Awaited<ReturnType<typeof holding>>;

/** The collection as a transaction sees it, with the answers the SDK gives inside one. */
function inside(transaction: Transaction, of: Documents) {
  return transaction.collection(of.name) as unknown as Documents;
}

const code = (call: PromiseLike<unknown>): Promise<string> =>
  Promise.resolve(call).then(
    () => 'done',
    (error: { code: string }) => error.code,
  );
const value = async (of: Documents, id = 'a') => (await of.doc(id).get()).data[0];

/** Starts a call and waits until the local cloud has begun to look at its documents. */
async function underWay<T>(call: () => Promise<T>): Promise<{ end: Promise<T> }> {
  const before = harness.cloudbase.examined();
  const end = call();
  await vi.waitUntil(() => harness.cloudbase.examined() > before);
  return { end };
}

describe('a transaction', () => {
  test('is written whole when it is committed', async () => {
    const of = await holding({ _id: 'a', n: 1 });
    const result = await db.runTransaction(async (t: Transaction) => {
      const own = inside(t, of);
      const before = (await own.doc('a').get()) as unknown as { data: { n: number } };
      await own.doc('a').update({ n: before.data.n + 1 });
      expect(await own.add({ _id: 'b', n: 5 })).toMatchObject({ inserted: 1, ok: 1, id: 'b' });
      return 'done';
    });
    expect(result).toBe('done');
    expect((await of.orderBy('_id', 'asc').get()).data).toEqual([
      { _id: 'a', n: 2 },
      { _id: 'b', n: 5 },
    ]);
  });

  test('leaves nothing when it is rolled back, and rejects with what it was given', async () => {
    const of = await holding({ _id: 'a', n: 1 });
    const call = db.runTransaction(async (t: Transaction) => {
      await inside(t, of).doc('a').update({ n: 99 });
      await inside(t, of).add({ _id: 'b' });
      await t.rollback({ why: 'x' });
    });
    await expect(call).rejects.toEqual({ why: 'x' });
    expect((await of.get()).data).toEqual([{ _id: 'a', n: 1 }]);
  });

  test('leaves nothing when its code throws', async () => {
    const of = await holding({ _id: 'a', n: 1 });
    const call = db.runTransaction(async (t: Transaction) => {
      await inside(t, of).doc('a').update({ n: 99 });
      throw new Error('boom');
    });
    await expect(call).rejects.toThrow('boom');
    expect(await value(of)).toEqual({ _id: 'a', n: 1 });
  });

  test('sees its own writes, by number and by index; others do not', async () => {
    const of = await holding({ _id: 'a', n: 1 }, { _id: 'b', n: 2 });
    const t = await db.startTransaction();
    const own = inside(t, of);
    await own.doc('a').update({ n: 7 });
    await own.doc('b').remove();
    await own.doc('c').set({ n: 7 });
    expect(((await own.where({ n: 7 }).get()).data as Doc[]).map(({ _id }) => _id)).toEqual([
      'a',
      'c',
    ]);
    expect(await own.doc('b').get()).toMatchObject({ data: null });
    expect((await own.where({ n: 2 }).get()).data).toEqual([]);
    expect((await of.orderBy('_id', 'asc').get()).data).toEqual([
      { _id: 'a', n: 1 },
      { _id: 'b', n: 2 },
    ]);
    await t.commit();
    expect((await of.where({ n: 7 }).count()).total).toBe(2);
  });

  test('keeps seeing what was there at its first operation, not at its start', async () => {
    const of = await holding({ _id: 'a', n: 0 }, { _id: 'b', n: 2 });
    const t = await db.startTransaction();
    await of.doc('a').update({ n: 1 });
    const own = inside(t, of);
    await own.doc('a').get();
    await of.doc('a').update({ n: 50 });
    await of.doc('b').remove();
    await of.add({ _id: 'c', n: 1 });
    expect(await own.doc('a').get()).toMatchObject({ data: { n: 1 } });
    expect((await own.orderBy('n', 'asc').get()).data).toEqual([
      { _id: 'a', n: 1 },
      { _id: 'b', n: 2 },
    ]);
    expect((await own.where({ n: _.gte(2) }).get()).data).toEqual([{ _id: 'b', n: 2 }]);
    await t.commit();
  });

  test('updateAndReturn is the conditional update that takes part', async () => {
    const of = await holding({ _id: 'a', n: 1 });
    const t = await db.startTransaction();
    const done = await inside(t, of).where({ _id: 'a', n: 1 }).updateAndReturn({ n: 2 });
    expect(done).toMatchObject({ updated: 1, doc: { n: 2 } });
    await t.rollback();
    expect(await value(of)).toEqual({ _id: 'a', n: 1 });
  });

  test('where().update() inside it does not take part: the SDK sends no transaction', async () => {
    const of = await holding({ _id: 'a', n: 1 });
    const t = await db.startTransaction();
    await inside(t, of).where({ _id: 'a' }).update({ n: 2 });
    await t.rollback();
    expect(await value(of)).toEqual({ _id: 'a', n: 2 });
  });
});

test('one that does nothing ends like any other, and once', async () => {
  const t = await db.startTransaction();
  await t.commit();
  expect(await code(t.commit())).toBe('DATABASE_TRANSACTION_FAIL');
});

describe('of two that write one document', () => {
  const conflict = 'DATABASE_TRANSACTION_CONFLICT';
  const gone = 'DATABASE_TRANSACTION_FAIL';

  test('the first writer wins, the second is over', async () => {
    const of = await holding({ _id: 'a', n: 1 });
    const first = await db.startTransaction();
    const second = await db.startTransaction();
    await inside(first, of).doc('a').update({ n: 2 });
    expect(await code(inside(second, of).doc('a').update({ n: 3 }))).toBe(conflict);
    expect(await code(second.commit())).toBe(gone);
    await first.commit();
    expect(await value(of)).toEqual({ _id: 'a', n: 2 });
  });

  test.each<[string, (of: Documents) => Promise<unknown>]>([
    ['changed', (of) => of.doc('a').update({ n: 9 })],
    ['removed', (of) => of.doc('a').remove()],
  ])('one that was %s since the snapshot cannot be written', async (_name, change) => {
    const of = await holding({ _id: 'a', n: 1 });
    const t = await db.startTransaction();
    await inside(t, of).doc('a').get();
    await change(of);
    expect(await code(inside(t, of).doc('a').update({ n: 2 }))).toBe(conflict);
  });

  test('four at once that add one each sum up, by the SDK’s retries', async () => {
    const of = await holding({ _id: 'a', n: 0 });
    const increment = async () =>
      db.runTransaction(async (t: Transaction) => {
        const own = inside(t, of);
        const { data } = (await own.doc('a').get()) as unknown as { data: { n: number } };
        await own.doc('a').update({ n: data.n + 1 });
      });
    const codes = await Promise.all(Array.from({ length: 4 }, () => code(increment())));
    const done = codes.filter((one) => one === 'done').length;
    expect(done).toBeGreaterThan(0);
    expect(new Set(codes).size).toBeLessThanOrEqual(2);
    expect(await value(of)).toEqual({ _id: 'a', n: done });
  });

  test('they may hold different documents', async () => {
    const of = await holding({ _id: 'a', n: 1 }, { _id: 'b', n: 1 });
    const first = await db.startTransaction();
    const second = await db.startTransaction();
    await inside(first, of).doc('a').update({ n: 2 });
    await inside(second, of).doc('b').update({ n: 3 });
    await Promise.all([first.commit(), second.commit()]);
    expect((await of.orderBy('_id', 'asc').get()).data.map(({ n }) => n)).toEqual([2, 3]);
  });
});

describe('a write outside of transactions', () => {
  test('waits for the transaction that holds its document', async () => {
    const of = await holding({ _id: 'a', n: 1 });
    const t = await db.startTransaction();
    await inside(t, of).doc('a').update({ n: 10 });
    const { end } = await underWay(() => of.doc('a').update({ n: _.inc(1) }));
    await t.commit();
    expect((await end).updated).toBe(1);
    expect(await value(of)).toEqual({ _id: 'a', n: 11 });
  });

  test('gives up after 5 seconds', async () => {
    const of = await holding({ _id: 'a', n: 1 });
    const t = await db.startTransaction();
    await inside(t, of).doc('a').update({ n: 10 });
    const { end } = await underWay(() => code(of.doc('a').update({ n: 2 })));
    harness.skipMs(5_001);
    expect(await end).toBe('DATABASE_REQUEST_FAILED');
    await t.rollback();
  });

  test('goes ahead when the transaction runs out of time', async () => {
    const of = await holding({ _id: 'a', n: 1 });
    const t = await db.startTransaction();
    await inside(t, of).doc('a').update({ n: 10 });
    harness.skipMs(30_001);
    expect((await of.doc('a').update({ n: 2 })).updated).toBe(1);
    expect(await code(t.commit())).toBe('DATABASE_TRANSACTION_FAIL');
    expect(await value(of)).toEqual({ _id: 'a', n: 2 });
  });
});

describe('a unique key', () => {
  test('that is taken ends the transaction', async () => {
    const of = await holding({ _id: 'a', no: 'R1' });
    const t = await db.startTransaction();
    await inside(t, of).add({ _id: 'b' });
    expect(await code(inside(t, of).add({ _id: 'c', no: 'R1' }))).toBe('DATABASE_DUPLICATE_WRITE');
    expect(await code(t.commit())).toBe('DATABASE_TRANSACTION_FAIL');
    expect((await of.count()).total).toBe(1);
  });

  test('is counted among a transaction’s own writes', async () => {
    const of = await holding();
    const t = await db.startTransaction();
    await inside(t, of).add({ no: 'R1' });
    expect(await code(inside(t, of).add({ no: 'R1' }))).toBe('DATABASE_DUPLICATE_WRITE');
  });

  test('may be handed on within a transaction', async () => {
    const of = await holding({ _id: 'a', no: 'R1' });
    await db.runTransaction(async (t: Transaction) => {
      await inside(t, of).doc('a').remove();
      await inside(t, of).add({ _id: 'b', no: 'R1' });
      await inside(t, of).doc('b').update({ no: 'R2' });
      await inside(t, of).add({ _id: 'c', no: 'R1' });
    });
    const { data } = await of.orderBy('_id', 'asc').get();
    expect(data).toEqual([
      { _id: 'b', no: 'R2' },
      { _id: 'c', no: 'R1' },
    ]);
  });

  test('goes to the first of two transactions', async () => {
    const of = await holding();
    const first = await db.startTransaction();
    const second = await db.startTransaction();
    await inside(first, of).add({ _id: 'a', no: 'R1' });
    const late = inside(second, of).add({ _id: 'b', no: 'R1' });
    expect(await code(late)).toBe('DATABASE_TRANSACTION_CONFLICT');
    await first.commit();
  });

  test('that a transaction holds makes another insert wait for its end', async () => {
    const of = await holding({ _id: 'seen' });
    for (const [ending, expected] of [
      ['rollback', 'done'],
      ['commit', 'DATABASE_DUPLICATE_WRITE'],
    ] as const) {
      const t = await db.startTransaction();
      await inside(t, of).add({ no: ending });
      const end = code(of.add({ no: ending }));
      await t[ending]();
      expect(await end).toBe(expected);
    }
  });
});

describe('the end of a transaction', () => {
  test.each<[string, (t: Transaction) => Promise<unknown>]>([
    ['30 seconds', async () => harness.skipMs(30_001)],
    ['a commit', (t) => t.commit()],
    ['a rollback', (t) => t.rollback()],
  ])('after %s nothing more can be done in it', async (_name, end) => {
    const of = await holding({ _id: 'a' });
    const t = await db.startTransaction();
    await end(t);
    const refused = inside(t, of).doc('a').update({ n: 1 });
    await expect(refused).rejects.toMatchObject({
      code: 'DATABASE_TRANSACTION_FAIL',
      message: expect.stringContaining('[ResourceUnavailable.TransactionNotExist]'),
    });
    expect(await code(t.commit())).toBe('DATABASE_TRANSACTION_FAIL');
  });

  test('it lives 29 seconds of real time, whatever virtual time does', async () => {
    const of = await holding({ _id: 'a' });
    const t = await db.startTransaction();
    harness.world.clock.jumpTo(harness.world.clock.nowMs() + 86_400_000);
    harness.skipMs(29_000);
    await inside(t, of).doc('a').update({ n: 1 });
    expect(await code(t.commit())).toBe('done');
  });
});

test('versions that no snapshot can see are forgotten', () => {
  const collection = new Collection('c', []);
  const version = (seq: number) => ({ id: 'a', doc: { _id: 'a', seq }, text: String(seq), seq });
  for (const seq of [1, 2, 3]) collection.replace('a', version(seq), seq);
  expect(collection.at('a', 1)?.seq).toBe(1);
  collection.forget(2);
  expect([collection.at('a', 1), collection.at('a', 2)?.seq]).toEqual([undefined, 2]);
  collection.forget(3);
  expect([...collection.changedIds]).toEqual([]);
  expect(collection.at('a', 3)?.seq).toBe(3);
});
