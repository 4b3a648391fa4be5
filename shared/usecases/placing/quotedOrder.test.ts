import { describe, expect, test, vi } from 'vitest';
import { anOrder, aPayment, aPrepay, ordersByState, plus } from '../../../tests/support/orders.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import type { UnifiedOrderInput } from '../../contract/order/unifiedOrder.ts';
import type { OrderLimits } from '../../domain/limits.ts';
import { fen } from '../../domain/money.ts';
import type { Order } from '../../domain/order/order.ts';
import type { QuoteOutcome } from '../../ports/merchant.ts';
import { placeOrder } from './placeOrder.ts';

const request = { items: [{ id: 'latte', count: 2 }], coupon: '满减' };
const price = { errCode: 0, body: '拿铁 × 2', totalFee: 3980 };
const answered = (answer: unknown): QuoteOutcome => ({ kind: 'answered', answer });
const user = (openid = 'oPayer') =>
  anInvocation({ kind: 'user', openid, source: 'wx_client' } as const);

/** A shop whose function answers a quote so. */
function aShop(outcome: QuoteOutcome = answered(price)) {
  const world = memoryDeps(aGateway(), 'quote');
  const quote = vi.fn(async (_body: string, _timeoutMs: number) => outcome);
  const deps = { ...world.deps, askPrice: quote };
  const place = (input: UnifiedOrderInput, by = user()) => placeOrder(input, deps, by);
  return { ...world, deps, quote, place };
}

test('the merchant’s function is asked what the payer wants, and its price is the order’s', async () => {
  const { place, quote, store, deps } = aShop(
    answered({ ...price, attach: 'table 4', timeExpire: '20261124101000' }),
  );
  const placed = await place({ request });
  expect(placed).toMatchObject({ payment: aPayment, totalFee: 3980, timeExpire: '20261124101000' });
  const [body, timeoutMs] = quote.mock.calls[0] ?? [];
  expect(JSON.parse(String(body))).toEqual({
    type: 'quote.request',
    timestamp: deps.clock.now().toISOString(),
    data: { openid: 'oPayer', request },
  });
  expect(timeoutMs).toBe(5000);
  const order = { openid: 'oPayer', body: '拿铁 × 2', totalFee: 3980, attach: 'table 4' };
  expect(store.all()).toMatchObject([{ ...order, expiresAt: plus(600) }]);
});

test('nothing that the phone says of text, number, attach or expiry gets into the order', async () => {
  const { place, store } = aShop();
  const named = { body: 'mine', attach: 'mine', outTradeNo: 'MINE0001', timeExpire: plus(7200) };
  const placed = await place({ request, totalFee: fen(3980), ...named });
  expect(placed).toMatchObject({
    payment: aPayment,
    outTradeNo: expect.not.stringMatching('MINE'),
  });
  const [order] = store.all();
  expect(order).toMatchObject({ body: '拿铁 × 2', expiresAt: plus(1800) });
  expect(order).not.toHaveProperty('attach');
  expect(await store.get('MINE0001')).toBeUndefined();
});

test('a price that the payer was not shown is answered, and nothing is written', async () => {
  const { place, store } = aShop();
  const placed = await place({ request, totalFee: fen(1) });
  expect(placed).toMatchObject({ refused: 'PRICE_CHANGED', details: { totalFee: 3980 } });
  expect(store.all()).toEqual([]);
});

test.each<[string, QuoteOutcome, object]>([
  [
    'refused by the merchant, word for word',
    answered({ errCode: 'SOLD_OUT', errMsg: '已售罄，明天再来' }),
    {
      refused: 'QUOTE_REFUSED',
      retry: 'never',
      details: { quoteCode: 'SOLD_OUT', quoteMsg: '已售罄，明天再来' },
    },
  ],
  [
    'refused by a number',
    answered({ errCode: 17, totalFee: 1, body: 'x' }),
    { refused: 'QUOTE_REFUSED', details: { quoteCode: 17, quoteMsg: '' } },
  ],
  [
    'refused without a word',
    answered({ errCode: 'SOLD_OUT', errMsg: null }),
    { refused: 'QUOTE_REFUSED', details: { quoteCode: 'SOLD_OUT', quoteMsg: '' } },
  ],
  ['late', { kind: 'timed_out' }, { refused: 'QUOTE_TIMED_OUT', retry: 'same_request' }],
  [
    'a throw',
    { kind: 'failed', reason: 'FUNCTIONS_EXECUTE_FAIL: boom' },
    { refused: 'QUOTE_FAILED' },
  ],
  ['huge', { kind: 'too_large' }, { refused: 'QUOTE_MALFORMED' }],
  ['not asked for want of a key', { kind: 'unsigned' }, { refused: 'QUOTE_UNVERIFIED' }],
  ['unverified', answered({ errCode: 'SIGNATURE_REFUSED' }), { refused: 'QUOTE_UNVERIFIED' }],
  [
    'of the function that fulfils',
    answered({ errCode: 'TYPE_UNKNOWN', errMsg: 'x' }),
    { refused: 'QUOTE_UNVERIFIED' },
  ],
])('an answer that is %s is named, and nothing is written', async (_what, outcome, refusal) => {
  const { place, store } = aShop(outcome);
  expect(await place({ request })).toMatchObject(refusal);
  expect(store.all()).toEqual([]);
});

