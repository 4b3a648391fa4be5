import { expect, test } from 'vitest';
import { anOrder, ordersByState, plus, proof } from '../../../tests/support/orders.ts';
import { aRefundRequest } from '../../../tests/support/refunds.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import { isRefusal, type Result } from '../../contract/answer.ts';
import type { Caller } from '../../contract/callers.ts';
import { fen } from '../../domain/money.ts';
import { orphanOf } from '../../domain/order/conclude.ts';
import type { OrderDocument } from '../../domain/order/order.ts';
import { beginRefund } from '../../domain/order/refund.ts';
import { queryRefund } from '../refund/queryRefund.ts';
import { refundOrder } from '../refund/refundOrder.ts';
import { closeOrder } from './closeOrder.ts';
import { queryOrder } from './queryOrder.ts';

const callers = {
  payer: { kind: 'user', openid: 'oPayer', source: 'wx_client' },
  stranger: { kind: 'user', openid: 'oOther', source: 'wx_client' },
  admin: { kind: 'admin', openid: 'oAdmin', source: 'wx_client' },
  server: { kind: 'service', source: 'scf' },
  timer: { kind: 'timer', source: 'timer' },
} satisfies Record<string, Caller>;

type Call = (
  world: ReturnType<typeof memoryDeps>['deps'],
  invocation: ReturnType<typeof anInvocation>,
) => Promise<Result<object>>;

const outTradeNo = 'T20261124001';
const calls: Record<string, Call> = {
  queryOrder: (deps, by) => queryOrder({ outTradeNo }, deps, by),
  closeOrder: (deps, by) => closeOrder({ outTradeNo }, deps, by),
  refund: (deps, by) => refundOrder({ outTradeNo, refundFee: fen(100) }, deps, by),
  queryRefund: (deps, by) => queryRefund({ outTradeNo }, deps, by),
  'queryRefund by payment': (deps, by) => queryRefund({ transactionId: '420' }, deps, by),
};

/** Makes each call as each caller, over one document; tells who is shown it. */
async function seenBy(document: OrderDocument, names: readonly (keyof typeof callers)[]) {
  const seen: Record<string, string[]> = {};
  for (const [name, call] of Object.entries(calls)) {
    for (const caller of names) {
      const world = memoryDeps(aGateway());
      await world.store.insert(document);
      const answer = await call(world.deps, anInvocation(callers[caller]));
      const isUnknown = isRefusal(answer) && /_NOT_EXIST$/.test(answer.refused);
      if (!isUnknown) seen[caller] = [...(seen[caller] ?? []), name];
    }
  }
  return seen;
}

const everybody = Object.keys(callers) as (keyof typeof callers)[];

test('an order is shown to its payer, admins and the merchant’s server', async () => {
  const refund = beginRefund(aRefundRequest('R1', 100), plus(70));
  const status = { state: 'success', refundId: '503', succeededAt: plus(80) } as const;
  const order = anOrder({ ...ordersByState.paid, refunds: [{ ...refund, status }] });
  const all = Object.keys(calls);
  expect(await seenBy(order, everybody)).toEqual({ payer: all, admin: all, server: all });
});

test('an orphan is shown to nobody, its payer neither: it is no order of ours', async () => {
  const orphan = orphanOf(proof({ via: 'callback' }), plus(60));
  expect(orphan.openid).toBe(callers.payer.openid);
  expect(await seenBy(orphan, everybody)).toEqual({});
});

test('an order without payer in the caller is shown to no caller without openid', async () => {
  const order = anOrder({ ...ordersByState.paid, openid: '' });
  expect(await seenBy(order, ['timer', 'stranger'])).toEqual({});
});

test.each<[string, Caller, string, object]>([
  ['the server that names the payer', callers.server, 'oPayer', { outTradeNo }],
  ['the server that names another user', callers.server, 'oOther', { refused: 'ORDER_NOT_EXIST' }],
  ['the payer', callers.payer, 'oPayer', { outTradeNo }],
  ['a user who names the payer', callers.stranger, 'oPayer', { refused: 'PARAM_ERROR' }],
  ['an admin who names the payer', callers.admin, 'oPayer', { refused: 'PARAM_ERROR' }],
])('an openid in the call of %s', async (_who, caller, openid, expected) => {
  const named = { outTradeNo, openid };
  for (const call of [closeOrder, queryOrder, queryRefund]) {
    const { deps, store } = memoryDeps(aGateway());
    const state = call === closeOrder ? ordersByState.closed : ordersByState.paid;
    await store.insert(anOrder(state));
    expect(await call(named, deps, anInvocation(caller))).toMatchObject(expected);
  }
});

test('a refund that was made elsewhere is none for a payer whom the server names', async () => {
  const gateway = aGateway();
  const { deps, store } = memoryDeps(gateway);
  await store.insert(anOrder(ordersByState.paid));
  const named = { outTradeNo, outRefundNo: 'UNKNOWN1', openid: 'oPayer' };
  expect(await queryRefund(named, deps, anInvocation(callers.server))).toMatchObject({
    refused: 'REFUND_NOT_EXIST',
  });
});
