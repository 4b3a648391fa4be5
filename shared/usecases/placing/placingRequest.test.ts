import { expect, test } from 'vitest';
import { aPayment, aPrepay, placedAt, plus } from '../../../tests/support/orders.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import type { UnifiedOrderInput } from '../../contract/order/unifiedOrder.ts';
import { fen } from '../../domain/money.ts';
import type { Order } from '../../domain/order/order.ts';
import { placeOrder } from './placeOrder.ts';

const DAY_S = 86_400;
const outTradeNo = 'MINE0001';
const goods: UnifiedOrderInput = {
  body: '咖啡',
  totalFee: fen(100),
  attach: 'a',
  outTradeNo,
  timeExpire: plus(600),
};
const payer = (openid = 'oPayer') =>
  anInvocation({ kind: 'user', openid, source: 'wx_client' } as const);

/** Places an order, then requests one under the same number with these changes. */
async function placedTwice(change: Partial<UnifiedOrderInput>, by = payer()) {
  const world = memoryDeps();
  await placeOrder(goods, world.deps, payer());
  const before = await world.store.get(outTradeNo);
  world.pass(1);
  const answer = await placeOrder({ ...goods, ...change }, world.deps, by);
  return { answer, before, after: await world.store.get(outTradeNo) };
}

test.each<[string, Partial<UnifiedOrderInput>, ReturnType<typeof payer> | undefined]>([
  ['body', { body: '茶' }, undefined],
  ['price', { totalFee: fen(99) }, undefined],
  ['attach', { attach: 'b' }, undefined],
  ['attach, which is left out', { attach: undefined }, undefined],
  ['expiry', { timeExpire: plus(601) }, undefined],
  ['payer', {}, payer('oOther')],
])('a number with another %s is another order', async (_what, change, by) => {
  const { answer, before, after } = await placedTwice(change, by);
  expect(answer).toMatchObject({ refused: 'OUT_TRADE_NO_USED' });
  expect(after).toEqual(before);
});

test('the server does not get the payment of one payer for another', async () => {
  const server = anInvocation({ kind: 'service', source: 'scf' });
  const { answer, before, after } = await placedTwice({ openid: 'oOther' }, server);
  expect(answer).toMatchObject({ refused: 'OUT_TRADE_NO_USED' });
  expect(after).toEqual(before);
});

test.each<[Partial<UnifiedOrderInput>, string, string]>([
  [{ body: undefined }, 'body', 'it is needed'],
  [{ totalFee: undefined }, 'totalFee', 'it is needed'],
  [{ purchaseId: 'cart-7' }, 'purchaseId', 'only a signed service call'],
  [{ request: { sku: 1 } }, 'request', 'WXPAY_PRICE_SOURCE=quote'],
])('a phone that places with %j is refused at %s: %s', async (change, field, why) => {
  const world = memoryDeps();
  const answer = await placeOrder({ ...goods, ...change }, world.deps, payer());
  expect(answer).toMatchObject({
    refused: 'PARAM_ERROR',
    field,
    text: expect.stringContaining(why),
  });
  expect(world.store.all()).toEqual([]);
});

test.each<[string, Partial<UnifiedOrderInput>]>([
  ['all that it had', {}],
  ['all but its expiry', { timeExpire: undefined }],
])('a number with %s is the same order', async (_what, change) => {
  const { answer, before, after } = await placedTwice(change);
  expect(answer).toMatchObject({ outTradeNo, payment: aPayment, timeExpire: '20261124101000' });
  expect(after).toEqual(before);
});

test.each<[number, boolean]>([
  [59.999, false],
  [60, true],
  [15 * DAY_S, true],
  [15 * DAY_S + 0.001, false],
  [-1, false],
])('an order that is to expire after %d s is placed: %s', async (seconds, isPlaced) => {
  const world = memoryDeps();
  const input = { ...goods, timeExpire: plus(seconds) };
  const answer = await placeOrder(input, world.deps, payer());
  expect(answer).toMatchObject(
    isPlaced ? { payment: aPayment } : { refused: 'PARAM_ERROR', field: 'timeExpire' },
  );
  expect(world.store.all()).toHaveLength(isPlaced ? 1 : 0);
});

test('an order never lives longer than was requested: WeChat’s expiry has whole seconds', async () => {
  const world = memoryDeps();
  world.pass(0.4);
  const { timeExpire: _own, ...usual } = goods;
  await placeOrder(usual, world.deps, payer());
  expect(await world.store.get(outTradeNo)).toMatchObject({ expiresAt: plus(1800) });
  const named = { ...goods, outTradeNo: 'MINE0002', timeExpire: plus(600.999) };
  await placeOrder(named, world.deps, payer());
  expect(await world.store.get('MINE0002')).toMatchObject({ expiresAt: plus(600) });
});

test('what is written down before WeChat is called is all that was agreed', async () => {
  const stored: (Order | undefined)[] = [];
  const world = memoryDeps(
    aGateway({
      requestPrepay: async () => {
        stored.push((await world.store.get(outTradeNo)) as Order);
        return aPrepay;
      },
    }),
  );
  await placeOrder(goods, world.deps, payer());
  const { merchant } = world.deps.settings;
  expect(stored).toMatchObject([
    {
      ...merchant,
      openid: 'oPayer',
      body: '咖啡',
      totalFee: 100,
      attach: 'a',
      createdAt: placedAt,
      request: `frozen ${outTradeNo}`,
      status: { state: 'created' },
    },
  ]);
});
