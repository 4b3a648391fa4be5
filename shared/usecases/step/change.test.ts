import { expect, test } from 'vitest';
import { ordersByState, plus, proof } from '../../../tests/support/orders.ts';
import { anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import { orphanOf } from '../../domain/order/conclude.ts';
import { withEvent } from '../../domain/order/event.ts';
import type { Order } from '../../domain/order/order.ts';
import { change, changeOrder } from './change.ts';

const { paying } = ordersByState;

/** Makes a stored order, and counts what its changes read and write. */
async function open() {
  const world = memoryDeps();
  await world.store.insert(paying);
  const count = { reads: 0, writes: 0 };
  let conflicts = 0;
  world.deps.store = {
    ...world.store,
    get: async (no) => {
      count.reads += 1;
      return world.store.get(no);
    },
    replace: async (next, version) => {
      count.writes += 1;
      if (conflicts > 0) {
        conflicts -= 1;
        return 'conflict';
      }
      return world.store.replace(next, version);
    },
  };
  const invocation = anInvocation();
  const queried = (order: Order, now: Date): Order => ({ ...order, queriedAt: now });
  return {
    ...world,
    count,
    invocation,
    /** Changes the stored order, given by its number or as it was read. */
    run: (target: string | Order = paying.outTradeNo, next = queried) =>
      changeOrder(target, next, world.deps, invocation),
    collide: (times: number) => {
      conflicts = times;
    },
  };
}

test('what is returned is what is stored then, with its new version', async () => {
  const world = await open();
  world.pass(5);
  const changed = await world.run();
  expect(changed).toEqual({ ...paying, queriedAt: plus(5), version: 2 });
  expect(await world.store.get(paying.outTradeNo)).toEqual(changed);
  // So that the next change can stand on it without a read.
  expect(await world.run(changed as Order)).toMatchObject({ version: 3 });
  expect(world.count).toEqual({ reads: 1, writes: 2 });
});

test('a document as it was read just now saves the read', async () => {
  const world = await open();
  await world.run(paying);
  expect(world.count).toEqual({ reads: 0, writes: 1 });
});

test('a document as it was read long ago costs a conflict, and is decided on anew', async () => {
  const world = await open();
  await world.store.replace({ ...paying, body: '茶' }, 1);
  const seen: string[] = [];
  const changed = await world.run(paying, (order, now) => {
    seen.push(order.body);
    return { ...order, queriedAt: now };
  });
  expect(new Set(seen)).toEqual(new Set([paying.body, '茶']));
  expect(changed).toMatchObject({ body: '茶', version: 3 });
  expect(world.count).toEqual({ reads: 1, writes: 2 });
});

test('an unchanged document is not written', async () => {
  const world = await open();
  expect(await world.run(paying, (order) => order)).toEqual(paying);
  expect(world.count).toEqual({ reads: 0, writes: 0 });
});

test('conflicts are repeated, and a document that always conflicts is a fault', async () => {
  const world = await open();
  world.collide(49);
  expect(await world.run()).toMatchObject({ version: 2 });
  world.collide(50);
  await expect(world.run()).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    retry: 'same_request',
  });
});

test('a refund number of another order is refused, and not repeated', async () => {
  const world = await open();
  const { store } = world.deps;
  world.deps.store = { ...store, replace: async () => 'number_used' };
  await expect(world.run()).rejects.toMatchObject({ code: 'REFUND_NUMBER_USED', retry: 'never' });
});

test('nothing stored is nothing changed, and an orphan stays as it is', async () => {
  const world = await open();
  expect(await world.run('NOTHING001')).toBeUndefined();
  const orphan = orphanOf(proof({ outTradeNo: 'ORPHAN0001' }), plus(1));
  await world.store.insert(orphan);
  expect(await world.run('ORPHAN0001')).toBeUndefined();
  expect(await world.store.get('ORPHAN0001')).toEqual(orphan);
});

test('each new event has its line once it is written, and none is logged before', async () => {
  const world = await open();
  const close = (order: Order, now: Date) => withEvent(order, 'order.closed', now, 'asked');
  world.collide(1);
  await world.run(paying, close);
  expect(world.invocation.lines).toMatchObject([
    { event: 'order.closed', outTradeNo: paying.outTradeNo, about: 'asked', level: 'info' },
  ]);
  await world.run(paying.outTradeNo, close);
  expect(world.invocation.lines).toHaveLength(1);
});

test('the decision itself comes back with what was before and after', async () => {
  const world = await open();
  const decide = (order: Order) => ({ outcome: 'x', order: { ...order, body: '茶' } });
  const changed = await change(paying.outTradeNo, decide as never, world.deps, world.invocation);
  expect(changed).toMatchObject({
    before: { version: 1, body: paying.body },
    after: { version: 2, body: '茶' },
    decided: { outcome: 'x' },
  });
});
