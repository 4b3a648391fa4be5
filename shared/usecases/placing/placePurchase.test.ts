import { describe, expect, test } from 'vitest';
import { aPrepay, ordersByState, placedAt, plus, proof } from '../../../tests/support/orders.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import type { UnifiedOrderInput } from '../../contract/order/unifiedOrder.ts';
import { type Fen, fen } from '../../domain/money.ts';
import { orphanOf } from '../../domain/order/conclude.ts';
import type { Order } from '../../domain/order/order.ts';
import { numberOfAttempt } from '../../domain/order/purchase.ts';
import type { RefundStatus } from '../../domain/order/refund.ts';
import { type Gateway, GatewayError } from '../../ports/gateway.ts';
import { StoreError } from '../../ports/store.ts';
import { applyEvidence } from '../order/applyEvidence.ts';
import { closeOrder } from '../order/closeOrder.ts';
import { closeStaleOrders } from '../timer/closeStaleOrders.ts';
import { placeOrder } from './placeOrder.ts';

const purchaseId = 'cart-7';
const numberOf = (attempt: number) => numberOfAttempt(purchaseId, attempt);
const server = () => anInvocation({ kind: 'service', source: 'scf' });

/** A world whose server orders one purchase; `open` holds the numbers that can be paid at WeChat. */
function aPurchase(answers: Partial<Gateway> = {}) {
  const open = new Set<string>();
  let openMax = 0;
  const gateway = aGateway({
    requestPrepay: async ({ outTradeNo }) => {
      open.add(outTradeNo);
      openMax = Math.max(openMax, open.size);
      return { prepayId: `of ${outTradeNo}` };
    },
    closeOrder: async ({ outTradeNo }) => void open.delete(outTradeNo),
    ...answers,
  });
  const world = memoryDeps(gateway, 'service');
  const place = (totalFee: number, more: Partial<UnifiedOrderInput> = {}) =>
    placeOrder(
      { body: '茶', totalFee: fen(totalFee), openid: 'oPayer', purchaseId, ...more },
      world.deps,
      server(),
    );
  const pay = (attempt: number, more = {}) =>
    applyEvidence(
      proof({ outTradeNo: numberOf(attempt), totalFee: fen(100), ...more }),
      world.deps,
      server(),
    );
  const stored = async (attempt: number) => (await world.store.get(numberOf(attempt))) as Order;
  const events = async (attempt: number) =>
    (await stored(attempt)).events.map(({ type, about }) => (about ? `${type} ${about}` : type));
  return { ...world, place, pay, stored, events, open, openMax: () => openMax };
}

test('the same price and payer give the same order, whatever text and attach say by now', async () => {
  const { place, store } = aPurchase();
  const placed = await place(100);
  expect(placed).toMatchObject({ outTradeNo: numberOf(1), totalFee: 100 });
  expect(await place(100, { body: '乌龙茶', attach: 'other', timeExpire: plus(900) })).toEqual(
    placed,
  );
  expect(store.all()).toMatchObject([{ purchaseId, body: '茶' }]);
});

test.each<[string, Partial<UnifiedOrderInput> & { totalFee: Fen }]>([
  ['another price', { totalFee: fen(120) }],
  ['another payer', { totalFee: fen(100), openid: 'oOther' }],
])('at %s the older order is closed at WeChat before the next is written', async (_what, more) => {
  const { place, pass, open, openMax, stored } = aPurchase();
  await place(100);
  pass(1);
  const placed = await place(more.totalFee, more);
  expect(placed).toMatchObject({ outTradeNo: numberOf(2), totalFee: more.totalFee });
  expect(await stored(1)).toMatchObject({ status: { state: 'closed', reason: 'asked' } });
  expect([...open]).toEqual([numberOf(2)]);
  expect(openMax()).toBe(1);
});

test('a price that was asked for before the open order was begun does not replace it', async () => {
  const { deps, place, stored } = aPurchase();
  const { insert } = deps.store;
  // Between the price and the first write another caller, who asked later, was faster.
  const slow = placeOrder(
    { body: '茶', totalFee: fen(90), openid: 'oPayer', purchaseId },
    {
      ...deps,
      store: {
        ...deps.store,
        insert: async (order) => {
          await deps.clock.wait(1000);
          await place(120);
          return insert(order);
        },
      },
    } as typeof deps,
    server(),
  );
  expect(await slow).toMatchObject({ refused: 'PRICE_CHANGED', details: { totalFee: 120 } });
  expect(await stored(1)).toMatchObject({ totalFee: 120, status: { state: 'paying' } });
});

