import { expect, test } from 'vitest';
import { ordersByState, placedAt, proof, unpaid } from '../../../tests/support/orders.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import { fen } from '../../domain/money.ts';
import { type Gateway, GatewayError } from '../../ports/gateway.ts';
import { StoreError } from '../../ports/store.ts';
import { placeOrder } from '../placing/placeOrder.ts';
import { applyEvidence } from './applyEvidence.ts';
import { closeOrder } from './closeOrder.ts';
import { queryOrder } from './queryOrder.ts';
import { visibleOrder } from './visibleOrder.ts';

const { paying, paid, closed } = ordersByState;
const { outTradeNo } = paying;
const wanted = { body: '咖啡', totalFee: fen(100) };
const admin = { kind: 'admin', openid: 'oAdmin', source: 'wx_client' } as const;

type World = ReturnType<typeof memoryDeps>;
const calls: [string, (world: World) => Promise<unknown>][] = [
  ['unifiedOrder', ({ deps }) => placeOrder({ ...wanted }, deps, anInvocation())],
  ['closeOrder', ({ deps }) => closeOrder({ outTradeNo }, deps, anInvocation())],
  ['queryOrder', ({ deps }) => queryOrder({ outTradeNo }, deps, anInvocation())],
];

async function open(gateway: Partial<Gateway> = {}, order = paying) {
  const world = memoryDeps(aGateway(gateway));
  await world.store.insert(order);
  world.pass(600);
  return world;
}

test.each(calls)(
  'a fault of ours in %s is thrown, not answered as WeChat’s',
  async (_name, call) => {
    const fault = new TypeError('x');
    const fail = async () => Promise.reject(fault);
    const world = await open({ requestPrepay: fail, closeOrder: fail, queryOrder: fail });
    await expect(call(world)).rejects.toBe(fault);
  },
);

test.each(calls)(
  '%s answers that the database is away, and the same may be asked again',
  async (_name, call) => {
    const world = await open();
    const away = async () =>
      Promise.reject(new StoreError('STORE_UNAVAILABLE', 'same_request', 'x'));
    const gateway = world.deps.gatewayOf('apiV3');
    // It goes away after the first writes, while WeChat is called.
    const goAway = async () => {
      world.deps.store = { ...world.store, replace: away, get: away };
    };
    world.deps.gatewayOf = () => ({
      ...gateway,
      requestPrepay: async (...args) => goAway().then(() => gateway.requestPrepay(...args)),
      closeOrder: async (...args) => goAway().then(() => gateway.closeOrder(...args)),
      queryOrder: async (...args) => goAway().then(() => gateway.queryOrder(...args)),
    });
    world.deps.store = { ...world.store };
    expect(await call(world)).toMatchObject({
      refused: 'STORE_UNAVAILABLE',
      retry: 'same_request',
    });
  },
);

test('a drawn number is drawn anew a few times, not for ever', async () => {
  let draws = 0;
  const world = await open({
    requestPrepay: async () => {
      draws += 1;
      throw new GatewayError('OUT_TRADE_NO_USED', 'never', 'x');
    },
  });
  const refusal = await placeOrder({ ...wanted }, world.deps, anInvocation());
  expect(refusal).toMatchObject({ refused: 'OUT_TRADE_NO_USED' });
  expect(draws).toBe(3);
});

test('an admin who orders is the payer', async () => {
  const world = await open();
  const invocation = anInvocation(admin);
  const placed = await placeOrder({ ...wanted }, world.deps, invocation);
  const number = 'outTradeNo' in placed ? placed.outTradeNo : '';
  const order = await world.store.get(number);
  expect(order).toMatchObject({ openid: 'oAdmin', totalFee: 100 });
  expect(order).not.toHaveProperty('attach');
  expect(invocation.fields.outTradeNo, 'the log names it').toBe(number);
});

test('a field that the configuration decides is refused before anything is read', async () => {
  const world = await open();
  const refused = { refused: 'PARAM_ERROR', field: 'subMchId' };
  const sent = { outTradeNo, subMchId: '1' };
  expect(await closeOrder(sent, world.deps, anInvocation())).toMatchObject(refused);
  expect(await queryOrder(sent, world.deps, anInvocation())).toMatchObject(refused);
});

test('a query that names nothing is refused by that field', async () => {
  const world = await open();
  expect(await queryOrder({}, world.deps, anInvocation())).toMatchObject({
    refused: 'PARAM_ERROR',
    field: 'outTradeNo',
  });
});

test('an answer has no field about what did not happen', async () => {
  for (const [order, tradeState] of [
    [paid, 'SUCCESS'],
    [{ ...paying, queriedAt: placedAt }, 'NOTPAY'],
    [closed, 'CLOSED'],
  ] as const) {
    const world = memoryDeps(aGateway());
    await world.store.insert(order);
    const answer = await queryOrder({ outTradeNo }, world.deps, anInvocation());
    expect(answer).toMatchObject({ tradeState });
    for (const name of ['attach', 'quarantined']) expect(answer).not.toHaveProperty(name);
    if (order !== closed) expect(answer).not.toHaveProperty('closedReason');
  }
});

test.each([
  [{ kind: 'user', openid: 'oPayer', source: 'wx_client' }, true],
  [{ kind: 'user', openid: 'oOther', source: 'wx_client' }, false],
  [admin, true],
  [{ kind: 'timer', source: 'timer' }, false],
] as const)('%o sees the order: %s', async (caller, sees) => {
  const world = await open();
  const invocation = anInvocation(caller);
  const seen = await visibleOrder(outTradeNo, world.store, invocation);
  expect(seen !== undefined).toBe(sees);
  expect(invocation.fields.outTradeNo).toBe(outTradeNo);
});

test('evidence for a number that we never gave out: a payment is kept, anything else is nobody’s', async () => {
  const world = memoryDeps(aGateway());
  const apply = (evidence: Parameters<typeof applyEvidence>[0]) =>
    applyEvidence(evidence, world.deps, anInvocation());
  expect(await apply(unpaid('closed', 'CLOSED'))).toEqual({ outcome: 'unknown_order' });
  expect(await apply(proof())).toMatchObject({ outcome: 'orphaned', order: { kind: 'orphan' } });
  expect(await apply(unpaid('closed', 'CLOSED'))).toMatchObject({ outcome: 'already_orphaned' });
});

test('a database that neither has a number nor takes it is at fault, after three tries', async () => {
  const world = memoryDeps(aGateway());
  let inserts = 0;
  const store = {
    ...world.store,
    get: async () => undefined,
    insert: async () => {
      inserts += 1;
      return 'exists' as const;
    },
  };
  await expect(
    applyEvidence(proof(), { ...world.deps, store }, anInvocation()),
  ).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', retry: 'same_request' });
  expect(inserts).toBe(3);
});
