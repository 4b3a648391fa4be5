import { expect, test } from 'vitest';
import { anOrder, aReceipt, ordersByState, plus, proof } from '../../../tests/support/orders.ts';
import { aRefundRequest } from '../../../tests/support/refunds.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import type { Caller } from '../../contract/callers.ts';
import { fen } from '../../domain/money.ts';
import { conclude } from '../../domain/order/conclude.ts';
import { beginRefund } from '../../domain/order/refund.ts';
import { queryRefund } from '../refund/queryRefund.ts';
import { namedOrder } from './namedOrder.ts';

const payer: Caller = { kind: 'user', openid: 'oPayer', source: 'wx_client' };
const server: Caller = { kind: 'service', source: 'scf' };
const { paid, paying } = ordersByState;
const success = { state: 'success', refundId: '503', succeededAt: plus(80) } as const;
const refunded = {
  ...paid,
  refunds: [{ ...beginRefund(aRefundRequest('R1'), plus(70)), status: success }],
};
const { outTradeNo } = paid;
const OTHER = 'OTHER00001';

/** Two orders: one of the payer's that was refunded, and an open one of somebody else's. */
async function open() {
  const world = memoryDeps(aGateway());
  await world.store.insert(refunded);
  await world.store.insert(anOrder({ ...paying, outTradeNo: OTHER, openid: 'oOther' }));
  return world;
}

test.each<[object, object]>([
  [{ outTradeNo }, { outTradeNo }],
  [{ transactionId: '420' }, { outTradeNo }],
  [{ outRefundNo: 'R1' }, { outTradeNo }],
  [{ outTradeNo, transactionId: '420' }, { outTradeNo }],
  [{ outTradeNo, outRefundNo: 'R1' }, { outTradeNo }],
  // The first given counts; a payment that differs is refused by name.
  [
    { outTradeNo, transactionId: '421' },
    { refused: 'PARAM_ERROR', field: 'transactionId' },
  ],
  [{ outTradeNo: OTHER, transactionId: '420' }, { outTradeNo: OTHER }],
  [{ outTradeNo: 'NONE000001', transactionId: '420' }, { refused: 'ORDER_NOT_EXIST' }],
  [{ transactionId: '421' }, { refused: 'ORDER_NOT_EXIST' }],
  [{ outRefundNo: 'R2' }, { refused: 'REFUND_NOT_EXIST' }],
  [{}, { refused: 'REFUND_NOT_EXIST' }],
])('%j names %j', async (named, expected) => {
  const { store } = await open();
  expect(await namedOrder(named, store, anInvocation(server))).toMatchObject(expected);
});

test('each payment of an order names it, also the second one and one in quarantine', async () => {
  const { store } = await open();
  const second = proof({ transactionId: '421', totalFee: fen(90) });
  const twice = conclude(anOrder({ ...paid, outTradeNo: 'TWICE00001' }), second, plus(62)).order;
  const first = { state: 'paid', receipt: { ...aReceipt, transactionId: '430' } } as const;
  await store.insert({ ...twice, status: first });
  for (const transactionId of ['430', '421']) {
    const named = await namedOrder({ transactionId }, store, anInvocation(payer));
    expect(named).toMatchObject({ outTradeNo: 'TWICE00001' });
  }
});

test('a payer names only their own', async () => {
  const { store } = await open();
  const invocation = anInvocation(payer);
  expect(await namedOrder({ outTradeNo: OTHER }, store, invocation)).toMatchObject({
    refused: 'ORDER_NOT_EXIST',
  });
  expect(invocation.fields).toEqual({ outTradeNo: OTHER });
  const found = anInvocation(payer);
  await namedOrder({ outRefundNo: 'R1' }, store, found);
  expect(found.fields).toEqual({ outTradeNo });
});

test('an order that is not paid has no refunds to query at WeChat, under whatever number', async () => {
  const { deps } = await open();
  const asked = queryRefund({ outTradeNo: OTHER }, deps, anInvocation(server));
  expect(await asked).toMatchObject({ outTradeNo: OTHER, refundedFee: 0, refundCount: 0 });
  const named = queryRefund({ outTradeNo: OTHER, outRefundNo: 'R9' }, deps, anInvocation(server));
  expect(await named).toMatchObject({ refused: 'REFUND_NOT_EXIST' });
});
