import { expect, test } from 'vitest';
import { ordersByState, plus, proof } from '../../../tests/support/orders.ts';
import { aRefundRequest, refundProof } from '../../../tests/support/refunds.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import { fen } from '../../domain/money.ts';
import { conclude } from '../../domain/order/conclude.ts';
import type { Order } from '../../domain/order/order.ts';
import { beginRefund, type Refund } from '../../domain/order/refund.ts';
import { type Gateway, GatewayError, type OrderIds } from '../../ports/gateway.ts';
import { queryRefund } from './queryRefund.ts';

const { paid } = ordersByState;
const { outTradeNo } = paid;
const service = { kind: 'service', source: 'http' } as const;
const processing = { state: 'processing', refundId: '503' } as const;
const aRefund = (outRefundNo: string, more: Partial<Refund> = {}): Refund => ({
  ...beginRefund(aRefundRequest(outRefundNo, 10), plus(1)),
  status: processing,
  ...more,
});
const ended = { status: { state: 'success', refundId: '503', succeededAt: plus(9) } } as const;

/** An order with refunds, and a WeChat Pay that notes of which it is asked. */
async function open(order: Order, answer?: Gateway['queryRefund']) {
  const asked: [string, string][] = [];
  const gateway = aGateway({
    queryRefund: async (ids: OrderIds, outRefundNo, ms) => {
      asked.push([ids.mchid, outRefundNo]);
      const evidence = { kind: 'processing', outRefundNo, refundId: '503' } as const;
      return answer?.(ids, outRefundNo, ms) ?? refundProof({ ...evidence, refundFee: fen(10) });
    },
  });
  const world = memoryDeps(gateway, 'service');
  await world.store.insert(order);
  world.pass(100);
  return {
    asked,
    version: async () => (await world.store.get(outTradeNo))?.version,
    query: (input: object = { outTradeNo }) =>
      queryRefund(input, world.deps, anInvocation(service)),
  };
}

const mixed: Order = { ...paid, refunds: [aRefund('R1', ended), aRefund('R2'), aRefund('R3')] };

test.each<[object, string[]]>([
  [{ outTradeNo }, ['R2', 'R3']],
  [{ outRefundNo: 'R3' }, ['R3']],
  [{ outRefundNo: 'R1' }, []],
])('%j asks WeChat only of what is named and not over: %j', async (input, asked) => {
  const at = await open(mixed);
  await at.query(input);
  expect(at.asked.map(([, no]) => no)).toEqual(asked);
});

test.each([
  ['an order without refunds', paid],
  ['an order whose refunds are over', { ...paid, refunds: [aRefund('R1', ended)] }],
])('of %s nothing is asked and nothing written', async (_what, order) => {
  const at = await open(order);
  expect(await at.query()).toMatchObject({ refundCount: order.refunds?.length ?? 0 });
  expect([at.asked, await at.version()]).toEqual([[], 1]);
});

test('the answer names the payment, its sum, what went back, and that some of it did elsewhere', async () => {
  const at = await open({ ...mixed, refundedExternallyAt: plus(50) });
  expect(await at.query({ outRefundNo: 'R1' })).toMatchObject({
    outTradeNo,
    transactionId: '420',
    appid: 'wx0000000000000001',
    mchId: '1900000109',
    totalFee: 100,
    refundedFee: 30,
    refundedExternally: true,
    refundCount: 1,
  });
});

test('a query that names nothing is refused at the number', async () => {
  const at = await open(mixed);
  expect(await at.query({})).toMatchObject({ refused: 'PARAM_ERROR', field: 'outRefundNo' });
});

test.each(['SYSTEM_ERROR', 'NO_AUTH'])(
  'WeChat fails with %s: that is answered, never what was known before as if it were news',
  async (code) => {
    const at = await open(mixed, async () => {
      throw new GatewayError(code, 'never', 'x');
    });
    expect(await at.query()).toMatchObject({ refused: code });
  },
);

test('a refund of a payment that another merchant took is asked about at that merchant', async () => {
  const { order } = conclude(ordersByState.paying, proof({ mchid: '1900000222' }), plus(60));
  const quarantined = { ...order, refunds: [aRefund('P420', { transactionId: '420' })] } as Order;
  const at = await open(quarantined);
  await at.query();
  expect(at.asked).toEqual([['1900000222', 'P420']]);
});
