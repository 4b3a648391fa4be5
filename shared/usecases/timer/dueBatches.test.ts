import { expect, test } from 'vitest';
import { ordersByState, placedAt, plus } from '../../../tests/support/orders.ts';
import { aGateway, anInvocation, memoryDeps, storeOrder } from '../../../tests/support/useCases.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { closeStaleOrders } from './closeStaleOrders.ts';
import { dueBatches } from './dueBatches.ts';

const HOUR_S = 3600;

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

const linksOf = async (next: ReturnType<typeof dueBatches>) =>
  (await next()).map(({ link }) => link);

test.each([
  ['with the token every order is its own', true, 0, ['cloudPay', 'apiV3']],
  ['without it those of cloud pay are left to WeChat’s timer', false, 0, ['apiV3']],
  ['so they are a second before an hour', false, HOUR_S - 1, ['apiV3']],
  ['an hour later nobody has come, and it takes them', false, HOUR_S, ['cloudPay', 'apiV3']],
])('%s', async (_what, hasPayToken, lateS, links) => {
  const world = await worldOf(1, 1);
  world.pass(lateS);
  expect((await linksOf(dueBatches({ ...world.deps, hasPayToken }))).sort()).toEqual(
    [...links].sort(),
  );
});

test('orders that are left block none behind them, however many there are', async () => {
  const world = await worldOf(1000, 1, 1);
  world.pass(1);
  const next = dueBatches({ ...world.deps, hasPayToken: false });
  expect(await next()).toEqual([{ outTradeNo: 'apiV3000000', at: plus(1), link: 'apiV3' }]);
});

test('a batch is never larger than another, though many were left', async () => {
  const world = await worldOf(150, 500, 1);
  world.pass(1);
  const next = dueBatches({ ...world.deps, hasPayToken: false });
  expect(await next()).toHaveLength(50);
  expect(await next()).toHaveLength(200);
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
