import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { openQuote } from '../shared/merchant/merchant.ts';
import { createPrices } from './quotes.ts';
import type { Outcome } from './runner/invocation.ts';
import type { Runner } from './runner/runner.ts';
import { createLife } from './world/life.ts';

const eventsKey = `whsec_${randomBytes(24).toString('base64')}`;
const clock = {
  nowMs: () => 1_764_500_000_000,
  now: () => new Date(1_764_500_000_000),
  offsetMs: () => 0,
  jumpTo: () => {},
  set: () => {},
};

/** Prices of a merchant whose function answers so; waiting takes no time. */
function pricesOf(answer: (event: unknown) => Promise<Partial<Outcome>>, env = {}) {
  const invoke: Runner['invoke'] = async (_, event) => ({
    requestId: 'R',
    durationMs: 0,
    log: [],
    ...(await answer(event)),
  });
  const world = { clock, randomBytes, life: createLife(async () => {}) };
  return createPrices({ world, runner: { invoke }, eventsKey, env });
}
const question = { request: { productId: 'latte' }, openid: 'oA' };

test('the function is asked as unifiedOrder asks it: signed, with the payer and the request', async () => {
  const prices = pricesOf(async (event) => {
    const { data } = openQuote(event as object, { keys: eventsKey, now: clock.now() });
    return { result: { errCode: 0, body: JSON.stringify(data), totalFee: 1990, purchaseId: 'P1' } };
  });
  expect(await prices.quote(question)).toEqual({
    kind: 'quoted',
    body: JSON.stringify({ openid: 'oA', request: { productId: 'latte' } }),
    totalFee: 1990,
    purchaseId: 'P1',
  });
});

test('what the merchant refuses is passed on in its own words', async () => {
  const prices = pricesOf(async () => ({ result: { errCode: 'SOLD_OUT', errMsg: '售罄' } }));
  expect(await prices.quote(question)).toMatchObject({
    kind: 'refused',
    code: 'QUOTE_REFUSED',
    quoteCode: 'SOLD_OUT',
    quoteMsg: '售罄',
  });
});

test.each<[string, string, Partial<Outcome>]>([
  [
    'QUOTE_FAILED',
    'FUNCTION_NOT_FOUND: none',
    { error: { code: 'FUNCTION_NOT_FOUND', message: 'none' } },
  ],
  ['QUOTE_MALFORMED', 'totalFee: ', { result: { errCode: 0, body: '咖啡', totalFee: 0.5 } }],
])('%s comes with what unifiedOrder would log of it', async (code, reason, outcome) => {
  const answer = await pricesOf(async () => outcome).quote(question);
  expect(answer).toMatchObject({ kind: 'refused', code, reason: expect.stringContaining(reason) });
});

test('a function that does not answer is waited for no longer than by unifiedOrder', async () => {
  const prices = pricesOf(() => new Promise(() => {}));
  expect(await prices.quote(question)).toMatchObject({ code: 'QUOTE_TIMED_OUT' });
});

test('the merchant’s own function and key are asked where they are configured', async () => {
  const asked: string[] = [];
  const own = { WXPAY_QUOTE_FUNCTION: 'myPrices', WXPAY_PRICE_SOURCE: 'quote' };
  const invoke: Runner['invoke'] = async (name) => {
    asked.push(name);
    return {
      requestId: '',
      durationMs: 0,
      log: [],
      result: { errCode: 0, body: 'x', totalFee: 1 },
    };
  };
  const world = { clock, randomBytes, life: createLife(() => new Promise(() => {})) };
  const prices = createPrices({ world, runner: { invoke }, eventsKey, env: own });
  await prices.quote(question);
  expect(asked).toEqual(['myPrices']);
});
