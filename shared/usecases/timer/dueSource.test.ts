import { expect, test } from 'vitest';
import { ordersByState, placedAt, plus } from '../../../tests/support/orders.ts';
import { aGateway, anInvocation, memoryDeps, storeOrder } from '../../../tests/support/useCases.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { closeStaleOrders } from './closeStaleOrders.ts';
import { createDueSource } from './dueSource.ts';

const HOUR_S = 3600;
const alone = { index: 0, of: 1 };

/** A world whose orders are due: those of cloud pay at their placing, the others `laterS` seconds later. */
async function worldOf(cloudPay: number, apiV3: number, laterS = 0) {
  const world = memoryDeps(
    aGateway({
      queryOrder: async () => {
        throw new GatewayError('CLOUDPAY_TOKEN_MISSING', 'same_request', 'no token');
      },
    }),
  );
  const of = (link: 'cloudPay' | 'apiV3') => (_: unknown, i: number) => ({
    ...ordersByState.paying,
    link,
    outTradeNo: `${link}${String(i).padStart(6, '0')}`,
  });
  const orders = [
    ...Array.from({ length: cloudPay }, of('cloudPay')),
    ...Array.from({ length: apiV3 }, of('apiV3')),
  ];
  for (const order of orders) {
    await storeOrder(world, order, plus(order.link === 'apiV3' ? laterS : 0));
  }
  return world;
}

const linksOf = async (next: ReturnType<typeof createDueSource>) =>
  (await next()).map(({ link }) => link);

test.each([
  ['with the token every order is its own', true, 0, ['cloudPay', 'apiV3']],
  ['without it those of cloud pay are left to WeChat’s timer', false, 0, ['apiV3']],
  ['so they are a second before an hour', false, HOUR_S - 1, ['apiV3']],
  ['an hour later nobody has come, and it takes them', false, HOUR_S, ['cloudPay', 'apiV3']],
])('%s', async (_what, hasPayToken, lateS, links) => {
  const world = await worldOf(1, 1);
  world.pass(lateS);
  expect((await linksOf(createDueSource({ ...world.deps, hasPayToken }, alone))).sort()).toEqual(
    [...links].sort(),
  );
});

test('orders that are left block none behind them, however many there are, and are listed once', async () => {
  const world = await worldOf(1000, 1, 1);
  for (const [at, raw] of [...world.store.raw.values()].slice(0, 1000).entries()) {
    raw.checkAt = plus(at / 1000);
  }
  world.pass(1);
  let rows = 0;
  const { due } = world.store;
  const store: typeof world.store = {
    ...world.store,
    due: async (...args) => {
      const page = await due(...args);
      rows += page.length;
      return page;
    },
  };
  const next = createDueSource({ ...world.deps, store, hasPayToken: false }, alone);
  expect(await next()).toEqual([{ outTradeNo: 'apiV3000000', at: plus(1), link: 'apiV3' }]);
  expect(await next()).toEqual([]);
  // Each once, and again the one at which each page ended.
  expect(rows).toBeLessThan(1020);
});

test('what holds money comes before what is longer due', async () => {
  const world = memoryDeps();
  await storeOrder(world, { ...ordersByState.paying, outTradeNo: 'QUESTION1' }, plus(1));
  const requested = { ...ordersByState.paying, outTradeNo: 'REQUESTED1', closeDueAt: plus(5) };
  await storeOrder(world, requested, plus(5));
  world.pass(10);
  const next = createDueSource(world.deps, alone);
  const seen: string[][] = [];
  for (let i = 0; i < 3; i += 1) seen.push((await next()).map(({ outTradeNo }) => outTradeNo));
  expect(seen).toEqual([['REQUESTED1'], ['QUESTION1'], []]);
});

test('shards share the orders between them, each order in one, and cloud pay stays with the first', async () => {
  const world = await worldOf(50, 1000);
  const shards = await Promise.all(
    [0, 1, 2, 3].map(async (index) => {
      const next = createDueSource(world.deps, { index, of: 4 });
      const numbers: string[] = [];
      for (let page = await next(); page.length > 0; page = await next()) {
        numbers.push(...page.map(({ outTradeNo }) => outTradeNo));
      }
      return numbers;
    }),
  );
  const all = shards.flat();
  expect([all.length, new Set(all).size]).toEqual([1050, 1050]);
  for (const [index, numbers] of shards.entries()) {
    const own = numbers.filter((no) => no.startsWith('apiV3'));
    expect(own.length).toBeGreaterThan(180);
    expect(numbers.length - own.length).toBe(index === 0 ? 50 : 0);
  }
});

test('a timer of SCF that fires first takes nothing from WeChat’s timer in the same minute', async () => {
  const world = await worldOf(3, 0);
  const event = { Type: 'Timer' } as const;
  const before = [...world.store.raw.values()].map(({ checkAt, version }) => [checkAt, version]);
  const timer = anInvocation({ kind: 'timer', source: 'timer' });
  const tokenless = { ...world.deps, hasPayToken: false };
  expect(await closeStaleOrders(event, tokenless, timer)).toEqual({ counts: {}, more: false });
  expect([...world.store.raw.values()].map(({ checkAt, version }) => [checkAt, version])).toEqual(
    before,
  );
  expect(before).toEqual(Array.from({ length: 3 }, () => [placedAt, 1]));
  const wechats = anInvocation({ kind: 'timer', source: 'wx_trigger' });
  const { counts } = await closeStaleOrders(event, world.deps, wechats);
  expect(counts).toEqual({ CLOUDPAY_TOKEN_MISSING: 3 });
});
