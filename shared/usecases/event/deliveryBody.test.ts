import { expect, test } from 'vitest';
import { anOrder, ordersByState, plus, proof } from '../../../tests/support/orders.ts';
import { deliveryBody } from '../../contract/event/delivery.ts';
import { decideAccept } from '../../domain/attention/decideAccept.ts';
import { fen } from '../../domain/money.ts';
import { conclude, orphanOf } from '../../domain/order/conclude.ts';
import { type OrderEventType, withEvent } from '../../domain/order/event.ts';
import type { OrderDocument } from '../../domain/order/order.ts';
import type { Refund, RefundStatus } from '../../domain/order/refund.ts';
import { deliveryBodyOf } from './deliveryBody.ts';

const paid = { ...ordersByState.paid, attach: '桌号 7' };
const refundOf = (outRefundNo: string, refundFee: number, status: RefundStatus): Refund => ({
  outRefundNo,
  refundFee: fen(refundFee),
  request: '',
  requestedAt: plus(70),
  origin: 'ours',
  status,
});
/** Adds an event to a document, and makes its body. */
function sent(document: OrderDocument, type: OrderEventType, about?: string) {
  const after = withEvent(document, type, plus(80), about);
  const event = after.events.at(-1);
  if (!event) throw new Error('no event');
  const body = deliveryBodyOf(after, event);
  expect(deliveryBody.parse(JSON.parse(JSON.stringify(body)))).toEqual(body);
  return body;
}

test('a paid order is sent with all that the next step needs', () => {
  expect(sent(paid, 'order.paid')).toEqual({
    type: 'order.paid',
    timestamp: plus(80).toISOString(),
    data: {
      payloadVersion: 1,
      eventId: 'T20261124001.1',
      seq: 1,
      outTradeNo: 'T20261124001',
      mchid: '1900000109',
      appid: 'wx0000000000000001',
      link: 'apiV3',
      openid: 'oPayer',
      body: '咖啡',
      attach: '桌号 7',
      totalFee: 100,
      state: 'paid',
      transactionId: '420',
      paidAt: plus(60).toISOString(),
    },
  });
});

test('an order of a purchase is sent with what was bought, and with the trace of its first call', () => {
  const { data } = sent({ ...paid, purchaseId: 'cart-7', traceId: 'r-1' }, 'order.paid');
  expect(data).toMatchObject({ purchaseId: 'cart-7', traceId: 'r-1' });
});

test('a refund is sent with its number, its sum and what all refunds took', () => {
  const refunds = [
    refundOf('R1', 30, { state: 'success', refundId: '50', succeededAt: plus(75) }),
    refundOf('R2', 20, { state: 'processing', refundId: '51' }),
    refundOf('R3', 10, { state: 'requested', placingUntil: plus(90), attempts: 1 }),
    refundOf('R4', 40, { state: 'closed', refundId: '52', closedAt: plus(75) }),
    // Of a second payment: nothing of the order's own went back by it.
    { ...refundOf('R5', 90, { state: 'processing', refundId: '53' }), transactionId: '421' },
  ];
  const document = { ...paid, refunds, refundedExternallyAt: plus(79) };
  expect(sent(document, 'refund.success', 'R1').data).toMatchObject({
    about: 'R1',
    refundedFee: 50,
    refundedExternally: true,
    refund: { outRefundNo: 'R1', refundFee: 30, status: 'success', refundId: '50' },
  });
  const { refund } = sent(document, 'refund.mismatch', 'R3 refundFee').data;
  expect(refund).toEqual({ outRefundNo: 'R3', refundFee: 10, status: 'requested' });
  expect(sent(document, 'refund.unknown_at_wechat', 'R9').data.refund).toBeUndefined();
  expect(sent(document, 'order.duplicate_payment', 'R1').data.refund).toBeUndefined();
});

test('a payment that differs is sent with its number, and of what the order agreed to', () => {
  const evidence = proof({ transactionId: '421', totalFee: fen(1) });
  const { order } = conclude(ordersByState.paying, evidence, plus(70));
  const [event] = order.events;
  if (!event) throw new Error('no event');
  expect(deliveryBodyOf(order, event)).toMatchObject({
    type: 'order.mismatch',
    data: { about: 'amount', state: 'paying', totalFee: 100, transactionId: '421' },
  });
});

test.each([
  ['less', 1, 1, { paidFee: 1, refundedFee: 1 }],
  ['more', 200, 100, { paidFee: 200, refundedFee: 100 }],
  ['as much', 100, undefined, {}],
])(
  'a payment of %s that a person accepted is sent with what was paid',
  (_what, paidFee, refunded, expected) => {
    const evidence = proof({ totalFee: fen(paidFee), openid: 'oOther' });
    const { order: differing } = conclude(ordersByState.paying, evidence, plus(70));
    const who = { by: 'oAdmin', reason: 'ok' };
    const { order } = decideAccept(differing, { transactionId: '420', ...who }, plus(75));
    const succeeded = { state: 'success', refundId: '50', succeededAt: plus(78) } as const;
    const refunds = refunded === undefined ? [] : [refundOf('R1', refunded, succeeded)];
    const { state, paidFee: sum, refundedFee } = sent({ ...order, refunds }, 'refund.success').data;
    expect({ state, paidFee: sum, refundedFee }).toEqual({ state: 'paid', ...expected });
  },
);

test('an unpaid order has no payment', () => {
  const { data } = sent(anOrder({ attach: '' }), 'order.closed', 'expired');
  expect(data).toMatchObject({ state: 'created', about: 'expired' });
  expect(Object.keys(data)).not.toContain('transactionId');
  expect(Object.keys(data)).not.toContain('attach');
});

test('an orphan has what WeChat named, and no sum where it named none', () => {
  const whole = orphanOf(proof(), plus(70));
  expect(sent(whole, 'order.orphan').data).toMatchObject({
    state: 'orphan',
    totalFee: 100,
    transactionId: '420',
    openid: 'oPayer',
  });
  const { openid: _o, appid: _a, totalFee: _t, ...bare } = whole;
  const { data } = sent(bare, 'refund.external', 'R9');
  expect(Object.keys(data).sort()).toEqual(
    ['about', 'eventId', 'mchid', 'outTradeNo', 'paidAt', 'payloadVersion', 'seq', 'state'].concat(
      'transactionId',
    ),
  );
});
