import cloudbase from '@cloudbase/node-sdk';
import { afterEach, expect, test, vi } from 'vitest';
import { anOrder, placedAt } from '../../../tests/support/orders.ts';
import { anInvocation } from '../../../tests/support/useCases.ts';
import type { OrderStore } from '../../ports/store.ts';
import { wireStore } from './store.ts';

afterEach(() => vi.restoreAllMocks());

/** Wires a store to a database that answers nothing found, and keeps the time-out of each operation. */
function open(remainingMs: () => number) {
  const timeouts: number[] = [];
  const query = {
    where: () => query,
    limit: () => query,
    orderBy: () => query,
    field: () => query,
    get: async () => ({ data: [] }),
    update: async () => ({ updated: 1 }),
    add: async () => ({ id: 'x' }),
  };
  const options = ({ timeout }: { timeout: number }) => {
    timeouts.push(timeout);
    return query;
  };
  const value = () => 'x';
  const command = { lte: value, push: value, set: value, remove: value };
  const database = () => ({ command, collection: () => ({ options }) });
  vi.spyOn(cloudbase, 'init').mockReturnValue({ database } as never);
  const clock = { now: () => placedAt, monotonicMs: () => 0, wait: async () => {} };
  const invocation = anInvocation(undefined, remainingMs);
  return { store: wireStore(clock, (count) => new Uint8Array(count))(invocation), timeouts };
}

const order = anOrder();
const operations: [string, (store: OrderStore) => Promise<unknown>][] = [
  ['insert', (store) => store.insert(order)],
  ['get', (store) => store.get(order.outTradeNo)],
  ['find', (store) => store.find({ transactionId: '420' })],
  ['replace', (store) => store.replace(order, 1)],
  ['due', (store) => store.due('check', placedAt, 10)],
  ['lease', (store) => store.lease({ ...order, at: placedAt }, 'check', placedAt)],
];

test.each(operations)(
  '%s ends before the deadline, with time left to answer',
  async (_name, act) => {
    for (const [leftMs, timeoutMs] of [
      [60_000, 3000],
      [3301, 3000],
      [3300, 3000],
      [3299.5, 3000],
      [2000, 1700],
      [301, 1],
      [300, 1],
      [0, 1],
      [-5000, 1],
    ]) {
      const { store, timeouts } = open(() => Number(leftMs));
      await act(store);
      expect(timeouts).toEqual([timeoutMs]);
    }
  },
);

test('each operation has the time that is left when it begins', async () => {
  let leftMs = 2300;
  const { store, timeouts } = open(() => leftMs);
  for (const _operation of [1, 2, 3]) {
    await store.get(order.outTradeNo);
    leftMs -= 700;
  }
  expect(timeouts).toEqual([2000, 1300, 600]);
});
