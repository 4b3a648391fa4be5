import { expect, test } from 'vitest';
import { ordersByState, placedAt, plus, proof } from '../../../tests/support/orders.ts';
import { aRefundRequest } from '../../../tests/support/refunds.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import { fen } from '../../domain/money.ts';
import type { Evidence } from '../../domain/order/evidence.ts';
import type { Order } from '../../domain/order/order.ts';
import { beginRefund, type Refund } from '../../domain/order/refund.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { queryOrder } from './queryOrder.ts';

const { created, paying, paid, closed } = ordersByState;
const { outTradeNo } = paying;
const quarantine = {
  differs: 'amount',
  transactionId: '420',
  totalFee: fen(1),
  at: placedAt,
} as const;

/** Makes a stored order and a WeChat that answers every query alike; `ask` is the payer's question. */
async function open(order: Order, says: () => Evidence | GatewayError = () => proof()) {
  let queries = 0;
  const world = memoryDeps(
    aGateway({
      queryOrder: async () => {
        queries += 1;
        const answer = says();
        if (answer instanceof GatewayError) throw answer;
        return answer;
      },
    }),
  );
  await world.store.insert(order);
  const ask = () => queryOrder({ outTradeNo }, world.deps, anInvocation());
  return { ...world, ask, queries: () => queries };
}

test.each<[string, Order, number]>([
  ['created', created, 1],
  ['paying', paying, 1],
  ['paid', paid, 0],
  ['closed', closed, 0],
  ['paying and quarantined', { ...paying, quarantine }, 0],
  ['created and quarantined', { ...created, quarantine }, 0],
])('WeChat is queried about an order that is %s: %s', async (_state, order, queries) => {
  const world = await open(order);
  await world.ask();
  expect(world.queries()).toBe(queries);
});

test('an order is queried every two seconds at most, and all get what the one query found', async () => {
  const unpaid = { kind: 'unpaid', via: 'query', outTradeNo, code: 'NOTPAY' } as const;
  const world = await open(paying, () => unpaid);
  for (const [seconds, queries] of [
    [0, 1],
    [1.999, 1],
    [0.001, 2],
    [1, 2],
    [1, 3],
  ] as const) {
    world.pass(seconds);
    expect(await world.ask()).toMatchObject({ state: 'paying', tradeState: 'NOTPAY' });
    expect(world.queries()).toBe(queries);
  }
});

test('of callers at once one queries, and the others read what is stored then', async () => {
  const world = await open(paying);
  const answers = await Promise.all(Array.from({ length: 8 }, world.ask));
  expect(world.queries()).toBe(1);
  expect(answers.map((answer) => 'state' in answer && answer.state)).toContain('paid');
});

test('one who comes right after the query of another reads the order anew', async () => {
  const world = await open(paying);
  const { get } = world.store;
  let reads = 0;
  world.deps.store = {
    ...world.store,
    get: async (no) => {
      const stored = await get(no);
      reads += 1;
      // Between this caller's read and its claim another one queries, and the order is paid.
      if (reads === 1)
        await queryOrder({ outTradeNo }, { ...world.deps, store: world.store }, anInvocation());
      return stored;
    },
  };
  expect(await world.ask()).toMatchObject({ state: 'paid', transactionId: '420' });
  expect(world.queries()).toBe(1);
});

test('what WeChat does not answer is refused, to be queried again, and the order stays', async () => {
  const world = await open(paying, () => new GatewayError('ANSWER_LOST', 'query_first', 'x'));
  expect(await world.ask()).toMatchObject({ refused: 'ANSWER_LOST', retry: 'query_first' });
  expect(await world.store.get(outTradeNo)).toMatchObject({ status: paying.status });
});

test.each<[string, Order, object]>([
  ['created', created, { state: 'created', tradeState: 'NOTPAY' }],
  ['closed', closed, { state: 'closed', tradeState: 'CLOSED', closedReason: 'expired' }],
  [
    'paid',
    { ...paid, attach: 'a' },
    {
      state: 'paid',
      transactionId: '420',
      timeEnd: '20261124100100',
      confirmedBy: 'callback',
      attach: 'a',
    },
  ],
  ['quarantined', { ...paying, quarantine }, { state: 'paying', quarantined: true }],
])('an order that is %s is answered with what is known of it', async (_what, order, expected) => {
  const world = await open(order, () => new GatewayError('X', 'never', 'x'));
  await world.store.replace({ ...order, queriedAt: placedAt }, 1);
  expect(await world.ask()).toMatchObject({
    outTradeNo,
    totalFee: 100,
    body: order.body,
    timeExpire: '20261124103000',
    ...expected,
  });
  expect(plus(1800)).toEqual(order.expiresAt);
});

