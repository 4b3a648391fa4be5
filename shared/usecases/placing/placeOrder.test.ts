import { expect, test } from 'vitest';
import { anOrder, aPayment, aPrepay, placedAt, plus } from '../../../tests/support/orders.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import { isRefusal } from '../../contract/answer.ts';
import type { UnifiedOrderInput } from '../../contract/order/unifiedOrder.ts';
import { fen } from '../../domain/money.ts';
import { beginOrder } from '../../domain/order/order.ts';
import { drawOutTradeNo } from '../../domain/order/outTradeNo.ts';
import type { Retry } from '../../domain/retry.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { placeOrder } from './placeOrder.ts';

const goods: UnifiedOrderInput = { body: '咖啡', totalFee: fen(100) };
const drawn = (fill: number) => drawOutTradeNo(placedAt, new Uint8Array(15).fill(fill));
const failing = (...failures: [code: string, retry: Retry][]) => {
  let calls = 0;
  return {
    calls: () => calls,
    gateway: aGateway({
      requestPrepay: async () => {
        const failure = failures[calls];
        calls += 1;
        if (failure) throw new GatewayError(failure[0], failure[1], 'x');
        return aPrepay;
      },
    }),
  };
};

test('a user’s number comes from us, and a drawn one that exists is drawn again', async () => {
  const world = memoryDeps();
  await world.store.insert(anOrder({ outTradeNo: drawn(1), openid: 'oOther' }));
  const placed = await placeOrder(goods, world.deps, anInvocation());
  expect(placed).toMatchObject({ outTradeNo: drawn(2), payment: aPayment });
  expect(await world.store.get(drawn(1))).toMatchObject({ openid: 'oOther', version: 1 });
});

test('an answer has CloudPay’s names of what is known, and WeDa’s name of the package', async () => {
  const { deps } = memoryDeps();
  const placed = await placeOrder({ ...goods, outTradeNo: 'MINE0001' }, deps, anInvocation());
  expect(placed).toEqual({
    outTradeNo: 'MINE0001',
    payment: { ...aPayment, packageVal: 'prepay_id=wx1' },
    prepayId: 'wx1',
    nonceStr: aPayment.nonceStr,
    tradeType: 'JSAPI',
    appid: 'wx0000000000000001',
    mchId: '1900000109',
    totalFee: 100,
    timeExpire: expect.stringMatching(/^\d{14}$/),
  });
});

test('a drawn number that WeChat knows with other parameters is drawn again', async () => {
  const { gateway } = failing(['OUT_TRADE_NO_USED', 'never']);
  const world = memoryDeps(gateway);
  expect(await placeOrder(goods, world.deps, anInvocation())).toMatchObject({
    outTradeNo: drawn(2),
  });
  const first = await world.store.get(drawn(1));
  expect(first).toMatchObject({ status: { state: 'closed', reason: 'OUT_TRADE_NO_USED' } });
});

test('a number that the caller named is never exchanged', async () => {
  const { gateway } = failing(['OUT_TRADE_NO_USED', 'never']);
  const placed = await placeOrder(
    { ...goods, outTradeNo: 'MINE0001' },
    memoryDeps(gateway).deps,
    anInvocation(),
  );
  expect(placed).toMatchObject({ refused: 'OUT_TRADE_NO_USED' });
});

test('a refusal after an attempt of unknown outcome does not burn the order: it may have landed', async () => {
  const { gateway } = failing(['ANSWER_LOST', 'query_first'], ['NO_AUTH', 'never']);
  const world = memoryDeps(gateway);
  const placed = await placeOrder({ ...goods, outTradeNo: 'MINE0001' }, world.deps, anInvocation());
  expect(placed).toMatchObject({ refused: 'NO_AUTH', retry: 'same_request' });
  expect(await world.store.get('MINE0001')).toMatchObject({
    status: { state: 'created' },
    checkAt: plus(30),
  });
});

test('a refusal of a second placer does not burn what the first may have placed', async () => {
  const { gateway } = failing(['NO_AUTH', 'never']);
  const world = memoryDeps(gateway);
  await world.store.insert(anOrder({ outTradeNo: 'MINE0001' }));
  world.pass(7);
  const placed = await placeOrder({ ...goods, outTradeNo: 'MINE0001' }, world.deps, anInvocation());
  expect(placed).toMatchObject({ refused: 'NO_AUTH', retry: 'same_request' });
  expect(await world.store.get('MINE0001')).toMatchObject({
    status: { state: 'created', attempts: 2 },
  });
});

