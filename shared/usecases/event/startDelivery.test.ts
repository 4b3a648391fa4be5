import { expect, test } from 'vitest';
import { ordersByState, plus, proof } from '../../../tests/support/orders.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import { withEvent } from '../../domain/order/event.ts';
import { applyEvidence } from '../order/applyEvidence.ts';
import { queryOrder } from '../order/queryOrder.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { thenDeliver } from './startDelivery.ts';

const outTradeNo = 'T20261124001';

/** A world in which the start of deliveries takes so long, or fails. */
function worldWith(start: () => Promise<unknown> = async () => ({ errCode: 0 })) {
  const world = memoryDeps(aGateway({ queryOrder: async () => proof() }));
  world.pass(70);
  const started: object[] = [];
  const deps: UseCaseDeps = {
    ...world.deps,
    callDeliverEvents: (data) => {
      started.push(data);
      return start();
    },
  };
  const elapsed = async (act: () => Promise<unknown>) => {
    const before = deps.clock.now().getTime();
    await act();
    return deps.clock.now().getTime() - before;
  };
  return { ...world, deps, started, elapsed };
}
type World = ReturnType<typeof worldWith>;
const paying = () => ({ ...ordersByState.paying, outTradeNo });
const confirm = thenDeliver((input: string, deps: UseCaseDeps, invocation: Invocation) =>
  applyEvidence(proof({ outTradeNo: input }), deps, invocation),
);
const query = (world: World, invocation = anInvocation()) =>
  thenDeliver(queryOrder)({ outTradeNo }, world.deps, invocation);

test('whoever writes an event starts its delivery once it is written', async () => {
  const world = worldWith();
  await world.store.insert(paying());
  await confirm(outTradeNo, world.deps, anInvocation());
  expect(world.started).toEqual([{ outTradeNo }]);
  await confirm(outTradeNo, world.deps, anInvocation());
  expect(world.started, 'nothing new').toHaveLength(1);
});

test('an orphan is delivered too', async () => {
  const world = worldWith();
  await confirm('T20261124999', world.deps, anInvocation());
  expect(world.started).toEqual([{ outTradeNo: 'T20261124999' }]);
});

test('of several documents one run takes care', async () => {
  const world = worldWith();
  const both = thenDeliver(async (_input: object, deps: UseCaseDeps, invocation: Invocation) => {
    for (const no of ['T20261124001', 'T20261124002']) {
      await world.store.insert({ ...paying(), outTradeNo: no });
      await applyEvidence(proof({ outTradeNo: no, transactionId: no }), deps, invocation);
    }
  });
  await both({}, world.deps, anInvocation());
  expect(world.started).toEqual([{ Type: 'Timer' }]);
});

test('nobody waits for its end, and for its acceptance a moment at most', async () => {
  const world = worldWith(() => new Promise(() => {}));
  await world.store.insert(paying());
  const ms = await world.elapsed(() => confirm(outTradeNo, world.deps, anInvocation()));
  expect(ms).toBe(300);
});

test('with hardly any time left nobody waits, and nothing is started', async () => {
  const world = worldWith();
  await world.store.insert(paying());
  await confirm(
    outTradeNo,
    world.deps,
    anInvocation(undefined, () => 400),
  );
  expect(world.started).toEqual([]);
});

test.each<[string, () => Promise<unknown>, string]>([
  ['rejects', () => Promise.reject(new Error('FUNCTION_NOT_FOUND')), 'Error: FUNCTION_NOT_FOUND'],
  [
    'throws at once',
    () => {
      throw new Error('NO_CREDENTIALS');
    },
    'Error: NO_CREDENTIALS',
  ],
  [
    'is refused, say by another key',
    async () => ({ errCode: 'SERVICE_SIGNATURE', errMsg: '签名不符' }),
    'Error: SERVICE_SIGNATURE 签名不符',
  ],
])('a start that %s is logged, and changes no answer', async (_what, start, error) => {
  const world = worldWith(start);
  await world.store.insert(paying());
  const invocation = anInvocation();
  const applied = await confirm(outTradeNo, world.deps, invocation);
  expect(applied.outcome).toBe('paid');
  expect(invocation.lines.at(-1)).toEqual({
    level: 'warn',
    error: `DELIVERY_NOT_STARTED ${error}`,
  });
});

test('what was written before a failure is started all the same', async () => {
  const world = worldWith();
  await world.store.insert(paying());
  const failing = thenDeliver(async (_input: object, deps: UseCaseDeps, invocation: Invocation) => {
    await applyEvidence(proof({ outTradeNo }), deps, invocation);
    throw new Error('later');
  });
  await expect(failing({}, world.deps, anInvocation())).rejects.toThrow('later');
  expect(world.started).toEqual([{ outTradeNo }]);
});

test('without a key nothing is started', async () => {
  const world = memoryDeps();
  await world.store.insert(paying());
  const invocation = anInvocation();
  await confirm(outTradeNo, world.deps, invocation);
  expect(invocation.lines.map(({ event }) => event)).toEqual(['order.paid']);
});

test.each([
  ['is due still', plus(61), [{ outTradeNo }]],
  ['waits for its repeat', plus(3600), []],
  ['is done', null, []],
])('a payer who asks starts a delivery that %s', async (_what, deliveryAt, started) => {
  const world = worldWith();
  const order = withEvent({ ...ordersByState.paid, outTradeNo }, 'order.paid', plus(61));
  await world.store.insert({ ...order, deliveryAt });
  await query(world);
  expect(world.started).toEqual(started);
});
