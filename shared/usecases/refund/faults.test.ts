import { expect, test } from 'vitest';
import { ordersByState, plus } from '../../../tests/support/orders.ts';
import { aRefundRequest, refundProof } from '../../../tests/support/refunds.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import { fen } from '../../domain/money.ts';
import type { Order } from '../../domain/order/order.ts';
import { beginRefund, type Refund } from '../../domain/order/refund.ts';
import { type Gateway, GatewayError } from '../../ports/gateway.ts';
import { StoreError } from '../../ports/store.ts';
import { queryRefund } from './queryRefund.ts';
import { refundOrder } from './refundOrder.ts';

const { paid } = ordersByState;
const { outTradeNo } = paid;
const service = { kind: 'service', source: 'http' } as const;
const merchantCard = { type: 'MERCHANT_BANK_CARD' } as const;
const refundId = '503-R1';
const aRefund = (status: Refund['status']): Refund => ({
  ...beginRefund(aRefundRequest('R1', 40), plus(1)),
  status,
});
const abnormal: Order = {
  ...paid,
  refunds: [aRefund({ state: 'abnormal', refundId, abnormalAt: plus(2) })],
};
const processing: Order = { ...paid, refunds: [aRefund({ state: 'processing', refundId })] };
const orphaned: Order = {
  ...paid,
  refunds: [aRefund({ state: 'requested', placingUntil: plus(7), attempts: 1 })],
};

type World = ReturnType<typeof memoryDeps>;
const named = { outTradeNo, outRefundNo: 'R1', refundFee: fen(40) };

/** The calls about refunds, each with an order that has it ask WeChat. */
const calls: [string, Order, (world: World, more?: object) => Promise<unknown>][] = [
  [
    'a refund',
    paid,
    ({ deps }, more) => refundOrder({ ...named, ...more }, deps, anInvocation(service)),
  ],
  [
    'a refund whose sender is gone',
    orphaned,
    ({ deps }, more) => refundOrder({ ...named, ...more }, deps, anInvocation(service)),
  ],
  [
    'an abnormal refund',
    abnormal,
    ({ deps }, more) =>
      refundOrder({ ...named, abnormal: merchantCard, ...more }, deps, anInvocation(service)),
  ],
  [
    'a query',
    processing,
    ({ deps }, more) => queryRefund({ outTradeNo, ...more }, deps, anInvocation(service)),
  ],
];

async function open(order: Order, gateway: Partial<Gateway>) {
  const world = memoryDeps(aGateway(gateway), 'service');
  await world.store.insert(order);
  world.pass(700);
  return world;
}

test.each(calls)(
  'a fault of ours in %s is thrown, not answered as WeChat’s',
  async (_name, order, call) => {
    const fault = new TypeError('x');
    const fail = async () => Promise.reject(fault);
    const world = await open(order, {
      refund: fail,
      queryRefund: fail,
      applyAbnormalRefund: fail,
    });
    await expect(call(world)).rejects.toBe(fault);
  },
);

test('and so is one in the query that follows a lost answer', async () => {
  const fault = new TypeError('x');
  const world = await open(paid, {
    refund: async () => Promise.reject(new GatewayError('ANSWER_LOST', 'query_first', 'x')),
    queryRefund: async () => Promise.reject(fault),
  });
  const refunded = refundOrder(named, world.deps, anInvocation(service));
  await expect(refunded).rejects.toBe(fault);
});

test.each(calls)(
  '%s is answered that the database is away, and the same may be asked again',
  async (_name, order, call) => {
    const world = await open(order, {});
    const away = async () =>
      Promise.reject(new StoreError('STORE_UNAVAILABLE', 'same_request', 'x'));
    const answer = async () => {
      world.deps.store = Object.assign(world.deps.store, { replace: away, get: away });
      return refundProof();
    };
    world.deps.gatewayOf = () =>
      aGateway({ refund: answer, queryRefund: answer, applyAbnormalRefund: answer });
    expect(await call(world)).toMatchObject({
      refused: 'STORE_UNAVAILABLE',
      retry: 'same_request',
    });
  },
);

test.each(calls)(
  '%s of another merchant is refused before WeChat is called',
  async (_name, order, call) => {
    const world = await open(order, {});
    const refused = { refused: 'PARAM_ERROR', field: 'subMchId' };
    expect(await call(world, { subMchId: '1999999999' })).toMatchObject(refused);
  },
);

test.each([
  ['of another amount', { refundFee: fen(41) }, 'refund_mismatch', 'error'],
  [
    'with a status that is new',
    { kind: 'unknown', refundStatus: 'NEW' },
    'refund_unknown_state',
    'error',
  ],
  ['in progress', { kind: 'processing' }, 'refund_processing', undefined],
] as const)(
  'an answer %s is logged for who has to look, each time',
  async (_what, more, outcome, level) => {
    const answer = async () => refundProof(more);
    const world = await open(paid, { refund: answer, queryRefund: answer });
    const seen: unknown[] = [];
    for (let time = 0; time < 2; time += 1) {
      const invocation = anInvocation(service);
      await refundOrder(named, world.deps, invocation);
      await queryRefund({ outTradeNo }, world.deps, invocation);
      seen.push([invocation.fields.outcome, invocation.fields.level]);
      world.pass(60);
    }
    expect(seen).toEqual([
      [outcome, level],
      [outcome, level],
    ]);
  },
);