test('one who finds another placing waits, and takes over when the other is late', async () => {
  const { gateway, calls } = failing();
  const world = memoryDeps(gateway);
  await world.store.insert(anOrder({ outTradeNo: 'MINE0001' }));
  const placed = await placeOrder({ ...goods, outTradeNo: 'MINE0001' }, world.deps, anInvocation());
  expect(placed).toMatchObject({ payment: aPayment });
  expect(world.deps.clock.now()).toEqual(plus(6));
  expect(calls()).toBe(1);
});

test('a query written down while WeChat is being called does not cost the prepay id', async () => {
  let calls = 0;
  const world = memoryDeps(
    aGateway({
      requestPrepay: async ({ outTradeNo }) => {
        calls += 1;
        const stored = await world.store.get(outTradeNo);
        if (stored?.kind === 'order') {
          await world.store.replace({ ...stored, queriedAt: plus(1) }, stored.version);
        }
        return aPrepay;
      },
    }),
  );
  const placed = await placeOrder({ ...goods, outTradeNo: 'MINE0001' }, world.deps, anInvocation());
  expect([placed, calls]).toMatchObject([{ payment: aPayment }, 1]);
  expect(await world.store.get('MINE0001')).toMatchObject({
    status: { state: 'paying' },
    queriedAt: plus(1),
  });
});

test('an order whose close was requested while it was placed is not handed out, and stays to be closed', async () => {
  const world = memoryDeps(
    aGateway({
      requestPrepay: async ({ outTradeNo }) => {
        const stored = await world.store.get(outTradeNo);
        if (stored?.kind === 'order') {
          await world.store.replace({ ...stored, closeDueAt: plus(600) }, stored.version);
        }
        return aPrepay;
      },
    }),
  );
  const placed = await placeOrder({ ...goods, outTradeNo: 'MINE0001' }, world.deps, anInvocation());
  expect(placed).toMatchObject({ refused: 'CLOSE_SCHEDULED' });
  expect(await world.store.get('MINE0001')).toMatchObject({ status: { state: 'created' } });
});

test('a service call that names two payers is refused', async () => {
  const world = memoryDeps();
  const input = { ...goods, outTradeNo: 'MINE0001', openid: 'oA', subOpenid: 'oB' };
  const placed = await placeOrder(
    input,
    world.deps,
    anInvocation({ kind: 'service', source: 'scf' }),
  );
  expect(placed).toMatchObject({ refused: 'PARAM_ERROR', field: 'subOpenid' });
});

test('without a price source a user is refused, and shown the ways out', async () => {
  const world = memoryDeps(aGateway(), 'service');
  const refused = await placeOrder(goods, world.deps, anInvocation());
  expect(refused).toMatchObject({ refused: 'PRICE_SOURCE_MISSING' });
  expect(isRefusal(refused) && refused.text).toMatch(/WXPAY_PRICE_SOURCE=quote.*client/);
  expect(world.store.all()).toEqual([]);
});

test('where the phone names no price, the payer still pays what the server has written, as it stands', async () => {
  const { gateway } = failing(['CLOUDPAY_TOKEN_MISSING', 'same_request']);
  const { deps, store } = memoryDeps(gateway, 'service');
  const request = { ...goods, outTradeNo: 'SERVER0001' };
  const server = anInvocation({ kind: 'service', source: 'scf' });
  const written = await placeOrder({ ...request, openid: 'oPayer' }, deps, server);
  expect(written).toMatchObject({ refused: 'CLOUDPAY_TOKEN_MISSING', retry: 'same_request' });
  const { request: frozen } = (await store.get('SERVER0001')) as { request: string };
  const cheaper = await placeOrder({ ...request, totalFee: fen(1) }, deps, anInvocation());
  expect(cheaper).toMatchObject({ refused: 'OUT_TRADE_NO_USED' });
  const stranger = anInvocation({ kind: 'user', openid: 'oOther', source: 'wx_client' });
  expect(await placeOrder(request, deps, stranger)).toMatchObject({
    refused: 'PRICE_SOURCE_MISSING',
  });
  expect(await placeOrder(request, deps, anInvocation())).toMatchObject({ payment: aPayment });
  expect(await store.get('SERVER0001')).toMatchObject({
    request: frozen,
    status: { state: 'paying' },
  });
  const own = await placeOrder({ ...request, outTradeNo: 'PHONE00001' }, deps, anInvocation());
  expect(own).toMatchObject({ refused: 'PRICE_SOURCE_MISSING' });
  expect(await store.get('PHONE00001')).toBeUndefined();
});

