import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Harness, startHarness } from '../harness.ts';

// Its typings lack cloudPay and know documents as unknown; tests read both as data.
type Answer = Record<string, unknown> & { _id?: string; data?: never; stats?: unknown };
interface WxCollection {
  add(options: { data: object }): Promise<Answer>;
  doc(id: string): WxCollection;
  where(query: object): WxCollection;
  orderBy(path: string, direction: string): WxCollection;
  limit(count: number): WxCollection;
  get(): Promise<{ data: unknown }>;
  count(): Promise<Answer>;
  set(options: { data: object }): Promise<Answer>;
  update(options: { data: object }): Promise<Answer>;
  remove(): Promise<Answer>;
}
interface WxDatabase {
  command: Record<string, (...values: unknown[]) => unknown>;
  collection(name: string): WxCollection;
  serverDate(): unknown;
  createCollection(name: string): Promise<unknown>;
  runTransaction<T>(
    work: (t: { collection(name: string): WxCollection }) => Promise<T>,
  ): Promise<T>;
}
interface WxCloud {
  DYNAMIC_CURRENT_ENV: symbol;
  init(options: object): void;
  database(): WxDatabase;
  callFunction(options: object): Promise<{ result: unknown; errMsg: string }>;
  cloudPay: Record<string, (options: object) => Promise<unknown>>;
}

let harness: Harness;
let cloud: WxCloud;
let db: WxDatabase;

beforeAll(async () => {
  harness = await startHarness();
  harness.cloudbase.createCollection('orders', [{ name: 'no', keys: { no: 1 }, unique: true }]);
  Object.assign(process.env, harness.environment, { WX_CONTEXT_KEYS: 'WX_API_TOKEN' });
  cloud = createRequire(import.meta.url)('wx-server-sdk') as WxCloud;
  cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV });
  db = cloud.database();
});
afterAll(() => harness.close());

const refusal = (call: Promise<unknown>): Promise<{ errCode: number; message: string }> =>
  call.then(
    (answer) => Promise.reject(new Error(`not refused: ${JSON.stringify(answer)}`)),
    (error) => error as { errCode: number; message: string },
  );

describe('unmodified wx-server-sdk', () => {
  test('adds, finds, changes and removes', async () => {
    const orders = db.collection('orders');
    const { _id = '' } = await orders.add({
      data: { no: '1', state: 'paying', at: db.serverDate() },
    });
    expect((await orders.doc(_id).get()).data).toMatchObject({ no: '1', at: expect.any(Date) });
    const pay = () =>
      orders.where({ no: '1', state: 'paying' }).update({ data: { state: 'paid' } });
    expect((await pay()).stats).toEqual({ updated: 1 });
    expect((await pay()).stats).toEqual({ updated: 0 });
    await orders.doc('set').set({ data: { no: '2', n: 1 } });
    await orders.doc('set').update({ data: { n: db.command.inc?.(1) } });
    const found = await orders
      .where({ n: db.command.gte?.(2) })
      .orderBy('no', 'desc')
      .limit(1)
      .get();
    expect(found.data).toEqual([{ _id: 'set', no: '2', n: 2 }]);
    expect(await orders.count()).toMatchObject({ total: 2 });
    expect((await orders.doc('set').remove()).stats).toEqual({ removed: 1 });
  });

  test('loses the code of a duplicate, and keeps the word in its message', async () => {
    const orders = db.collection('orders');
    await orders.add({ data: { no: 'twice' } });
    expect(await refusal(orders.add({ data: { no: 'twice' } }))).toMatchObject({
      errCode: -501001,
      message: expect.stringContaining('DuplicateWrite'),
    });
  });

  test('knows an unknown collection by its number, and can create one', async () => {
    const later = db.collection('later');
    expect(await refusal(later.add({ data: {} }))).toMatchObject({ errCode: -502005 });
    await db.createCollection('later');
    expect(await later.add({ data: {} })).toMatchObject({ _id: expect.any(String) });
  });

  test('runs transactions', async () => {
    const { _id = '' } = await db.collection('orders').add({ data: { no: 'tx', n: 1 } });
    await db.runTransaction(async (transaction) => {
      await transaction
        .collection('orders')
        .doc(_id)
        .update({ data: { n: 2 } });
    });
    expect((await db.collection('orders').doc(_id).get()).data).toMatchObject({ n: 2 });
  });

  test('calls functions', async () => {
    const { result } = await cloud.callFunction({ name: 'hello', data: { a: 1 } });
    expect(result).toMatchObject({ name: 'hello', data: { a: 1 } });
  });

  test('is refused without a token, and where a CloudBase alone has no CloudPay', async () => {
    const query = () => cloud.cloudPay.queryOrder?.({ outTradeNo: 'T1' }) ?? Promise.resolve();
    expect(await refusal(query())).toMatchObject({ errCode: -501007 });
    process.env.WX_API_TOKEN = 'token';
    expect(await refusal(query())).toMatchObject({ errCode: -501001 });
    delete process.env.WX_API_TOKEN;
  });
});