test('a paid purchase is ORDERPAID at any price', async () => {
  const { place, pay, pass, store } = aPurchase();
  await place(100);
  await pay(1);
  pass(1);
  expect(await place(100)).toMatchObject({ refused: 'ORDERPAID' });
  expect(await place(90)).toMatchObject({ refused: 'ORDERPAID' });
  expect(store.all()).toHaveLength(1);
});

describe.each([
  ['merchant number', { mchid: '1900000110' }],
  ['appid', { appid: 'wx0000000000000002' }],
])('once the shop has another %s', (_what, changed) => {
  const moved = async (before: 'paid' | 'open') => {
    const world = aPurchase();
    await world.place(100);
    if (before === 'paid') await world.pay(1);
    world.pass(1);
    const { settings } = world.deps;
    world.deps.settings = { ...settings, merchant: { ...settings.merchant, ...changed } };
    return world;
  };

  test('a purchase that was paid before is ORDERPAID still', async () => {
    const { place, store } = await moved('paid');
    expect(await place(100)).toMatchObject({ refused: 'ORDERPAID' });
    expect(await place(90)).toMatchObject({ refused: 'ORDERPAID' });
    expect(store.all()).toHaveLength(1);
  });

  test('its open order is the same purchase’s: one of two can be paid', async () => {
    const { place, open, openMax } = await moved('open');
    expect(await place(90)).toMatchObject({ outTradeNo: numberOf(2), totalFee: 90 });
    expect([[...open], openMax()]).toEqual([[numberOf(2)], 1]);
  });

  test('where nobody can close it any more, no second order is begun', async () => {
    const { place, deps, store } = await moved('open');
    const refused = async () =>
      Promise.reject(new GatewayError('MERCHANT_NOT_CONFIGURED', 'never', 'x'));
    deps.gatewayOf = () => aGateway({ closeOrder: refused, queryOrder: refused });
    expect(await place(90)).toMatchObject({ refused: 'MERCHANT_NOT_CONFIGURED' });
    expect(store.all()).toHaveLength(1);
  });
});

test('a purchase that WeChat says is paid when its order is to be closed is ORDERPAID', async () => {
  const { place, pass, stored, store } = aPurchase({
    closeOrder: async () => Promise.reject(new GatewayError('ORDERPAID', 'never', 'x')),
    queryOrder: async ({ outTradeNo }) => proof({ outTradeNo, totalFee: fen(100) }),
  });
  await place(100);
  pass(1);
  expect(await place(90)).toMatchObject({ refused: 'ORDERPAID' });
  expect(await stored(1)).toMatchObject({ status: { state: 'paid' } });
  expect(store.all()).toHaveLength(1);
});

test('money that differs from its order keeps the purchase from being ordered again', async () => {
  const { place, pay, pass } = aPurchase();
  await place(100);
  await pay(1, { totalFee: fen(1) });
  pass(1);
  expect(await place(90)).toMatchObject({ refused: 'ORDER_QUARANTINED' });
});

describe('once a person had money back that differs from its order', () => {
  const succeeded = { state: 'success', refundId: '5', succeededAt: plus(110) } as const;
  const refunded = async (
    { refundFee, status }: { refundFee: number; status: RefundStatus },
    differing: object[] = [{}],
  ) => {
    const world = aPurchase();
    await world.place(100);
    for (const each of differing) await world.pay(1, { totalFee: fen(70), ...each });
    const order = await world.stored(1);
    const refund = {
      outRefundNo: 'P420',
      request: '',
      requestedAt: plus(100),
      origin: 'ours',
    } as const;
    const refunds = [{ ...refund, refundFee: fen(refundFee), transactionId: '420', status }];
    await world.store.replace({ ...order, refunds }, order.version);
    world.pass(1);
    return world;
  };

  test('the purchase is ordered and paid again, and no payment is a second one', async () => {
    const { place, pay, events } = await refunded({ refundFee: 70, status: succeeded });
    expect(await place(100)).toMatchObject({ outTradeNo: numberOf(2), totalFee: 100 });
    await pay(2, { transactionId: '421', paidAt: plus(200) });
    expect(await events(2)).toEqual(['order.paid']);
    expect(await place(100)).toMatchObject({ refused: 'ORDERPAID' });
  });

  test.each<[string, { refundFee: number; status: RefundStatus }, object[]?]>([
    ['a part of it', { refundFee: 69, status: succeeded }],
    ['nothing yet', { refundFee: 70, status: { state: 'processing', refundId: '5' } }],
    [
      'all of one payment, beside which there is another',
      { refundFee: 70, status: succeeded },
      [{}, { transactionId: '421' }],
    ],
    [
      'what another merchant had got: the order itself can be paid still',
      { refundFee: 70, status: succeeded },
      [{ mchid: '1900000333' }],
    ],
  ])('but not where it is %s', async (_what, refund, differing) => {
    const { place } = await refunded(refund, differing);
    expect(await place(100)).toMatchObject({ refused: 'ORDER_QUARANTINED' });
  });
});

