import { expect, test } from 'vitest';
import { ordersByState, placedAt, plus, proof } from '../../../tests/support/orders.ts';
import { refundProof } from '../../../tests/support/refunds.ts';
import { aGateway, anInvocation, memoryDeps, storeOrder } from '../../../tests/support/useCases.ts';
import type { ShardInput } from '../../contract/timer/closeStaleOrders.ts';
import { fen } from '../../domain/money.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { StoreError } from '../../ports/store.ts';
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
    counts: {},
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

test('without anything due until its end a run asks the database once', async () => {
  const world = memoryDeps();
  await storeOrder(world, ordersByState.paying, plus(46));
  let lists = 0;
  const { due } = world.store;
  world.deps.store = {
    ...world.store,
    due: (...args) => {
      lists += 1;
      return due(...args);
    },
  };
  const invocation = anInvocation(timer);
  const nothing = { counts: {}, more: false };
  expect(await closeStaleOrders(event, world.deps, invocation)).toEqual(nothing);
  expect([lists, invocation.fields]).toEqual([1, { ...nothing, oldestDueMs: 0 }]);
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
    oldestDueMs: 0,
  });
  expect(invocation.counters).toEqual({ mismatches: 1 });
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

const unreachable = async (): Promise<never> => {
  throw new GatewayError('WECHAT_UNREACHABLE', 'same_request', 'x');
};

test('a run stops early when WeChat fails again and again, says why, and the next one tries anew', async () => {
  let asked = 0;
  const world = memoryDeps(
    aGateway({
      queryOrder: async () => {
        asked += 1;
        return unreachable();
      },
    }),
  );
  for (let i = 0; i < 300; i += 1) await storeOrder(world, stale(i));
  const invocation = anInvocation(timer);
  const { counts, more } = await closeStaleOrders(event, world.deps, invocation);
  expect(more).toBe(true);
  expect(counts.WECHAT_UNREACHABLE).toBeGreaterThanOrEqual(20);
  expect(counts.WECHAT_UNREACHABLE).toBeLessThanOrEqual(40);
  expect(invocation.fields).toMatchObject({
    level: 'error',
    error: expect.stringMatching(/^STOPPED_EARLY .*wechat WECHAT_UNREACHABLE$/),
  });
  const before = asked;
  await closeStaleOrders(event, world.deps, anInvocation(timer));
  expect(asked).toBeGreaterThan(before);
});

test('orders that fail for reasons of their own stop no run', async () => {
  const world = memoryDeps(
    aGateway({
      queryOrder: async () => {
        throw new GatewayError('MERCHANT_NOT_CONFIGURED', 'never', 'x');
      },
    }),
  );
  for (let i = 0; i < 100; i += 1) await storeOrder(world, stale(i));
  const { counts, more } = await closeStaleOrders(event, world.deps, anInvocation(timer));
  expect([counts, more]).toEqual([{ MERCHANT_NOT_CONFIGURED: 100 }, false]);
});

test('a list that fails ends the run after what is under way, and is the failure of the run', async () => {
  const world = memoryDeps();
  const broken = new StoreError('STORE_UNAVAILABLE', 'same_request', 'x');
  const { due } = world.store;
  let lists = 0;
  world.deps.store = {
    ...world.store,
    due: async (...args) => {
      lists += 1;
      if (lists > 2) throw broken;
      return due(...args);
    },
  };
  await storeOrder(world, { ...stale(1), closeDueAt: placedAt });
  const invocation = anInvocation(timer);
  await expect(closeStaleOrders(event, world.deps, invocation)).rejects.toBe(broken);
  expect(invocation.fields).toMatchObject({ counts: { unpaid: 1 }, more: true });
});

test('a run that is behind starts workers, each for its shard, and adds up what they did', async () => {
  const world = memoryDeps();
  world.deps.settings = { ...world.deps.settings, checkConcurrency: 1 };
  for (let i = 0; i < 350; i += 1) await storeOrder(world, stale(i));
  const asked: ShardInput[] = [];
  world.deps.callSelf = async (data) => {
    asked.push(data as ShardInput);
    const worker = anInvocation({ kind: 'self', source: 'scf' });
    return closeStaleOrders(data as ShardInput, world.deps, worker);
  };
  const invocation = anInvocation(timer);
  const { counts, more } = await closeStaleOrders(event, world.deps, invocation);
  const untilMs = placedAt.getTime() + 19_000;
  expect(asked).toEqual([1, 2, 3].map((index) => ({ Type: 'Shard', index, of: 4, untilMs })));
  expect([counts.unpaid, more]).toEqual([350, false]);
  expect(invocation.fields.workers).toBe(4);
});

test('a worker that fails costs the run nothing but its share', async () => {
  const world = memoryDeps();
  world.deps.settings = { ...world.deps.settings, checkConcurrency: 1 };
  for (let i = 0; i < 150; i += 1) await storeOrder(world, stale(i));
  world.deps.callSelf = async () => ({ errCode: 'CALLER_REFUSED' });
  const invocation = anInvocation(timer);
  const { counts, more } = await closeStaleOrders(event, world.deps, invocation);
  expect(counts.unpaid).toBeGreaterThan(50);
  expect(counts.unpaid).toBeLessThan(100);
  expect(more).toBe(true);
  expect(invocation.lines).toContainEqual({
    level: 'warn',
    error: 'WORKER_FAILED {"errCode":"CALLER_REFUSED"}',
  });
});

/** Runs one of four workers over its share of 400 due orders, each question taking so long. */
async function aWorker({ untilS, queryS }: { untilS: number; queryS: number }) {
  const world = memoryDeps(
    aGateway({
      queryOrder: async ({ outTradeNo }) => {
        world.pass(queryS);
        return { kind: 'unpaid', via: 'query', outTradeNo, code: 'NOTPAY' };
      },
    }),
  );
  world.deps.settings = { ...world.deps.settings, checkConcurrency: 1 };
  for (let i = 0; i < 400; i += 1) await storeOrder(world, stale(i));
  const shard = { Type: 'Shard', index: 1, of: 4, untilMs: plus(untilS).getTime() } as const;
  const invocation = anInvocation({ kind: 'self', source: 'scf' }, () => 1e6);
  const { counts, more } = await closeStaleOrders(shard, world.deps, invocation);
  const tookMs = world.deps.clock.now().getTime() - placedAt.getTime();
  return { done: counts.unpaid ?? 0, more, tookMs };
}

test('a worker keeps its part of the pace: four together make 400 checks a second', async () => {
  const { done, more, tookMs } = await aWorker({ untilS: 600, queryS: 0 });
  expect(more).toBe(false);
  expect(done).toBeGreaterThan(60);
  expect(tookMs).toBeGreaterThanOrEqual((done - 1) * 10);
});

test('a worker ends when the run that started it does, however long it may run itself', async () => {
  const { done, more, tookMs } = await aWorker({ untilS: 10, queryS: 0.2 });
  expect(more).toBe(true);
  expect(done).toBeGreaterThan(0);
  expect(tookMs).toBeLessThanOrEqual(10_000);
});
