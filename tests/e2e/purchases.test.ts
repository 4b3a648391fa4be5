import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { numberOfAttempt } from '../../shared/domain/order/purchase.ts';
import { openInProcess } from './inProcess.ts';
import { prepayIdOf } from './play.ts';
import type { Answer, Stage } from './stage.ts';

const CALLERS = 1000;
const MINUTE_MS = 60_000;
const purchaseId = 'cart-7';
const numberOf = (attempt: number) => numberOfAttempt(purchaseId, attempt);
const payer = { openid: 'oPayer' };

/** Sums up an answer by what a caller acts on; signatures and their nonces differ in equal ones. */
function meaningOf({ errCode, outTradeNo, payment, totalFee }: Answer): string {
  const { package: prepay } = (payment ?? {}) as { package?: string };
  return JSON.stringify({ errCode, outTradeNo, prepay, totalFee });
}

describe.each(['publicKey', 'provider', 'cloudPay'] as const)('one purchase (%s)', (mode) => {
  let stage: Stage;
  let price = 100;
  beforeAll(async () => {
    stage = await openInProcess(mode);
  });
  afterAll(() => stage.close());
  const shop = () => {
    if (!stage.shop) throw new Error('a stage without shop');
    return stage.shop;
  };
  /** Counts the orders of the purchase that can be paid at WeChat, whenever anything changed there. */
  let openMax = 0;
  let paidMax = 0;
  const statesOf = (truth: (outTradeNo: string) => { trade_state: string } | undefined) => {
    const states: string[] = [];
    for (let attempt = 1; attempt <= 100; attempt += 1) {
      const found = truth(numberOf(attempt));
      if (!found && attempt > states.length + 1) break;
      if (found) states.push(found.trade_state);
    }
    return states;
  };
  const begin = (minAgeMs: number) => {
    price = 100;
    openMax = 0;
    paidMax = 0;
    shop().quotes(async () => {
      const answer = { errCode: 0, body: '茶', totalFee: price, purchaseId };
      await new Promise((resolve) => setImmediate(resolve));
      return { kind: 'answered', answer };
    }, minAgeMs);
    shop().watch((truth) => {
      const states = statesOf(truth);
      openMax = Math.max(openMax, states.filter((one) => one === 'NOTPAY').length);
      paidMax = Math.max(paidMax, states.filter((one) => one === 'SUCCESS').length);
    });
  };
  beforeEach(() => stage.reset());

  const buy = () => stage.call('unifiedOrder', { request: { cart: 7 } }, payer);
  const buyAll = (count: number) => Promise.all(Array.from({ length: count }, buy));

  test(`${CALLERS} callers at once while the price changes: at most one order can be paid, at any instant`, async () => {
    begin(0);
    const prices = [100, 120, 90, 100];
    const rounds: Answer[][] = [];
    for (const next of prices) {
      const size = CALLERS / prices.length;
      // The first half asks before the price changes, and is answered while the other half orders.
      const before = Array.from({ length: size / 2 }, buy);
      await new Promise((resolve) => setImmediate(resolve));
      price = next;
      rounds.push(await Promise.all([...before, ...Array.from({ length: size / 2 }, buy)]));
      // Cloud pay closes no order younger than 5 minutes.
      await stage.advance(mode === 'cloudPay' ? 'PT6M' : 'PT1S', 'none');
    }
    expect(openMax).toBe(1);
    const answers = rounds.flat();
    expect(answers).toHaveLength(CALLERS);
    const refused = answers.filter(({ errCode }) => errCode !== 0);
    const codes = new Set(refused.map(({ errCode }) => errCode));
    for (const code of codes) expect(['PRICE_CHANGED', 'PURCHASE_REPLACING']).toContain(code);
    // Whoever was given an order of one number was given the same as everybody else.
    const placed = answers.filter(({ errCode }) => errCode === 0);
    const numbers = new Set(placed.map(({ outTradeNo }) => outTradeNo));
    expect(new Set(placed.map(meaningOf)).size).toBe(numbers.size);
    expect(placed.length).toBeGreaterThan(CALLERS / 4);
    expect(numbers.size).toBeGreaterThanOrEqual(prices.length - 1);
    // The last price holds in the end.
    const [one, ...others] = await buyAll(50);
    if (!one) throw new Error('nobody bought');
    expect(new Set(others.map(meaningOf))).toEqual(new Set([meaningOf(one)]));
    expect(one).toMatchObject({ errCode: 0, totalFee: 100 });
    await stage.cashier(prepayIdOf(one));
    await stage.advance('PT1S', 'none');
    for (const { errCode } of await buyAll(50)) expect(errCode).toBe('ORDERPAID');
    expect([openMax, paidMax]).toEqual([1, 1]);
  });

  test('where WeChat closes no order so young, all are refused alike until it does', async () => {
    begin(5 * MINUTE_MS);
    const [first] = await buyAll(20);
    price = 120;
    await stage.advance('PT1S', 'none');
    const young = await buyAll(100);
    for (const { errCode, retryAt } of young) {
      expect([errCode, retryAt]).toEqual(['PURCHASE_REPLACING', young[0]?.retryAt]);
    }
    expect((await stage.truth(numberOf(1)))?.trade_state).toBe('NOTPAY');
    await stage.advance('PT5M', 'none');
    const answers = await buyAll(100);
    expect(new Set(answers.map(meaningOf)).size).toBe(1);
    expect(answers[0]).toMatchObject({ errCode: 0, outTradeNo: numberOf(2), totalFee: 120 });
    expect((await stage.truth(numberOf(1)))?.trade_state).toBe('CLOSED');
    // The sheet of the older order is open on a phone still.
    if (first) expect(await stage.cashier(prepayIdOf(first))).not.toBe('requestPayment:ok');
    expect([openMax, paidMax]).toEqual([1, 0]);
  });

  test('the older order was paid while the price changed, and nobody was notified: it is the purchase', async () => {
    begin(0);
    await stage.faults([{ at: 'wechatpay.notify', kind: 'lost_request' }]);
    const [first] = await buyAll(1);
    if (first) await stage.cashier(prepayIdOf(first));
    price = 120;
    await stage.advance('PT1S', 'none');
    for (const { errCode } of await buyAll(50)) expect(errCode).toBe('ORDERPAID');
    expect(await stage.stored(numberOf(1))).toMatchObject({
      state: 'paid',
      events: ['order.paid'],
    });
    expect(await stage.stored(numberOf(2))).toBeUndefined();
    expect([openMax, paidMax]).toEqual([1, 1]);
  });

  test.each([
    ['lost_answer', undefined],
    ['error_after', 'SYSTEM_ERROR'],
    ['lost_request', undefined],
    ['error', 'SYSTEM_ERROR'],
  ])(
    'whatever happens to the call that places or closes (%s): one order at most',
    async (kind, code) => {
      begin(0);
      const fault = { kind, times: 2, ...(code === undefined ? {} : { code }) };
      for (const at of ['wechatpay.jsapi', 'wechatpay.close']) {
        for (const next of [100, 120, 100]) {
          price = next;
          await stage.faults([{ at, ...fault }]);
          await buyAll(20);
          await stage.advance('PT1S', 'none');
        }
      }
      await stage.faults([]);
      await stage.advance('PT30M', 'all');
      await stage.advance('PT10M', 'all');
      const answers = await buyAll(20);
      expect(new Set(answers.map(meaningOf)).size).toBe(1);
      expect(answers[0]).toMatchObject({ errCode: 0, totalFee: 100 });
      expect(openMax).toBe(1);
    },
  );
});
