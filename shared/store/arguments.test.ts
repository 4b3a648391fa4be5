import { expect, test } from 'vitest';
import { anOrder, plus, proof } from '../../tests/support/orders.ts';
import { orphanOf } from '../domain/order/conclude.ts';
import { encode } from './codec.ts';
import { createMemoryStore } from './memory.ts';

const store = createMemoryStore();
const order = anOrder();
const due = { outTradeNo: order.outTradeNo, at: plus(30) };
const none = undefined as never;

// The SDK drops an undefined condition in silence: a write without its number would change every document.
test.each<[string, () => Promise<unknown>]>([
  ['outTradeNo', () => store.get(none)],
  ['transactionId', () => store.find({ transactionId: none })],
  ['outTradeNo', () => store.insert({ ...order, outTradeNo: none })],
  ['outTradeNo', () => store.replace({ ...order, outTradeNo: none }, 1)],
  ['expectedVersion', () => store.replace(order, 0)],
  ['before', () => store.due('check', none, 10)],
  ['limit', () => store.due('check', plus(1), -1)],
  ['from', () => store.due('check', plus(1), 10, new Date(Number.NaN))],
  ['outTradeNo', () => store.lease({ ...due, outTradeNo: none }, 'check', plus(1))],
  ['at', () => store.lease({ ...due, at: none }, 'check', plus(1))],
  ['until', () => store.lease(due, 'check', none)],
])('a call whose %s is not there is refused by that name', async (name, call) => {
  const refusal = new RangeError(`not sent to the database: ${name} is wrong`);
  await expect(call()).rejects.toEqual(refusal);
});

test('an orphan is stored as one, with its payment, and without what it has not', () => {
  expect(encode(orphanOf(proof(), plus(60)))).toMatchObject({
    state: 'orphan',
    transactionId: '420',
  });
  expect(encode({ ...anOrder(), checkAt: null })).not.toHaveProperty('checkAt');
});

test('all documents of a memory are read as they were written', async () => {
  const own = createMemoryStore();
  await own.insert(order);
  expect(own.all()).toEqual([order]);
});
