import cloudbase from '@cloudbase/node-sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LocalCloud } from '../../emulator/main.ts';
import { openLocalCloud } from '../support/localCloud.ts';

/** The shop as `npm start` has it: the sample quote, its price book, the real SDK, HTTP all the way. */
const PAYER = 'oPayer0001';
type Answer = Record<string, unknown> & { errCode: 0 | string };

describe.each(['apiV3', 'cloudPay'] as const)('a shop that quotes, over the wire (%s)', (link) => {
  let cloud: LocalCloud;
  beforeAll(async () => {
    cloud = await openLocalCloud({
      WXPAY_PRICE_SOURCE: 'quote',
      WXPAY_LINK: link,
      LOCAL_DEMO_GOODS: '1',
      LOCAL_FUNCTION_RULES: 'off',
      LOCAL_DEVTOOLS_TIMERS: link === 'cloudPay' ? '1' : '',
    });
  });
  afterAll(() => cloud.close());

  const ask = async (method: string, path: string, body?: unknown) => {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${cloud.url}/_local/${path}`, { method, headers, ...init });
    return answer.json() as Promise<Record<string, unknown>>;
  };
  beforeEach(async () => void (await ask('POST', 'reset')));
  const call = async (name: string, data: object, as: object = { openid: PAYER }) => {
    const { result, error } = await ask('POST', 'call', { name, data, ...as });
    if (!result) throw new Error(`${name}: ${JSON.stringify(error)}`);
    return result as Answer;
  };
  const buy = (request: unknown, more: object = {}) => call('unifiedOrder', { request, ...more });
  const pay = async ({ payment }: Answer) => {
    const { package: text } = payment as { package: string };
    return ask('POST', `cashier/${text.replace('prepay_id=', '')}`, { action: 'pay' });
  };
  const query = (answer: Answer) => call('queryOrder', { outTradeNo: answer.outTradeNo });
  const orders = async () =>
    (await ask('GET', 'documents/orders?limit=10000')) as unknown as { _id: string }[];
  const truth = async ({ outTradeNo }: Answer) =>
    (await ask('GET', `wechatpay/orders/${outTradeNo}`)) as {
      amount?: object;
      trade_state?: string;
    };
  const reprice = async (productId: string, price: number) => {
    Object.assign(process.env, cloud.environment());
    const database = cloudbase.init({ env: cloudbase.SYMBOL_CURRENT_ENV }).database();
    await database.collection('products').doc(productId).update({ price });
  };

  test('what the sample quotes is ordered, paid and found paid; the purchase cannot be bought twice', async () => {
    const request = { productId: 'latte', count: 2, purchaseId: 'cart-7' };
    const placed = await buy(request, { totalFee: 3980 });
    expect(placed).toMatchObject({ errCode: 0, totalFee: 3980 });
    expect(await truth(placed)).toMatchObject({ amount: { total: 3980 }, trade_state: 'NOTPAY' });
    expect(await buy(request)).toMatchObject({ errCode: 0, outTradeNo: placed.outTradeNo });
    await pay(placed);
    const paid = { state: 'paid', totalFee: 3980, body: '拿铁咖啡 × 2' };
    expect(await query(placed)).toMatchObject(paid);
    expect(await buy(request)).toMatchObject({ errCode: 'ORDERPAID' });
    expect(await orders()).toHaveLength(1);
    const other = await call('unifiedOrder', { request }, { openid: 'oOther' });
    expect(other).toMatchObject({
      errCode: 0,
      outTradeNo: expect.not.stringMatching(String(placed.outTradeNo)),
    });
  });

  test('a cart is one order of the sum of its goods, and what is not on sale refuses it whole', async () => {
    const items = [{ productId: 'oolong', count: 3 }, { productId: 'latte' }];
    const placed = await buy({ items, purchaseId: 'cart-9' });
    expect(placed).toMatchObject({ errCode: 0, totalFee: 4390 });
    expect(await query(placed)).toMatchObject({ body: '乌龙茶 × 3、拿铁咖啡 × 1' });
    expect(await buy({ items: [...items, { productId: 'mooncake' }] })).toMatchObject({
      errCode: 'QUOTE_REFUSED',
      quoteCode: 'NOT_ON_SALE',
      quoteMsg: '有商品不存在或已下架',
    });
    expect(await orders()).toHaveLength(1);
  });

  test('the price book changes while an order is open: the older one is closed at WeChat first', async () => {
    const request = { productId: 'latte', purchaseId: 'cart-8' };
    const first = await buy(request);
    await reprice('latte', 2190);
    expect(await buy(request, { totalFee: 1990 })).toMatchObject({
      errCode: 'PRICE_CHANGED',
      totalFee: 2190,
    });
    let second = await buy(request, { totalFee: 2190 });
    if (link === 'cloudPay') {
      expect(second).toMatchObject({ errCode: 'PURCHASE_REPLACING', retryAt: expect.any(String) });
      await ask('POST', 'clock', { advance: 'PT6M', timers: 'last' });
      second = await buy(request, { totalFee: 2190 });
    }
    expect(second).toMatchObject({ errCode: 0, totalFee: 2190 });
    expect((await truth(first)).trade_state).toBe('CLOSED');
    expect((await truth(second)).trade_state).toBe('NOTPAY');
    expect(await pay(first)).not.toMatchObject({ errMsg: 'requestPayment:ok' });
  });

  test('a payer repeats an order by its number; another payer gets one of their own', async () => {
    const placed = await buy({ productId: 'oolong' });
    const { outTradeNo } = placed;
    expect(await call('unifiedOrder', { outTradeNo })).toMatchObject({ errCode: 0, outTradeNo });
    const stranger = await call('unifiedOrder', { outTradeNo }, { openid: 'oOther' });
    expect(stranger).toMatchObject({ errCode: 'PARAM_ERROR', field: 'request' });
  });

  test.each([
    ['what is not on sale', { productId: 'mooncake' }, { quoteCode: 'NOT_ON_SALE' }],
    ['half a cup', { productId: 'latte', count: 0.5 }, { quoteCode: 'REQUEST_WRONG' }],
    ['less than nothing', { productId: 'latte', count: -2 }, { quoteCode: 'REQUEST_WRONG' }],
    ['text for a number', { productId: 'latte', count: '2' }, { quoteCode: 'REQUEST_WRONG' }],
    ['a query for a number', { productId: { $ne: '' } }, { quoteCode: 'REQUEST_WRONG' }],
    ['an empty cart', { items: [] }, { quoteCode: 'REQUEST_WRONG' }],
    ['a cart of text', { items: 'latte' }, { quoteCode: 'REQUEST_WRONG' }],
    [
      'a cart with half a cup',
      { items: [{ productId: 'oolong' }, { productId: 'latte', count: 0.5 }] },
      { quoteCode: 'REQUEST_WRONG' },
    ],
    [
      'a cart that names a product twice',
      { items: [{ productId: 'latte' }, { productId: 'latte' }] },
      { quoteCode: 'REQUEST_WRONG' },
    ],
    [
      'a cart of more goods than a page shows',
      { items: Array.from({ length: 21 }, (_, index) => ({ productId: `p${index}` })) },
      { quoteCode: 'REQUEST_WRONG' },
    ],
  ])(
    '%s is refused in the words of the sample, and nothing is written',
    async (_what, request, words) => {
      const refused = await buy(request);
      expect(refused).toMatchObject({
        errCode: 'QUOTE_REFUSED',
        quoteMsg: expect.any(String),
        ...words,
      });
      expect(await orders()).toEqual([]);
    },
  );

  test.each([
    ['a cheaper price', { totalFee: 1 }, 'PRICE_CHANGED'],
    ['a negative price', { totalFee: -1990 }, 'PARAM_ERROR'],
    ['a fraction of a fen', { totalFee: 19.9 }, 'PARAM_ERROR'],
    ['an amount beyond WeChat’s', { totalFee: 1e15 }, 'PARAM_ERROR'],
    ['a price in text', { totalFee: '1' }, 'PARAM_ERROR'],
    ['no price at all', { totalFee: null }, 'PARAM_ERROR'],
    ['another merchant', { subMchId: '1900000999' }, 'PARAM_ERROR'],
    ['another mini program', { subAppid: 'wx9999999999999999' }, 'PARAM_ERROR'],
    ['another payer', { openid: 'oVictim' }, 'PARAM_ERROR'],
    ['an address to be notified at', { notifyUrl: 'https://evil.example' }, 'PARAM_ERROR'],
    ['a purchase of its own naming', { purchaseId: 'cart-of-another' }, 'PARAM_ERROR'],
  ])('a phone that names %s gets no order', async (_what, more, errCode) => {
    expect(await buy({ productId: 'latte' }, more)).toMatchObject({ errCode });
    expect(await orders()).toEqual([]);
  });

  test('a request of more than 4 kB is refused before anybody is asked', async () => {
    const note = '字'.repeat(1400);
    expect(await buy({ productId: 'latte', note })).toMatchObject({ field: 'request' });
    expect(await orders()).toEqual([]);
  });

  test('the sample’s database is away: nothing is written, and what was thrown stays in the log', async () => {
    await ask('PUT', 'faults', [{ at: 'cloudbase.getDocument', kind: 'error', times: 1 }]);
    const refused = await buy({ productId: 'latte' });
    await ask('PUT', 'faults', []);
    expect(refused).toMatchObject({ errCode: 'QUOTE_FAILED', advice: 'same_request' });
    expect(refused).not.toHaveProperty('quoteReason');
    expect(await orders()).toEqual([]);
    expect(await buy({ productId: 'latte' })).toMatchObject({ errCode: 0 });
  });

  test('a sample that takes too long costs 5 seconds, and nothing is written', async () => {
    await ask('PUT', 'faults', [
      { at: 'cloudbase.getDocument', kind: 'slow', delayMs: 8000, times: 1 },
    ]);
    expect(await buy({ productId: 'latte' })).toMatchObject({ errCode: 'QUOTE_TIMED_OUT' });
    await ask('PUT', 'faults', []);
    expect(await orders()).toEqual([]);
  }, 30_000);
});
