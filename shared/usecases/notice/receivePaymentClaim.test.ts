import { describe, expect, test } from 'vitest';
import { anOrder, ordersByState, placedAt, plus, proof } from '../../../tests/support/orders.ts';
import { aGateway, anInvocation, memoryDeps, storeOrder } from '../../../tests/support/useCases.ts';
import { orphanOf } from '../../domain/order/conclude.ts';
import type { Evidence } from '../../domain/order/evidence.ts';
import type { Order } from '../../domain/order/order.ts';
import { createCloudPay } from '../../gateway/cloudPay/client.ts';
import { GatewayError, type OrderIds } from '../../ports/gateway.ts';
import { StoreError } from '../../ports/store.ts';
import { receiveNotification } from './receiveNotification.ts';

const noToken = createCloudPay({
  send: async () => undefined,
  hasToken: false,
  envId: 'shop-1a2b3c',
  mchid: '1900000109',
  randomBytes: (count) => new Uint8Array(count).fill(3),
});
const request = noToken.freezeOrder(anOrder());
const { attach: secret } = JSON.parse(request) as { attach: string };
const onCloudPay = (order: Order): Order => ({ ...order, link: 'cloudPay', request });
const paying = onCloudPay(ordersByState.paying);

const event = {
  returnCode: 'SUCCESS',
  resultCode: 'SUCCESS',
  attach: secret,
  outTradeNo: paying.outTradeNo,
  subAppid: paying.appid,
  subMchId: paying.mchid,
  subOpenid: paying.openid,
  timeEnd: '20261124100100',
  totalFee: 100,
  transactionId: '420',
};

/** The result of a query to WeChat: an answer, an error, or no token to ask with. */
type PaymentClaim = Evidence | GatewayError | 'no token';

async function reported(
  order: Order | undefined,
  result: PaymentClaim,
  change: object = {},
  times = 1,
) {
  let queries = 0;
  const queryOrder = async (): Promise<Evidence> => {
    queries += 1;
    if (result === 'no token')
      throw new GatewayError('CLOUDPAY_TOKEN_MISSING', 'same_request', 'x');
    if (result instanceof GatewayError) throw result;
    return result;
  };
  const at = memoryDeps(aGateway({ queryOrder }));
  if (order) await storeOrder(at, order, plus(1000));
  const caller = { kind: 'wechat', source: 'wx_paycallback' } as const;
  const answers = [];
  for (let time = 0; time < times; time += 1) {
    const invocation = anInvocation(caller);
    const input = { from: 'cloudPay', event: { ...event, ...change } } as const;
    answers.push(await receiveNotification(input, at.deps, invocation));
  }
  const stored = await at.store.get(paying.outTradeNo);
  return {
    statuses: answers.map(({ status }) => status),
    queries,
    version: stored?.version,
    state: stored?.kind === 'order' ? stored.status.state : stored?.kind,
    checkAt: stored?.checkAt,
    events: stored?.events.map(({ type }) => type),
    confirmedBy:
      stored?.kind === 'order' &&
      stored.status.state === 'paid' &&
      stored.status.receipt.confirmedBy,
  };
}

const unpaid: Evidence = {
  kind: 'unpaid',
  via: 'query',
  outTradeNo: paying.outTradeNo,
  code: 'NOTPAY',
};
const lost = new GatewayError('ANSWER_LOST', 'query_first', 'x');
const paid = { statuses: [200], state: 'paid', checkAt: null, events: ['order.paid'] };
const unconfirmed = { statuses: [500], state: 'paying', checkAt: placedAt, events: [] };

test.each<[string, PaymentClaim, object, object]>([
  ['WeChat confirms it: paid by query', proof(), {}, { ...paid, confirmedBy: 'query' }],
  ['WeChat confirms it, whatever the claim lacks', proof(), { attach: '' }, paid],
  [
    'no token and the right secret: paid by callback',
    'no token',
    {},
    { ...paid, confirmedBy: 'callback' },
  ],
  ['WeChat does not answer, and the right secret: paid by callback', lost, {}, paid],
  ['WeChat says that it is not paid: nothing but a check soon', unpaid, {}, unconfirmed],
  ['no token and no secret', 'no token', { attach: undefined }, unconfirmed],
  ['no token and another secret', 'no token', { attach: 'x'.repeat(32) }, unconfirmed],
  ['no token and another amount', 'no token', { totalFee: 1 }, unconfirmed],
  ['no token and another payer', 'no token', { subOpenid: 'oOther' }, unconfirmed],
  ['no token and another merchant', 'no token', { subMchId: '1' }, unconfirmed],
  [
    'WeChat says another amount: quarantined, whatever the claim says',
    proof({ totalFee: 1 as never }),
    {},
    { statuses: [200], state: 'paying', events: ['order.mismatch'] },
  ],
])('%s', async (_what, result, change, expected) => {
  expect(await reported(paying, result, change)).toMatchObject(expected);
});

test.each<[string, PaymentClaim, object]>([
  ['is queried, and paid', proof(), { ...paid, confirmedBy: 'query' }],
  ['is queried, and nothing is believed', unpaid, unconfirmed],
  ['is unconfirmed where nobody can ask', 'no token', unconfirmed],
])('a callback that cannot be read to its end %s', async (_what, result, expected) => {
  expect(await reported(paying, result, { timeEnd: 'yesterday' })).toMatchObject(expected);
});

test('a callback that comes five times pays once, and asks once', async () => {
  const result = await reported(paying, proof(), {}, 5);
  expect(result).toMatchObject({ ...paid, statuses: [200, 200, 200, 200, 200], queries: 1 });
});