const refunded = () => proof({ tradeState: 'REFUND' });

test('of a paid order WeChat is asked every ten minutes at most, until we know that money went back', async () => {
  let says: Evidence | GatewayError = proof();
  const world = await open({ ...paid, queriedAt: plus(30) }, () => says);
  const ask = async () => [await world.ask(), world.queries()] as const;
  for (const [seconds, queries] of [
    [61 + 599.999, 0],
    [0.001, 1],
    [599.999, 1],
    [0.001, 2],
  ] as const) {
    world.pass(seconds);
    expect(await ask()).toMatchObject([{ state: 'paid', tradeState: 'SUCCESS' }, queries]);
  }
  world.pass(600);
  says = new GatewayError('ANSWER_LOST', 'query_first', 'x');
  expect((await ask())[0], 'what is known stands').toMatchObject({ tradeState: 'SUCCESS' });
  world.pass(600);
  says = refunded();
  for (let i = 0; i < 5; i += 1) {
    expect(await world.ask()).toMatchObject({
      state: 'paid',
      tradeState: 'REFUND',
      refundedExternally: true,
    });
    world.pass(3600);
  }
  const stored = await world.store.get(outTradeNo);
  expect(stored?.events.map(({ type }) => type)).toEqual(['order.refunded_externally']);
});

test('a paid order of which we know refunds is not asked about: they have checks of their own', async () => {
  const refund = { ...beginRefund(aRefundRequest('R1'), plus(100)) };
  const world = await open({ ...paid, refunds: [refund] }, refunded);
  world.pass(3600);
  await world.ask();
  expect(world.queries()).toBe(0);
});

test.each<[string, Refund['status'], 'REFUND' | 'SUCCESS']>([
  ['not sent yet', { state: 'requested', placingUntil: plus(106), attempts: 1 }, 'SUCCESS'],
  ['taken by WeChat', { state: 'processing', refundId: '503' }, 'REFUND'],
  ['paid back', { state: 'success', refundId: '503', succeededAt: plus(200) }, 'REFUND'],
  ['closed', { state: 'closed', refundId: '503', closedAt: plus(200) }, 'SUCCESS'],
  ['refused', { state: 'refused', reason: 'GIVEN_UP', refusedAt: plus(200) }, 'SUCCESS'],
])(
  'a paid order with a refund that was %s is named as WeChat names it',
  async (_what, status, tradeState) => {
    const refund = { ...beginRefund(aRefundRequest('R1'), plus(100)), status };
    const world = await open({ ...paid, refunds: [refund] });
    const answer = await world.ask();
    expect(answer).toMatchObject({ state: 'paid', tradeState });
    expect(answer).not.toHaveProperty('refundedExternally');
  },
);

test.each<[string, Refund['status']]>([
  ['closed', { state: 'closed', refundId: '503', closedAt: plus(200) }],
  ['not taken', { state: 'requested', placingUntil: plus(106), attempts: 1, untakenAttempts: 1 }],
])(
  'after a refund of ours that was %s a console refund is reported, and answered as WeChat does',
  async (_what, status) => {
    const refund = { ...beginRefund(aRefundRequest('R1'), plus(100)), status };
    const world = await open({ ...paid, refunds: [refund] }, refunded);
    world.pass(3 * 24 * 3600);
    for (let i = 0; i < 2; i += 1) {
      expect(await world.ask()).toMatchObject({ tradeState: 'REFUND', refundedExternally: true });
    }
    const stored = await world.store.get(outTradeNo);
    expect(stored?.events.map(({ type }) => type)).toEqual(['order.refunded_externally']);
  },
);

test('a quarantined order is asked about as a paid one, and stays quarantined', async () => {
  const world = await open({ ...paying, quarantine }, refunded);
  world.pass(600);
  expect(await world.ask()).toMatchObject({ quarantined: true, refundedExternally: true });
});
