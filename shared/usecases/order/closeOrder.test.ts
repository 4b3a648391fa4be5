import { expect, test } from 'vitest';
import { ordersByState, plus, proof } from '../../../tests/support/orders.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import { fen } from '../../domain/money.ts';
import type { Evidence } from '../../domain/order/evidence.ts';
import type { Order } from '../../domain/order/order.ts';
import type { Retry } from '../../domain/retry.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { closeOrder } from './closeOrder.ts';

const { created, paying, paid, closed } = ordersByState;
const { outTradeNo } = paying;
const answered = { outTradeNo, state: 'closed', appid: paying.appid, mchId: paying.mchid };
const unpaid: Evidence = { kind: 'unpaid', via: 'query', outTradeNo, code: 'NOTPAY' };
const CLOSE_MIN_AGE_S = 300;
/** The prepay id of {@link paying} was issued after one second. */
const CLOSABLE_S = 1 + CLOSE_MIN_AGE_S;

/** Makes a stored order that may be closed 5 minutes after its prepay id; `close` is the payer's request. */
async function open(
  order: Order,
  { refusal, says = unpaid }: { refusal?: [code: string, retry: Retry]; says?: Evidence } = {},
) {
  const calls: string[] = [];
  const during: (Order | undefined)[] = [];
  const world = memoryDeps(
    aGateway({
      closeOrder: async () => {
        calls.push('close');
        during.push((await world.store.get(outTradeNo)) as Order);
        if (refusal) throw new GatewayError(refusal[0], refusal[1], 'x');
      },
      queryOrder: async () => {
        calls.push('query');
        return says;
      },
    }),
  );
  world.deps.settings = { ...world.deps.settings, closeMinAgeMs: CLOSE_MIN_AGE_S * 1000 };
  await world.store.insert(order);
  const close = () => closeOrder({ outTradeNo }, world.deps, anInvocation());
  const stored = async () => (await world.store.get(outTradeNo)) as Order;
  return { ...world, calls, during, close, stored };
}

test('before it may be closed, it is scheduled: the timer closes then', async () => {
  const world = await open(paying);
  world.pass(CLOSABLE_S - 0.001);
  expect(await world.close()).toMatchObject({
    refused: 'CLOSE_SCHEDULED',
    details: { closableAt: '2026-11-24T10:05:01+08:00' },
  });
  expect(await world.stored()).toMatchObject({
    closeDueAt: plus(CLOSABLE_S),
    checkAt: plus(CLOSABLE_S),
    status: { state: 'paying' },
  });
  expect(world.calls).toEqual([]);
});

test('one that later code wrote is not closed at WeChat, though its close was requested before', async () => {
  const world = await open({ ...paying, closeDueAt: plus(10) });
  const raw = world.store.raw.get(outTradeNo);
  if (raw) raw.schemaVersion = 2;
  world.pass(CLOSABLE_S);
  await expect(world.close()).rejects.toMatchObject({ code: 'DOCUMENT_NEWER' });
  expect(world.calls).toEqual([]);
});

test('from the first instant at which it may be closed it is, and the timer leaves it to the caller', async () => {
  const world = await open(paying);
  world.pass(CLOSABLE_S);
  expect(await world.close()).toEqual(answered);
  expect(world.during).toMatchObject([
    // Written down before WeChat is called; the timer has it two minutes later, should this caller die.
    { closeDueAt: plus(CLOSABLE_S), checkAt: plus(CLOSABLE_S + 120), status: { state: 'paying' } },
  ]);
  expect(await world.stored()).toMatchObject({
    status: { state: 'closed', reason: 'asked' },
    checkAt: null,
  });
});

test('a second request keeps the time of the first', async () => {
  const world = await open(paying);
  await world.close();
  world.pass(100);
  await world.close();
  expect(await world.stored()).toMatchObject({ closeDueAt: plus(CLOSABLE_S), version: 2 });
});

test.each<[string, Retry, number]>([
  ['ORDERPAID', 'query_first', 1],
  ['ORDER_NOT_EXIST', 'query_first', 1],
  ['TRADE_ERROR', 'query_first', 1],
  ['NO_AUTH', 'never', 1],
  ['PARAM_ERROR', 'never', 1],
  ['SYSTEM_ERROR', 'same_request', 3],
  ['ANSWER_LOST', 'query_first', 3],
])(
  'whatever WeChat answers (%s), the order is queried, and a payment found',
  async (code, retry, closes) => {
    const world = await open(paying, { refusal: [code, retry], says: proof() });
    world.pass(CLOSABLE_S);
    expect(await world.close()).toMatchObject({ refused: 'ORDERPAID' });
    expect(world.calls).toEqual([...Array(closes).fill('close'), 'query']);
    expect(await world.stored()).toMatchObject({ status: { state: 'paid' } });
  },
);

test('one that WeChat neither closed nor was paid for stays open, and its close scheduled', async () => {
  const world = await open(paying, { refusal: ['NO_AUTH', 'never'] });
  world.pass(CLOSABLE_S);
  expect(await world.close()).toMatchObject({ refused: 'CLOSE_SCHEDULED' });
  expect(await world.stored()).toMatchObject({
    status: { state: 'paying' },
    closeDueAt: plus(CLOSABLE_S),
    checkAt: plus(CLOSABLE_S + 60),
  });
});

test.each<[string, Order, object]>([
  ['paid', paid, { refused: 'ORDERPAID' }],
  ['closed', closed, { outTradeNo, state: 'closed' }],
  [
    'quarantined',
    {
      ...paying,
      quarantine: { differs: 'amount', transactionId: '420', totalFee: fen(1), at: plus(5) },
    },
    { refused: 'ORDER_QUARANTINED' },
  ],
])('one that is %s is left as it is, and WeChat is not called', async (_what, order, answer) => {
  const world = await open(order);
  world.pass(CLOSABLE_S);
  expect(await world.close()).toMatchObject(answer);
  expect(world.calls).toEqual([]);
  expect(await world.stored()).toEqual(order);
});

test('one that no prepay id was ever got for may still land for ten minutes', async () => {
  const world = await open(created);
  world.pass(6 + 600 - 1);
  expect(await world.close()).toMatchObject({ refused: 'CLOSE_SCHEDULED' });
  expect(await world.stored()).toMatchObject({ closeDueAt: plus(606) });
  world.pass(1);
  expect(await world.close()).toEqual(answered);
});