describe('an answer that is no price is QUOTE_MALFORMED, and nothing is written', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', '3980'],
    ['a list', [price]],
    ['an empty object', {}],
    ['no code', { body: 'x', totalFee: 1 }],
    ['a code that is a text 0', { ...price, errCode: '' }],
    ['no amount', { errCode: 0, body: 'x' }],
    ['an amount of 0', { ...price, totalFee: 0 }],
    ['a negative amount', { ...price, totalFee: -3980 }],
    ['a fraction of a fen', { ...price, totalFee: 39.8 }],
    ['an amount in text', { ...price, totalFee: '3980' }],
    ['an amount in a list', { ...price, totalFee: [3980] }],
    ['an amount beyond WeChat’s', { ...price, totalFee: 2_147_483_648 }],
    ['an amount that is no number', { ...price, totalFee: Number.NaN }],
    ['no body', { errCode: 0, totalFee: 3980 }],
    ['a body of which nothing is left', { ...price, body: '🎉\n🎂' }],
    ['a body that WeChat shows as nothing', { ...price, body: '\u200B\u2060\u00AD\u200E\u3164' }],
    ['an attach that is too long', { ...price, attach: 'x'.repeat(128) }],
    ['an expiry of its own form', { ...price, timeExpire: '2026-11-24T10:10:00' }],
    ['an expiry in the past', { ...price, timeExpire: '20261124095959' }],
    ['a purchase without a name', { ...price, purchaseId: '' }],
    ['a purchase that is a number', { ...price, purchaseId: 7 }],
  ])('%s', async (_what, answer) => {
    const { place, store } = aShop(answered(answer));
    expect(await place({ request })).toMatchObject({ refused: 'QUOTE_MALFORMED' });
    expect(store.all()).toEqual([]);
  });
});

test.each([
  ['empty', ''],
  ['null', null],
])('an optional field that is %s is absent', async (_what, value) => {
  const optional = { attach: value, timeExpire: value, errMsg: value };
  const { place, store } = aShop(answered({ ...price, ...optional, purchaseId: null }));
  expect(await place({ request })).toMatchObject({ payment: aPayment });
  const [order] = store.all();
  expect(order).toMatchObject({ totalFee: 3980, expiresAt: plus(1800) });
  expect(order).not.toHaveProperty('attach');
  expect(order).not.toHaveProperty('purchaseId');
});

test.each([
  ['拿铁\n☕️ 大杯\t\u0007🎉', '拿铁 ☕ 大杯'],
  ['👨‍👩‍👧 家庭套餐', '家庭套餐'],
  ['茶'.repeat(50), '茶'.repeat(42)],
  ['a\uD800b', 'ab'],
  ['\u200B拿\u00AD铁\u2060', '拿铁'],
])('a body of %j is cleaned to %j, not refused', async (body, cleaned) => {
  const { place, store } = aShop(answered({ ...price, body }));
  expect(await place({ request })).toMatchObject({ payment: aPayment });
  expect(store.all()).toMatchObject([{ body: cleaned }]);
});

test.each<[unknown, string]>([
  [undefined, 'answer: '],
  [{ errCode: 0, body: 'x' }, 'totalFee: '],
  [{ ...price, body: '🎉' }, 'body: '],
])('of the answer %j the log says what is wrong with %s', async (answer, what) => {
  const by = user();
  await aShop(answered(answer)).place({ request }, by);
  const { level, quoteReason = '' } = by.fields;
  expect([level, quoteReason.slice(0, what.length)]).toEqual(['error', what]);
});

test('a signature that the merchant’s function refuses is an error in the log', async () => {
  const by = user();
  const { place } = aShop(answered({ errCode: 'SIGNATURE_REFUSED' }));
  expect(await place({ request }, by)).toMatchObject({ refused: 'QUOTE_UNVERIFIED' });
  expect(by.fields).toMatchObject({ level: 'error', quoteReason: 'SIGNATURE_REFUSED' });
});

test('a refusal tells the log why, and the payer nothing of what was thrown', async () => {
  const by = user();
  const { place } = aShop({ kind: 'failed', reason: 'FAIL: connect ECONNREFUSED 10.0.0.7' });
  const placed = await place({ request }, by);
  expect(JSON.stringify(placed)).not.toContain('10.0.0.7');
  expect(by.fields).toMatchObject({ level: 'error', quoteReason: expect.stringContaining('10.0') });
});

test.each([
  ['no request', {}, 'request'],
  ['a purchase of its own naming', { request, purchaseId: 'theirs' }, 'purchaseId'],
])('a user with %s is refused before anybody is asked', async (_what, input, field) => {
  const { place, quote, store } = aShop();
  expect(await place(input)).toMatchObject({ refused: 'PARAM_ERROR', field });
  expect(quote).not.toHaveBeenCalled();
  expect(store.all()).toEqual([]);
});