test.each([
  ['was closed', 0],
  ['has expired', 1800],
])('a purchase whose order %s is ordered again', async (_what, seconds) => {
  const { place, pass, deps, stored, open } = aPurchase();
  await place(100);
  pass(seconds);
  if (seconds === 0) {
    await closeOrder({ outTradeNo: numberOf(1) }, deps, server());
  }
  expect(await place(100)).toMatchObject({ outTradeNo: numberOf(2) });
  expect(await stored(1)).toMatchObject({ status: { state: 'closed' } });
  expect([...open]).toEqual([numberOf(2)]);
});

test('where WeChat does not close, nothing more is ordered, and the same call may come again', async () => {
  const { place, pass, store } = aPurchase({
    closeOrder: async () => Promise.reject(new GatewayError('SYSTEM_ERROR', 'same_request', 'x')),
  });
  await place(100);
  pass(1);
  expect(await place(90)).toMatchObject({ refused: 'PURCHASE_REPLACING', retry: 'same_request' });
  expect(store.all()).toHaveLength(1);
});

test('an order that is too young to be closed is not handed out any more, and replaced in time', async () => {
  const { place, pass, deps, stored, openMax } = aPurchase();
  deps.settings = { ...deps.settings, closeMinAgeMs: 300_000 };
  await place(100);
  pass(1);
  const details = { retryAt: '2026-11-24T10:05:00+08:00' };
  expect(await place(90)).toMatchObject({ refused: 'PURCHASE_REPLACING', details });
  expect(await place(100)).toMatchObject({ refused: 'PURCHASE_REPLACING', details });
  expect(await stored(1)).toMatchObject({ closeDueAt: plus(300) });
  pass(299);
  expect(await place(90)).toMatchObject({ outTradeNo: numberOf(2), totalFee: 90 });
  expect(openMax()).toBe(1);
});

test('an order whose placer died is brought to WeChat before it is closed there', async () => {
  const { place, pass, store, open, openMax, stored } = aPurchase();
  await place(100);
  open.clear();
  const placing = { state: 'created', placingUntil: plus(6), attempts: 1 } as const;
  await store.replace({ ...(await stored(1)), status: placing }, (await stored(1)).version);
  pass(1);
  expect(await place(90)).toMatchObject({ outTradeNo: numberOf(2) });
  expect(await stored(1)).toMatchObject({ status: { state: 'closed', reason: 'asked' } });
  expect([[...open], openMax()]).toEqual([[numberOf(2)], 1]);
});

test('an order that WeChat refuses for good is no order: the purchase goes on with the next', async () => {
  let calls = 0;
  const { place, pass } = aPurchase({
    requestPrepay: async () => {
      calls += 1;
      if (calls === 1) throw new GatewayError('PARAM_ERROR', 'never', 'x');
      return aPrepay;
    },
  });
  expect(await place(100)).toMatchObject({ refused: 'PARAM_ERROR' });
  pass(1);
  expect(await place(100)).toMatchObject({ outTradeNo: numberOf(2) });
});

