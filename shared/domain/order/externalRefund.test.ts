import { expect, test } from 'vitest';
import { ordersByState, plus } from '../../../tests/support/orders.ts';
import { aRefundRequest } from '../../../tests/support/refunds.ts';
import { noticeRefund } from './externalRefund.ts';
import type { Order } from './order.ts';
import { beginRefund, type Refund, type RefundStatus } from './refund.ts';

const now = plus(500);
const refundId = '503';
const requested = { state: 'requested', placingUntil: plus(76), attempts: 1 } as const;
const withRefund = (status: RefundStatus, more: Partial<Refund> = {}): Order => {
  const refund = { ...beginRefund(aRefundRequest('R1', 40), plus(70)), status, ...more };
  return { ...ordersByState.paid, refunds: [refund], checkAt: plus(900) };
};

test.each<[string, Order]>([
  ['without refunds', ordersByState.paid],
  ['whose refund was closed', withRefund({ state: 'closed', refundId, closedAt: plus(80) })],
  ['whose refund was refused', withRefund({ state: 'refused', reason: 'X', refusedAt: plus(80) })],
  ['whose refund WeChat certainly has not', withRefund({ ...requested, untakenAttempts: 1 })],
  [
    'with a refund of another payment',
    withRefund({ state: 'success', refundId, succeededAt: plus(80) }, { transactionId: '421' }),
  ],
])('money that went back of an order %s is an event, once', (_what, order) => {
  const noticed = noticeRefund(order, '420', now);
  expect(noticed).toMatchObject({
    refundedExternallyAt: now,
    checkAt: order.checkAt,
    events: [{ type: 'order.refunded_externally', at: now }],
  });
  expect(noticeRefund(noticed, '420', plus(900))).toBe(noticed);
});

test.each<[string, RefundStatus, Partial<Refund>]>([
  ['may have landed', requested, {}],
  ['is in progress', { state: 'processing', refundId }, {}],
  ['is abnormal', { state: 'abnormal', refundId, abnormalAt: plus(80) }, {}],
  ['is of this very payment', { state: 'processing', refundId }, { transactionId: '420' }],
])('a refund that %s explains it, and is asked about at once', (_what, status, more) => {
  const noticed = noticeRefund(withRefund(status, more), '420', now);
  expect(noticed).toMatchObject({ checkAt: now, events: [] });
  expect(noticed).not.toHaveProperty('refundedExternallyAt');
});

test.each<[string, RefundStatus]>([
  ['arrived', { state: 'success', refundId, succeededAt: plus(80) }],
  ['is unverified', { state: 'unverified', unverifiedAt: plus(80) }],
])('a refund that %s explains it, and nothing changes', (_what, status) => {
  const order = withRefund(status);
  expect(noticeRefund(order, '420', now)).toBe(order);
});