test('an unconfirmed claim that comes five times is one write', async () => {
  const result = await reported(paying, unpaid, {}, 5);
  expect(result).toMatchObject({ ...unconfirmed, statuses: Array(5).fill(500), version: 2 });
});

test('money that comes after the close is reported loudly', async () => {
  const closed = onCloudPay(ordersByState.closed);
  expect(await reported(closed, 'no token')).toMatchObject({
    statuses: [200],
    state: 'paid',
    events: ['order.paid_after_close'],
  });
});

test('an order of the signed link does not change, though every field and the secret fit', async () => {
  const direct = { ...ordersByState.paying, request };
  expect(await reported(direct, proof())).toMatchObject({
    statuses: [500],
    state: 'paying',
    version: 1,
    queries: 0,
  });
});

test.each<[string, PaymentClaim, object]>([
  ['WeChat knows a payment: an orphan', proof(), { statuses: [200], events: ['order.orphan'] }],
  ['WeChat knows of none', unpaid, { statuses: [500], version: undefined }],
  ['there is nobody to ask', 'no token', { statuses: [500], version: undefined }],
])('of a number that we never placed %s', async (_what, result, expected) => {
  expect(await reported(undefined, result)).toMatchObject(expected);
});

test('what is no payment is refused, and nothing is asked or written', async () => {
  for (const change of [{ returnCode: 'FAIL' }, { outTradeNo: '' }, { outRefundNo: 'R1' }]) {
    expect(await reported(paying, proof(), change)).toMatchObject({
      statuses: [400],
      version: 1,
      queries: 0,
    });
  }
});

test('is not acknowledged before it is written', async () => {
  const at = memoryDeps(aGateway({ queryOrder: async () => proof() }));
  await storeOrder(at, paying);
  at.deps.store = {
    ...at.store,
    replace: async () => {
      throw new StoreError('STORE_UNAVAILABLE', 'same_request', 'the database is gone');
    },
  };
  const input = { from: 'cloudPay', event } as const;
  const answer = await receiveNotification(input, at.deps, anInvocation());
  expect(answer).toMatchObject({ status: 500, message: 'STORE_UNAVAILABLE' });
});

test('is refused only once the order is due for a check at once', async () => {
  const at = memoryDeps(aGateway({ queryOrder: async () => unpaid }));
  await storeOrder(at, paying, plus(1000));
  const { replace } = at.store;
  const order: string[] = [];
  at.deps.store = {
    ...at.store,
    replace: async (...args) => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push('written');
      return replace(...args);
    },
  };
  const input = { from: 'cloudPay', event } as const;
  await receiveNotification(input, at.deps, anInvocation());
  order.push('answered');
  expect(order).toEqual(['written', 'answered']);
});

test('a callback of a second payment is queried, and never taken for a repeat of the first', async () => {
  const first = onCloudPay(ordersByState.paid);
  expect(
    await reported(first, proof({ transactionId: '421' }), { transactionId: '421' }),
  ).toMatchObject({ statuses: [200], queries: 1, events: ['order.duplicate_payment'] });
  expect(await reported(first, unpaid, { transactionId: '421' })).toMatchObject({
    statuses: [500],
    queries: 1,
    events: [],
  });
  expect(await reported(first, unpaid)).toMatchObject({ statuses: [200], queries: 0, version: 1 });
});

describe('a callback of a payment for a number that we never gave out', () => {
  const open = async (result: Evidence) => {
    const asked: OrderIds[] = [];
    const queryOrder = async (ids: OrderIds) => {
      asked.push(ids);
      return result;
    };
    const at = memoryDeps();
    at.deps.gatewayOf = (link) => aGateway(link === 'cloudPay' ? { queryOrder } : {});
    const call = async (transactionId = '420') => {
      const input = { from: 'cloudPay', event: { ...event, transactionId } } as const;
      const invocation = anInvocation();
      const { status } = await receiveNotification(input, at.deps, invocation);
      return [status, invocation.fields.refused];
    };
    return { at, asked, call };
  };

  test('is asked about through cloud pay, as the merchant that is configured', async () => {
    const { asked, call } = await open(unpaid);
    expect(await call()).toEqual([500, 'claim:unconfirmed']);
    expect(asked).toEqual([{ outTradeNo: paying.outTradeNo, mchid: '1900000109' }]);
  });

  test('is an orphan, whose repeat is acknowledged, and a second payment of which is asked about', async () => {
    const { at, asked, call } = await open(proof());
    await at.store.insert(orphanOf(proof(), plus(1)));
    expect([await call(), asked.length]).toEqual([[200, undefined], 0]);
    expect([await call('421'), asked.length]).toEqual([[200, undefined], 1]);
  });

  test('of which nothing is proof stays an orphan of one payment', async () => {
    const { at, call } = await open(unpaid);
    await at.store.insert(orphanOf(proof(), plus(1)));
    expect(await call('421')).toEqual([500, 'claim:unconfirmed']);
    expect(await at.store.get(paying.outTradeNo)).toMatchObject({ version: 1 });
  });
});

test('a fault of ours is no reason to believe a callback by its secret', async () => {
  const at = memoryDeps(aGateway({ queryOrder: async () => Promise.reject(new TypeError('x')) }));
  await storeOrder(at, paying);
  const input = { from: 'cloudPay', event } as const;
  await expect(receiveNotification(input, at.deps, anInvocation())).rejects.toThrow(TypeError);
  expect(await at.store.get(paying.outTradeNo)).toMatchObject({ status: { state: 'paying' } });
});