test.each([
  [
    'WeChat has from elsewhere',
    async ({ store }: ReturnType<typeof aPurchase>) => {
      const closed = { ...ordersByState.closed, outTradeNo: numberOf(1), purchaseId };
      const reason = 'OUT_TRADE_NO_USED';
      await store.insert({ ...closed, status: { state: 'closed', closedAt: placedAt, reason } });
    },
  ],
  [
    'holds money without an order',
    async ({ store }: ReturnType<typeof aPurchase>) =>
      void (await store.insert(orphanOf(proof({ outTradeNo: numberOf(1) }), placedAt))),
  ],
  [
    'an order of no purchase has',
    async ({ store }: ReturnType<typeof aPurchase>) =>
      void (await store.insert({ ...ordersByState.closed, outTradeNo: numberOf(1) })),
  ],
])(
  'a purchase whose number %s is not ordered: nobody knows what can be paid there',
  async (_what, put) => {
    const world = aPurchase();
    await put(world);
    expect(await world.place(100)).toMatchObject({ refused: 'OUT_TRADE_NO_USED' });
    expect(world.store.all()).toHaveLength(1);
  },
);

test('a purchase one of whose orders cannot be read is not ordered: it may be paid', async () => {
  const { place, store } = aPurchase();
  await place(100);
  const whole = store.raw.get(numberOf(1));
  if (!whole) throw new Error('no order');
  const spoilt = { ...whole, order: { ...whole.order, totalFee: 'spoilt' } };
  store.raw.set(numberOf(1), spoilt as unknown as typeof whole);
  await expect(place(90)).rejects.toMatchObject({ code: 'DOCUMENT_UNREADABLE' });
  expect(store.raw.size).toBe(1);
});

test('a purchase has a hundred orders at most', async () => {
  const { place, store } = aPurchase();
  for (let attempt = 1; attempt <= 100; attempt += 1) {
    await store.insert({ ...ordersByState.closed, outTradeNo: numberOf(attempt), purchaseId });
  }
  expect(await place(100)).toMatchObject({ refused: 'PURCHASE_TOO_OFTEN' });
  expect(store.all()).toHaveLength(100);
});

test('an expiry of its own that is too near begins nothing, and is no matter for an open order', async () => {
  const { place, pass, store } = aPurchase();
  const near = { timeExpire: plus(30) };
  expect(await place(100, near)).toMatchObject({ refused: 'PARAM_ERROR', field: 'timeExpire' });
  expect(store.all()).toEqual([]);
  const placed = await place(100);
  pass(1);
  expect(await place(100, near)).toEqual(placed);
});

test('a number of a purchase is not a phone’s to take', async () => {
  const { deps, store } = memoryDeps(aGateway(), 'client');
  const input = { body: '茶', totalFee: fen(1), outTradeNo: numberOf(1) };
  expect(await placeOrder(input, deps, anInvocation())).toMatchObject({
    refused: 'PRICE_SOURCE_MISSING',
  });
  expect(store.all()).toEqual([]);
});

test.each([
  ['both number and purchase', { outTradeNo: 'MINE0001' }, 'outTradeNo'],
  ['no payer', { openid: undefined }, 'openid'],
])('a service call with %s is refused', async (_what, more, field) => {
  const { place, store } = aPurchase();
  expect(await place(100, more)).toMatchObject({ refused: 'PARAM_ERROR', field });
  expect(store.all()).toEqual([]);
});

describe('whatever became of the orders after it, a purchase is not ordered again', () => {
  /** A closed first order and a closed second one. */
  async function twoClosed() {
    const world = aPurchase();
    await world.place(100);
    world.pass(1);
    await world.place(120);
    world.pass(1);
    await closeOrder({ outTradeNo: numberOf(2) }, world.deps, server());
    return world;
  }

  test.each<[string, object, string]>([
    ['once its first order is paid', {}, 'ORDERPAID'],
    ['once money came for the first that differs', { totalFee: fen(1) }, 'ORDER_QUARANTINED'],
  ])('%s', async (_when, paid, refused) => {
    const { place, pay, store } = await twoClosed();
    await pay(1, paid);
    expect(await place(100)).toMatchObject({ refused });
    expect(store.all()).toHaveLength(2);
  });

  test('where one of its numbers is not its own', async () => {
    const { place, store, stored } = await twoClosed();
    const { purchaseId: _none, ...foreign } = await stored(1);
    await store.replace(foreign, foreign.version);
    expect(await place(100)).toMatchObject({ refused: 'OUT_TRADE_NO_USED' });
    expect(store.all()).toHaveLength(2);
  });

  test('with an expiry that is too near', async () => {
    const { place, store } = await twoClosed();
    const near = { timeExpire: plus(30) };
    expect(await place(100, near)).toMatchObject({ refused: 'PARAM_ERROR', field: 'timeExpire' });
    expect(store.all()).toHaveLength(2);
  });
});