test('where no time is left, nobody is asked', async () => {
  const { place, quote } = aShop();
  const late = anInvocation({ kind: 'user', openid: 'oPayer', source: 'wx_client' }, () => 1500);
  expect(await place({ request }, late)).toMatchObject({ refused: 'QUOTE_TIMED_OUT' });
  expect(quote).not.toHaveBeenCalled();
});

describe('the number of an order that exists', () => {
  test('gives that order to its payer, and nobody is asked', async () => {
    const { place, quote, store } = aShop();
    const placed = await place({ request });
    const { outTradeNo } = placed as { outTradeNo: string };
    expect(await place({ outTradeNo, totalFee: fen(3980) })).toEqual(placed);
    expect(await place({ outTradeNo, totalFee: fen(1) })).toMatchObject({
      refused: 'PRICE_CHANGED',
      details: { totalFee: 3980 },
    });
    expect(quote).toHaveBeenCalledTimes(1);
    expect(store.all()).toHaveLength(1);
  });

  test.each<[string, Order, string]>([
    ['paid', ordersByState.paid, 'ORDERPAID'],
    ['closed', ordersByState.closed, 'ORDERCLOSED'],
  ])('that is %s is not brought to WeChat once more', async (_how, order, refused) => {
    const { place, deps, store } = aShop();
    await store.insert(order);
    const requestPrepay = vi.fn(async () => aPrepay);
    deps.gatewayOf = () => aGateway({ requestPrepay });
    expect(await place({ outTradeNo: order.outTradeNo })).toMatchObject({ refused });
    expect(requestPrepay).not.toHaveBeenCalled();
    expect(await store.get(order.outTradeNo)).toMatchObject({ version: 1, status: order.status });
  });

  test.each(['user', 'admin'] as const)('is as good as free to another %s', async (kind) => {
    const { place, store } = aShop();
    const order = anOrder({ openid: 'oOther' });
    await store.insert(order);
    const by = anInvocation({ kind, openid: 'oPayer', source: 'wx_client' });
    const placed = await place({ request, outTradeNo: order.outTradeNo }, by);
    expect(placed).toMatchObject({ payment: aPayment, totalFee: 3980 });
    expect(await store.get(order.outTradeNo)).toMatchObject({ openid: 'oOther', version: 1 });
  });
});

test('the merchant’s server names its price as before, and is quoted none', async () => {
  const { place, quote } = aShop();
  const server = anInvocation({ kind: 'service', source: 'scf' });
  const own = { openid: 'oPayer', outTradeNo: 'SERVER0001', body: '茶', totalFee: fen(800) };
  expect(await place(own, server)).toMatchObject({ totalFee: 800, outTradeNo: 'SERVER0001' });
  expect(await place({ ...own, request }, server)).toMatchObject({ field: 'request' });
  expect(quote).not.toHaveBeenCalled();
});

test.each(['service', 'client'] as const)(
  'where the price source is %s, a phone gets no quote',
  async (priceSource) => {
    const { deps, store } = memoryDeps(aGateway(), priceSource);
    const input = { request, body: '茶', totalFee: fen(800) };
    const placed = await placeOrder(input, deps, user());
    expect(placed).toMatchObject({ refused: 'PARAM_ERROR', field: 'request' });
    expect(store.all()).toEqual([]);
  },
);

describe('a new price of a purchase whose open order', () => {
  const repriced = async (limits: OrderLimits) => {
    const { deps, store, pass } = aShop();
    deps.settings = { ...deps.settings, orderLimits: limits };
    const place = (totalFee: number, more = {}) => {
      pass(1);
      const answer = { ...price, totalFee, purchaseId: 'oPayer.cart-7', ...more };
      const askPrice = async () => answered(answer);
      return placeOrder({ request }, { ...deps, askPrice }, user());
    };
    await place(100);
    return {
      place,
      states: () => store.all().map((one) => one.kind === 'order' && one.status.state),
    };
  };

  test('could not be followed by another one in this minute leaves it open', async () => {
    const { place, states } = await repriced({ perMinute: 1, unpaid: 10 });
    expect(await place(120)).toMatchObject({ refused: 'TOO_MANY_ORDERS' });
    expect(states()).toEqual(['paying']);
    expect(await place(100)).toMatchObject({ payment: aPayment, totalFee: 100 });
  });

  test('is the last unpaid one that the payer may have takes its place', async () => {
    const { place, states } = await repriced({ perMinute: 10, unpaid: 1 });
    expect(await place(120)).toMatchObject({ payment: aPayment, totalFee: 120 });
    expect(states()).toEqual(['closed', 'paying']);
  });

  test('could not be followed by one that expires so soon leaves it open', async () => {
    const { place, states } = await repriced({ perMinute: 10, unpaid: 10 });
    const soon = { timeExpire: '20261124100030' };
    expect(await place(120, soon)).toMatchObject({ refused: 'QUOTE_MALFORMED' });
    expect(states()).toEqual(['paying']);
  });
});
