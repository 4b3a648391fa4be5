import { expect, test } from 'vitest';
import { ordersByState, placedAt, plus, unpaid } from '../../../tests/support/orders.ts';
import { aRefundRequest, refundProof } from '../../../tests/support/refunds.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import { fen } from '../../domain/money.ts';
import type { Order } from '../../domain/order/order.ts';
import { beginRefund, type Refund } from '../../domain/order/refund.ts';
import { type Gateway, GatewayError } from '../../ports/gateway.ts';
import { queryOrder } from '../order/queryOrder.ts';
import { closeStaleOrders } from './closeStaleOrders.ts';

const timer = { kind: 'timer', source: 'timer' } as const;
const { created, paying, paid, closed } = ordersByState;
const MIN_AGE_S = 300;

/** Makes a due order; `run` is one run of the timer, `calls` what WeChat was asked. */
async function open(order: Order, answers: Partial<Gateway> = {}) {
  const calls: string[] = [];
  const seen: (Order | undefined)[] = [];
  const world = memoryDeps(
    aGateway({
      closeOrder: async () => {
        calls.push('close');
      },
      queryOrder: async (asked) => {
        calls.push('query');
        seen.push((await world.store.get(asked.outTradeNo)) as Order);
        return unpaid('unpaid', 'NOTPAY');
      },
      ...answers,
    }),
  );
  world.deps.settings = { ...world.deps.settings, closeMinAgeMs: MIN_AGE_S * 1000 };
  await world.store.insert({ ...order, checkAt: placedAt });
  const run = (remainingMs = () => 20_000) =>
    closeStaleOrders({ Type: 'Timer' }, world.deps, anInvocation(timer, remainingMs));
  const stored = async () => (await world.store.get(order.outTradeNo)) as Order;
  return { ...world, calls, seen, run, stored };
}

const quarantine = {
  differs: 'amount',
  transactionId: '420',
  totalFee: fen(1),
  at: plus(5),
} as const;

// Paying since the first second, it expires after 1,800; a created one cannot land after 606.
test.each<[string, Order, number, string[]]>([
  ['paying, a millisecond before it expires', paying, 1799.999, ['query']],
  ['paying, when it expires', paying, 1800, ['close']],
  [
    'paying, to be closed before its age allows',
    { ...paying, closeDueAt: plus(10) },
    300.999,
    ['query'],
  ],
  ['paying, to be closed when its age allows', { ...paying, closeDueAt: plus(10) }, 301, ['close']],
  [
    'created, expired, while its request may land',
    { ...created, expiresAt: plus(60) },
    605,
    ['query'],
  ],
  ['created, expired, when it cannot land', { ...created, expiresAt: plus(60) }, 606, ['close']],
  ['closed, and was to be closed', { ...closed, closeDueAt: plus(10) }, 4000, ['query']],
  ['closed and expired', closed, 4000, ['query']],
  ['paid, without refunds', paid, 4000, []],
])('an order that is %s', async (_what, order, nowS, calls) => {
  const world = await open(order);
  world.pass(nowS);
  await world.run();
  expect(world.calls).toEqual(calls);
});

test.each<[string, Partial<Order>, number]>([
  ['at its end', {}, 1800],
  ['long after its end', {}, 3600],
  ['that is to be closed', { closeDueAt: plus(310) }, 600],
])('a payer who asks on and on about an order %s keeps nobody from closing it', async (...row) => {
  const [, more, second] = row;
  const { deps, pass, calls, run, stored } = await open({ ...paying, ...more });
  const payer = { kind: 'user', openid: paying.openid, source: 'wx_client' } as const;
  const { outTradeNo } = paying;
  pass(second - 4);
  for (let i = 0; i < 4; i += 1) {
    pass(2);
    const answer = await queryOrder({ outTradeNo }, deps, anInvocation(payer));
    expect(answer).toMatchObject({ state: 'paying' });
  }
  expect(calls.splice(0)).toEqual(Array.from({ length: 4 }, () => 'query'));
  await run();
  expect(calls).toEqual(['close']);
  expect((await stored()).status.state).toBe('closed');
});

test('an order that is worked on is leased for two minutes, and then due by the schedule', async () => {
  const world = await open(paying);
  world.pass(61);
  await world.run();
  expect(world.seen).toMatchObject([{ checkAt: plus(61 + 120) }]);
  expect((await world.stored()).checkAt).toEqual(plus(180));
});

test('one that WeChat does not answer is due again by the schedule, not by the lease', async () => {
  const refuse = async () => {
    throw new GatewayError('NO_AUTH', 'never', 'x');
  };
  const world = await open(paying, { queryOrder: refuse });
  world.pass(61);
  expect(await world.run()).toMatchObject({ counts: { NO_AUTH: 1 } });
  expect(await world.stored()).toMatchObject({ checkAt: plus(180), version: 1 });
});

test('a quarantined one that is due all the same waits for an admin from then on', async () => {
  const world = await open({ ...paying, quarantine });
  world.pass(61);
  await world.run();
  expect(await world.stored()).toMatchObject({ status: paying.status, quarantine });
});