test('an order that WeChat cannot place now is not closed for that: the same call brings it there', async () => {
  let isAway = true;
  const { place, pass, stored } = aPurchase({
    requestPrepay: async () => {
      if (isAway) throw new GatewayError('SYSTEM_ERROR', 'same_request', 'x');
      return aPrepay;
    },
  });
  for (let call = 0; call < 2; call += 1) {
    expect(await place(100)).toMatchObject({ refused: 'SYSTEM_ERROR' });
    expect(await stored(1)).toMatchObject({ status: { state: 'created' } });
    pass(10);
  }
  isAway = false;
  expect(await place(100)).toMatchObject({ outTradeNo: numberOf(1) });
});

test('whoever asked for the price before another payer began the order is not shown that one’s price', async () => {
  const { deps, place } = aPurchase();
  const { insert } = deps.store;
  const store = {
    ...deps.store,
    insert: async (order: Order) => {
      await deps.clock.wait(1000);
      await place(120, { openid: 'oOther' });
      return insert(order);
    },
  };
  const slow = { body: '茶', totalFee: fen(90), openid: 'oPayer', purchaseId };
  const placed = await placeOrder(slow, { ...deps, store } as typeof deps, server());
  expect(placed).toMatchObject({ refused: 'ORDER_PLACING' });
  expect(JSON.stringify(placed)).not.toContain('120');
});