test.each(['openid', 'outTradeNo'] as const)('a service call must name %s', async (field) => {
  const { [field]: _missing, ...input } = { ...goods, openid: 'oPayer', outTradeNo: 'MINE0001' };
  const world = memoryDeps(aGateway(), 'service');
  const invocation = anInvocation({ kind: 'service', source: 'scf' });
  expect(await placeOrder(input, world.deps, invocation)).toMatchObject({
    refused: 'PARAM_ERROR',
    field,
  });
  const whole = { ...goods, openid: 'oPayer', outTradeNo: 'MINE0001' };
  expect(await placeOrder(whole, world.deps, invocation)).toMatchObject({ payment: aPayment });
});

test('a repeat with its own expiry is checked by the order it repeats, however near that is by now', async () => {
  const world = memoryDeps();
  const request = { ...goods, outTradeNo: 'MINE0001', timeExpire: plus(600) };
  expect(await placeOrder(request, world.deps, anInvocation())).toMatchObject({
    payment: aPayment,
  });
  world.pass(590);
  expect(await placeOrder(request, world.deps, anInvocation())).toMatchObject({
    payment: aPayment,
  });
  world.pass(10);
  expect(await placeOrder(request, world.deps, anInvocation())).toMatchObject({
    refused: 'ORDER_EXPIRED',
  });
});

test('a paid number that was never ours to pay is reported as paid, by asking', async () => {
  const { gateway } = failing(['ORDERPAID', 'query_first']);
  const paid = aGateway({
    ...gateway,
    queryOrder: async ({ outTradeNo }) =>
      ({
        kind: 'paid',
        via: 'query',
        tradeState: 'SUCCESS',
        transactionId: '420',
        currency: 'CNY',
        outTradeNo,
        totalFee: fen(100),
        mchid: '1900000109',
        paidAt: plus(1),
      }) as never,
  });
  const world = memoryDeps(paid);
  const placed = await placeOrder({ ...goods, outTradeNo: 'MINE0001' }, world.deps, anInvocation());
  expect(placed).toMatchObject({ refused: 'ORDERPAID' });
  expect(await world.store.get('MINE0001')).toMatchObject({ status: { state: 'paid' } });
});

test('an orphan’s number cannot be ordered', async () => {
  const world = memoryDeps();
  const { kind: _k, ...order } = beginOrder(anOrder({ outTradeNo: 'MINE0001' }), '');
  const receipt = {
    transactionId: '1',
    paidAt: plus(0),
    confirmedBy: 'callback',
    confirmedAt: plus(0),
  } as const;
  const { mchid, totalFee, version, checkAt, deliveryAt, events, outTradeNo } = order;
  await world.store.insert({
    kind: 'orphan',
    outTradeNo,
    mchid,
    totalFee,
    version,
    checkAt,
    deliveryAt,
    events,
    receipt,
  });
  const placed = await placeOrder({ ...goods, outTradeNo: 'MINE0001' }, world.deps, anInvocation());
  expect(placed).toMatchObject({ refused: 'OUT_TRADE_NO_USED' });
});

test.each(['SIGN_ERROR', 'MERCHANT_NOT_CONFIGURED', 'API_V3_KEY_WRONG'])(
  'a fault of ours, %s, uses up no number: repaired, the same order is paid',
  async (code) => {
    const { gateway } = failing([code, 'never']);
    const { deps, store } = memoryDeps(gateway);
    const request = { ...goods, outTradeNo: 'MINE0001' };
    const placed = await placeOrder(request, deps, anInvocation());
    expect(placed).toMatchObject({ refused: code, retry: 'never' });
    expect(await store.get('MINE0001')).toMatchObject({ status: { state: 'created' } });
    expect(await placeOrder(request, deps, anInvocation())).toMatchObject({ payment: aPayment });
  },
);

test('while another key pair waits, each hand-out asks WeChat once, and once only', async () => {
  let calls = 0;
  const gateway = aGateway({
    prepayFreshMs: () => 0,
    requestPrepay: async () => {
      calls += 1;
      return { prepayId: `wx${calls}` };
    },
    paymentOf: (_order, prepay) => ({
      ...aPayment,
      package: 'prepayId' in prepay ? `prepay_id=${prepay.prepayId}` : '',
    }),
  });
  const { deps } = memoryDeps(gateway);
  const named = { ...goods, outTradeNo: 'MINE0001' };
  expect(await placeOrder(named, deps, anInvocation())).toMatchObject({ prepayId: 'wx1' });
  expect(await placeOrder(named, deps, anInvocation())).toMatchObject({ prepayId: 'wx2' });
  expect(calls).toBe(2);
});