const refund = (no: string, status: Refund['status']): Refund => ({
  ...beginRefund(aRefundRequest(no, 10), plus(70)),
  status,
});
const processing = (no: string) =>
  refund(no, { state: 'processing', refundId: refundProof({ outRefundNo: no }).refundId });
const answerOf = (no: string) =>
  refundProof({ kind: 'success', outRefundNo: no, refundFee: fen(10) });

test('each pending refund is queried, each answer stands on the one before, and all are written', async () => {
  const asked: string[] = [];
  const order: Order = { ...paid, refunds: ['A', 'B', 'C'].map(processing) };
  const world = await open(order, {
    queryRefund: async ({ mchid }, no) => {
      asked.push(`${no} of ${mchid} at ${(await world.stored()).version}`);
      return answerOf(no);
    },
  });
  world.pass(200);
  expect(await world.run()).toMatchObject({ counts: { refund_success: 3 } });
  expect(asked).toEqual(['A', 'B', 'C'].map((no, i) => `${no} of ${paid.mchid} at ${i + 1}`));
  expect((await world.stored()).refunds?.map(({ status }) => status.state)).toEqual(
    Array(3).fill('success'),
  );
});

test('a refund that fails leaves the others their turn, and the next check follows the schedule', async () => {
  const order: Order = { ...paid, refunds: ['A', 'B'].map(processing) };
  const world = await open(order, {
    queryRefund: async (_order, no) => {
      if (no === 'A') throw new GatewayError('NO_AUTH', 'never', 'x');
      return answerOf(no);
    },
  });
  world.pass(200);
  expect(await world.run()).toMatchObject({ counts: { NO_AUTH: 1, refund_success: 1 } });
  expect((await world.stored()).checkAt).toEqual(plus(70 + 180));
});

test('no refund is begun without the time for it, and the rest is due again', async () => {
  let left = 20_000;
  const asked: string[] = [];
  const order: Order = { ...paid, refunds: ['A', 'B', 'C'].map(processing) };
  const world = await open(order, {
    queryRefund: async (_order, no) => {
      asked.push(no);
      left -= 6000;
      return answerOf(no);
    },
  });
  world.pass(200);
  await world.run(() => left);
  expect(asked).toEqual(['A', 'B']);
  const { refunds, checkAt } = await world.stored();
  expect(refunds?.map(({ status }) => status.state)).toEqual(['success', 'success', 'processing']);
  expect(checkAt).toEqual(plus(70 + 180));
});

test('the check of an answered order is written before the run ends', async () => {
  const world = await open(
    { ...paid, refunds: [processing('A')] },
    {
      queryRefund: async (_order, no) => ({ kind: 'status_unknown', outRefundNo: no }),
    },
  );
  const { replace } = world.store;
  world.deps.store = {
    ...world.store,
    replace: async (...args) => {
      await new Promise((resolve) => setImmediate(resolve));
      return replace(...args);
    },
  };
  world.pass(200);
  await world.run();
  expect((await world.stored()).checkAt).toEqual(plus(70 + 180));
});

test('and so is that of one that WeChat did not answer, and of one that cannot be read', async () => {
  const refuse = async () => {
    throw new GatewayError('NO_AUTH', 'never', 'x');
  };
  for (const isRead of [true, false]) {
    const world = await open(paying, { queryOrder: refuse });
    const { lease } = world.store;
    world.deps.store = {
      ...world.store,
      lease: async (...args) => {
        await new Promise((resolve) => setImmediate(resolve));
        return lease(...args);
      },
    };
    world.pass(61);
    const raw = world.store.raw.get(paying.outTradeNo);
    if (raw && !isRead) raw.version = 0;
    await world.run();
    expect(raw?.checkAt).toEqual(isRead ? plus(180) : plus(61 + 3600));
  }
});

test('at most twenty failures are named, and all are counted', async () => {
  const refuse = async () => {
    throw new GatewayError('NO_AUTH', 'never', 'x');
  };
  const world = await open(paying, { queryOrder: refuse });
  for (let i = 0; i < 24; i += 1) {
    await world.store.insert({ ...paying, outTradeNo: `FAILS${i}`, checkAt: placedAt });
  }
  world.pass(61);
  const invocation = anInvocation(timer);
  const { counts } = await closeStaleOrders({ Type: 'Timer' }, world.deps, invocation);
  expect([counts, invocation.fields.failures?.length]).toEqual([{ NO_AUTH: 25 }, 20]);
});

test('after an outage the close at the order’s end still comes before questions, and is marked once', async () => {
  const world = await open(paying, {
    queryOrder: async () => {
      throw new GatewayError('ANSWER_LOST', 'query_first', 'x');
    },
  });
  let writes = 0;
  const { replace } = world.store;
  world.deps.store = {
    ...world.store,
    replace: (...args) => {
      writes += 1;
      return replace(...args);
    },
  };
  world.pass(61);
  await world.run();
  expect(writes, 'a question: only its time moves').toBe(0);
  for (let minute = 2; minute < 30; minute += 1) {
    world.pass(60);
    await world.run();
  }
  expect(await world.store.due('urgent', plus(1800), 9)).toEqual([
    { outTradeNo: paying.outTradeNo, at: plus(1800), link: 'apiV3', isUrgent: true },
  ]);
  expect(writes).toBe(1);
});
