import { expect, test } from 'vitest';
import { ordersByState, placedAt, plus, proof } from '../../../tests/support/orders.ts';
import { refundProof } from '../../../tests/support/refunds.ts';
import { aGateway, anInvocation, memoryDeps, storeOrder } from '../../../tests/support/useCases.ts';
import { fen } from '../../domain/money.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { closeStaleOrders } from './closeStaleOrders.ts';

const timer = { kind: 'timer', source: 'timer' } as const;
const event = { Type: 'Timer' } as const;
const stale = (i: number) => ({
  ...ordersByState.paying,
  outTradeNo: `STALE${String(i).padStart(6, '0')}`,
});

test('at most 20 orders are worked on at once, each once', async () => {
  let underWay = 0;
  let highest = 0;
  const queries: string[] = [];
  const world = memoryDeps(
    aGateway({
      queryOrder: async ({ outTradeNo }) => {
        underWay += 1;
        highest = Math.max(highest, underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= 1;
        queries.push(outTradeNo);
        return { kind: 'unpaid', via: 'query', outTradeNo, code: 'NOTPAY' };
      },
    }),
  );
  for (let i = 0; i < 500; i += 1) await storeOrder(world, stale(i));
  const { counts, more } = await closeStaleOrders(event, world.deps, anInvocation(timer));
  expect([highest, queries.length, new Set(queries).size]).toEqual([20, 500, 500]);
  expect([counts, more]).toEqual([{ unpaid: 500 }, false]);
});

test('a run ends before its deadline and says that there is more', async () => {
  let left = 20_000;
  const world = memoryDeps(
    aGateway({
      queryOrder: async ({ outTradeNo }) => {
        left -= 100;
        return { kind: 'unpaid', via: 'query', outTradeNo, code: 'NOTPAY' };
      },
    }),
  );
  for (let i = 0; i < 400; i += 1) await storeOrder(world, stale(i));
  const run = await closeStaleOrders(
    event,
    world.deps,
    anInvocation(timer, () => left),
  );
  expect(left).toBeGreaterThan(5000);
  expect(run.more).toBe(true);
  left = 1e6;
  const next = await closeStaleOrders(
    event,
    world.deps,
    anInvocation(timer, () => left),
  );
  expect((run.counts.unpaid ?? 0) + (next.counts.unpaid ?? 0)).toBe(400);
});

test('an order that cannot be read is set aside for an hour, reported, and blocks no other', async () => {
  const world = memoryDeps();
  await storeOrder(world, stale(1));
  await storeOrder(world, stale(2), plus(1));
  const sick = world.store.raw.get('STALE000001');
  if (sick) sick.order = {};
  world.pass(2);
  const invocation = anInvocation(timer);
  const { counts } = await closeStaleOrders(event, world.deps, invocation);
  expect(counts).toEqual({ DOCUMENT_UNREADABLE: 1, unpaid: 1 });
  expect(invocation.fields).toMatchObject({
    level: 'error',
    failures: ['STALE000001:DOCUMENT_UNREADABLE'],
  });
  expect(world.store.raw.get('STALE000001')?.checkAt).toEqual(plus(2 + 3600));
});

test('a thousand orders of later code at the head of what is due are left alone, and keep none of ours waiting', async () => {
  const asked: string[] = [];
  const world = memoryDeps(
    aGateway({
      queryOrder: async ({ outTradeNo }) => {
        asked.push(outTradeNo);
        return { kind: 'unpaid', via: 'query', outTradeNo, code: 'NOTPAY' };
      },
    }),
  );
  for (let i = 0; i < 1001; i += 1) await storeOrder(world, stale(i), plus(i === 1000 ? 1 : 0));
  const newer = [...world.store.raw.values()].slice(0, 1000);
  for (const raw of newer) raw.schemaVersion = 2;
  world.pass(2);
  let operations = 0;
  const { lease, get } = world.store;
  world.deps.store = {
    ...world.store,
    lease: (...args) => {
      operations += 1;
      return lease(...args);
    },
    get: (no) => {
      operations += 1;
      return get(no);
    },
  };
  const { counts } = await closeStaleOrders(event, world.deps, anInvocation(timer));
  expect([counts, asked, operations]).toEqual([{ unpaid: 1 }, [stale(1000).outTradeNo], 2]);
  expect(newer.every(({ checkAt }) => checkAt?.getTime() === placedAt.getTime())).toBe(true);
});

test('an order whose merchant is not configured is queried later, never closed', async () => {
  const refuse = async () => {
    throw new GatewayError('MERCHANT_NOT_CONFIGURED', 'never', 'x');
  };
  const world = memoryDeps(aGateway({ queryOrder: refuse, closeOrder: refuse }));
  await storeOrder(world, ordersByState.paying);
  world.pass(1800 + 3600);
  const { counts } = await closeStaleOrders(event, world.deps, anInvocation(timer));
  expect(counts).toEqual({ MERCHANT_NOT_CONFIGURED: 1 });
  const stored = await world.store.get(ordersByState.paying.outTradeNo);
  expect(stored).toMatchObject({ status: { state: 'paying' }, checkAt: plus(1800 + 3600 + 900) });
});

test('an order is not closed before its link allows, expired or not', async () => {
  const closed: string[] = [];
  const world = memoryDeps(
    aGateway({
      closeOrder: async ({ outTradeNo }) => {
        closed.push(outTradeNo);
      },
    }),
  );
  const cloudPay = { ...ordersByState.paying, link: 'cloudPay', expiresAt: plus(60) } as const;
  await storeOrder(world, cloudPay);
  world.pass(61);
  await closeStaleOrders(event, world.deps, anInvocation(timer));
  expect(closed).toEqual([]);
  world.pass(300);
  await closeStaleOrders(event, world.deps, anInvocation(timer));
  expect(closed).toEqual([cloudPay.outTradeNo]);
});

test('with the platform’s default time-out it processes nothing, and says so', async () => {
  const world = memoryDeps();
  await storeOrder(world, ordersByState.paying);
  const invocation = anInvocation(timer, () => 3000);
  expect(await closeStaleOrders(event, world.deps, invocation)).toEqual({
    counts: { not_begun: 1 },
    more: true,
  });
  expect(invocation.fields).toMatchObject({
    level: 'error',
    error: expect.stringMatching(/55 秒/),
  });
});

test('nothing due is nothing done', async () => {
  const world = memoryDeps();
  await storeOrder(world, ordersByState.paying, new Date(placedAt.getTime() + 1));
  expect(await closeStaleOrders(event, world.deps, anInvocation(timer))).toEqual({
    counts: {},
    more: false,
  });
});

test('each event of a run has its own line: no order hides another’s, and money that differs is an error', async () => {
  const world = memoryDeps(
    aGateway({
      queryOrder: async ({ outTradeNo }) =>
        outTradeNo.endsWith('1')
          ? proof({ outTradeNo, totalFee: fen(99) })
          : { kind: 'closed', via: 'query', outTradeNo, code: 'CLOSED' },
    }),
  );
  for (let i = 0; i < 3; i += 1) await storeOrder(world, stale(i));
  const invocation = anInvocation(timer);
  await closeStaleOrders(event, world.deps, invocation);
  expect(new Set(invocation.lines)).toEqual(
    new Set(
      [
        { level: 'info', outTradeNo: stale(0).outTradeNo, event: 'order.closed', about: 'CLOSED' },
        {
          level: 'error',
          outTradeNo: stale(1).outTradeNo,
          event: 'order.mismatch',
          about: 'amount',
        },
        { level: 'info', outTradeNo: stale(2).outTradeNo, event: 'order.closed', about: 'CLOSED' },
      ].map((line) => ({ ...line, eventId: `${line.outTradeNo}.1` })),
    ),
  );
  expect(invocation.fields, 'the wide line is about the run alone').toEqual({
    counts: { closed: 2, mismatch: 1 },
    more: false,
  });
});

test('of two refunds of one order that end in one run, the abnormal one has its line too', async () => {
  const parts = ['R1', 'R2'].map((outRefundNo) => ({
    outRefundNo,
    refundFee: fen(10),
    request: '{}',
    requestedAt: placedAt,
    origin: 'ours' as const,
    status: { state: 'processing' as const, refundId: `503-${outRefundNo}` },
  }));
  const world = memoryDeps(
    aGateway({
      queryRefund: async (order, outRefundNo) =>
        refundProof({
          kind: outRefundNo === 'R1' ? 'abnormal' : 'success',
          outTradeNo: order.outTradeNo,
          outRefundNo,
          refundId: `503-${outRefundNo}`,
          refundFee: fen(10),
        }),
    }),
  );
  await storeOrder(world, { ...ordersByState.paid, refunds: parts });
  const invocation = anInvocation(timer);
  await closeStaleOrders(event, world.deps, invocation);
  expect(invocation.lines).toMatchObject([
    { level: 'warn', event: 'refund.abnormal', about: 'R1' },
    { level: 'info', event: 'refund.success', about: 'R2' },
  ]);
});

test('a requested close that met one hiccup is tried again in a minute, not in an hour', async () => {
  const lost = async (): Promise<never> => {
    throw new GatewayError('ANSWER_LOST', 'query_first', 'lost');
  };
  const world = memoryDeps(aGateway({ closeOrder: lost, queryOrder: lost }));
  const expiresAt = plus(3 * 24 * 3600);
  const order = { ...stale(1), expiresAt, closeDueAt: plus(2 * 3600) };
  await storeOrder(world, order, plus(2 * 3600));
  world.pass(2 * 3600);
  const { counts } = await closeStaleOrders(event, world.deps, anInvocation(timer));
  expect(counts).toEqual({ ANSWER_LOST: 1 });
  const at = (await world.store.get(order.outTradeNo))?.checkAt?.getTime() ?? 0;
  expect(at - world.deps.clock.now().getTime()).toBeLessThanOrEqual(60_000);
});