describe('money for more than one order of a purchase', () => {
  /** A closed first order and an open second one. */
  async function twoOrders() {
    const world = aPurchase();
    await world.place(100);
    world.pass(1);
    await world.place(120);
    return world;
  }
  const second = { totalFee: fen(120), transactionId: '421', paidAt: plus(70) };

  test('the payment of a later order, and then one of the first, give one event', async () => {
    const { pay, events, stored } = await twoOrders();
    await pay(2, second);
    expect(await events(2)).toEqual(['order.paid']);
    await pay(1, { paidAt: plus(90) });
    await pay(1, { paidAt: plus(90) });
    const about = 'order.duplicate_payment 420';
    expect(await events(1)).toEqual(['order.closed asked', 'order.paid_after_close', about]);
    expect(await events(2)).toEqual(['order.paid']);
    for (const attempt of [1, 2]) {
      expect(await stored(attempt)).not.toHaveProperty('siblingsDueAt');
      expect((await stored(attempt)).checkAt).toBeNull();
    }
  });

  test('which payment is the second one, WeChat’s time says, in whatever order they arrive', async () => {
    const { pay, events } = await twoOrders();
    await pay(2, second);
    await pay(1, { paidAt: plus(60) });
    expect(await events(1)).toEqual(['order.closed asked', 'order.paid_after_close']);
    expect(await events(2)).toEqual(['order.paid', 'order.duplicate_payment 421']);
  });

  test.each([
    ['before', 60, ['order.paid', 'order.duplicate_payment 421']],
    ['after', 90, ['order.paid']],
  ])(
    'money that differs and came %s that of a paid order makes it the second, or not',
    async (_when, atS, expected) => {
      const { pay, events, stored } = await twoOrders();
      await pay(1, { totalFee: fen(1), paidAt: plus(atS) });
      await pay(2, second);
      expect(await stored(1)).toHaveProperty('quarantine');
      expect(await events(2)).toEqual(expected);
    },
  );

  test('where the database is away after the write, the payment stands and the log says what is left', async () => {
    const { deps, stored } = await twoOrders();
    const known = await stored(1);
    const { get } = deps.store;
    const away = async () =>
      Promise.reject(new StoreError('STORE_UNAVAILABLE', 'same_request', 'x'));
    Object.assign(deps.store, { get: away });
    const invocation = server();
    const evidence = proof({ outTradeNo: numberOf(1), totalFee: fen(100), paidAt: plus(60) });
    const { outcome } = await applyEvidence(evidence, deps, invocation, known);
    Object.assign(deps.store, { get });
    expect(outcome).toBe('paid_after_close');
    const line = { level: 'warn', outTradeNo: numberOf(1), error: 'STORE_UNAVAILABLE siblings' };
    expect(invocation.lines).toContainEqual(line);
    expect(await stored(1)).toMatchObject({ siblingsDueAt: expect.any(Date) });
  });

  test('an open order of a purchase that is paid is closed at WeChat by the timer', async () => {
    const { pay, stored, deps, pass, open } = await twoOrders();
    await pay(1, { paidAt: plus(60) });
    expect(await stored(2)).toMatchObject({ closeDueAt: expect.any(Date) });
    pass(60);
    await closeStaleOrders(
      { Type: 'Timer' },
      deps,
      anInvocation({ kind: 'timer', source: 'timer' }),
    );
    expect(await stored(2)).toMatchObject({ status: { state: 'closed' }, checkAt: null });
    expect([...open]).toEqual([]);
  });

  test('an order that cannot be read keeps no other one from being closed, and is looked at again', async () => {
    const { place, pay, events, stored, store, deps, pass, open } = await twoOrders();
    pass(1);
    await place(100);
    expect([...open]).toEqual([numberOf(3)]);
    const whole = store.raw.get(numberOf(1));
    if (!whole) throw new Error('no first order');
    const spoilt = { ...whole, order: { ...whole.order, totalFee: 'spoilt' } };
    store.raw.set(numberOf(1), spoilt as unknown as typeof whole);
    await pay(2, second);
    const runTimer = async (seconds: number) => {
      pass(seconds);
      const timer = anInvocation({ kind: 'timer', source: 'timer' });
      await closeStaleOrders({ Type: 'Timer' }, deps, timer);
    };
    await runTimer(120);
    expect([...open]).toEqual([]);
    expect(await stored(3)).toMatchObject({ status: { state: 'closed' } });
    expect(await stored(2)).toMatchObject({ siblingsDueAt: expect.any(Date) });
    expect(await place(100)).toMatchObject({ refused: 'ORDERPAID' });
    store.raw.set(numberOf(1), whole);
    await runTimer(600);
    expect(await stored(2)).not.toHaveProperty('siblingsDueAt');
    expect(await events(2)).toEqual(['order.closed asked', 'order.paid_after_close']);
  });

  test('what could not be looked at after the write is looked at by the timer', async () => {
    const { pay, events, stored, deps, pass } = await twoOrders();
    await pay(2, second);
    const { get } = deps.store;
    const away = async () => Promise.reject(new Error('the function died'));
    Object.assign(deps.store, { get: away });
    const evidence = proof({ outTradeNo: numberOf(1), totalFee: fen(100), paidAt: plus(90) });
    const known = (await get(numberOf(1))) as Order;
    await expect(applyEvidence(evidence, deps, server(), known)).rejects.toThrow('died');
    Object.assign(deps.store, { get });
    expect(await stored(1)).toMatchObject({ siblingsDueAt: expect.any(Date) });
    pass(120);
    await closeStaleOrders(
      { Type: 'Timer' },
      deps,
      anInvocation({ kind: 'timer', source: 'timer' }),
    );
    expect((await events(1)).at(-1)).toBe('order.duplicate_payment 420');
    expect((await stored(1)).checkAt).toBeNull();
  });
});

test('a thousand callers while the price changes: never two open at WeChat, and one order a price', async () => {
  const { place, deps, open, openMax, store } = aPurchase();
  const real = deps.gatewayOf('apiV3');
  // WeChat takes its time, so that calls overlap.
  const later = () => new Promise((resolve) => setImmediate(resolve));
  deps.gatewayOf = () => ({
    ...real,
    requestPrepay: async (...args) => later().then(() => real.requestPrepay(...args)),
    closeOrder: async (...args) => later().then(() => real.closeOrder(...args)),
  });
  const wait = deps.clock.wait;
  deps.clock.wait = async (ms) => {
    await later();
    await wait(ms / 1000);
  };
  const placed: unknown[] = [];
  for (let round = 0; round < 10; round += 1) {
    const price = round % 2 === 0 ? 100 : 120;
    const all = Array.from({ length: 100 }, () => place(price));
    placed.push(...(await Promise.all(all)));
    expect(open.size).toBe(1);
  }
  expect(openMax()).toBe(1);
  const numbers = placed.map((one) => (one as { outTradeNo: string }).outTradeNo);
  expect(new Set(numbers).size).toBe(10);
  expect(store.all()).toHaveLength(10);
});
