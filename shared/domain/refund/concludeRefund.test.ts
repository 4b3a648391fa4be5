import { expect, test } from 'vitest';
import { ordersByState, plus, proof } from '../../../tests/support/orders.ts';
import { aRefundRequest, refundProof } from '../../../tests/support/refunds.ts';
import { conclude } from '../order/conclude.ts';
import type { Order } from '../order/order.ts';
import { beginRefund, isFinal, type Refund, type RefundState } from '../order/refund.ts';
import { concludeRefund } from './concludeRefund.ts';
import { hasRefundEnded, refundOf } from './requestRefund.ts';

const { paid } = ordersByState;
const now = plus(100);
const begun = beginRefund(aRefundRequest(), plus(70));
const refundId = '503-R1';
const statuses: Record<RefundState, Refund['status']> = {
  requested: begun.status,
  processing: { state: 'processing', refundId },
  success: { state: 'success', refundId, succeededAt: plus(80) },
  closed: { state: 'closed', refundId, closedAt: plus(80) },
  abnormal: { state: 'abnormal', refundId, abnormalAt: plus(80) },
  unverified: { state: 'unverified', refundId, unverifiedAt: plus(80) },
  refused: { state: 'refused', reason: 'NO_AUTH', refusedAt: plus(80) },
};
const withOne = (state: RefundState): Order => ({
  ...paid,
  refunds: [{ ...begun, status: statuses[state] }],
});

test('who begins a refund has it to itself for six seconds', () => {
  expect(begun).toMatchObject({
    requestedAt: plus(70),
    origin: 'ours',
    status: { state: 'requested', placingUntil: plus(76), attempts: 1 },
  });
});

test.each<[RefundState, boolean]>([
  ['requested', false],
  ['processing', false],
  ['success', true],
  ['closed', true],
  ['abnormal', false],
  ['unverified', false],
  ['refused', false],
])('a %s refund has ended at WeChat: %s', (state, ended) => {
  expect(isFinal({ ...begun, status: statuses[state] })).toBe(ended);
  expect(hasRefundEnded(withOne(state), 'R1')).toBe(ended);
  expect(hasRefundEnded(withOne(state), 'R2'), 'a number that the order has not').toBe(false);
  expect(hasRefundEnded(paid, 'R1'), 'an order without refunds').toBe(false);
});

// What is concluded of each state, when WeChat says: processing, success, closed, abnormal.
const progress = 'refund_processing';
const known = 'refund_known';
test.each<[RefundState, string, string, string, string]>([
  ['requested', progress, 'refund_success', 'refund_closed', 'refund_abnormal'],
  ['processing', progress, 'refund_success', 'refund_closed', 'refund_abnormal'],
  ['success', progress, known, known, known],
  ['closed', progress, 'refund_success', known, known],
  ['abnormal', progress, 'refund_success', 'refund_closed', known],
  ['unverified', progress, 'refund_success', 'refund_closed', 'refund_abnormal'],
  ['refused', progress, 'refund_success', 'refund_closed', 'refund_abnormal'],
])('of a %s refund is concluded: %s, %s, %s, %s', (state, ...outcomes) => {
  const kinds = ['processing', 'success', 'closed', 'abnormal'] as const;
  const concluded = kinds.map((kind) => concludeRefund(withOne(state), refundProof({ kind }), now));
  expect(concluded.map(({ outcome }) => outcome)).toEqual(outcomes);
});

test('a word of WeChat that we do not know is reported with the number of the refund', () => {
  const evidence = refundProof({ kind: 'unknown', refundStatus: 'FROZEN' });
  const { outcome, order } = concludeRefund(withOne('processing'), evidence, now);
  expect(outcome).toBe('refund_unknown_state');
  expect(order.events).toMatchObject([{ type: 'refund.unknown_state', about: 'R1 FROZEN' }]);
});

test('an answer that differs is reported with the number of the refund and what differs', () => {
  const { order } = concludeRefund(withOne('processing'), refundProof({ mchid: '1' }), now);
  expect(order.events).toMatchObject([{ type: 'refund.mismatch', about: 'R1 mchid' }]);
});

test('a refund of a second payment that comes before the payment waits for it, and is recorded then', () => {
  const evidence = refundProof({ transactionId: '421', outRefundNo: 'X9' });
  expect(concludeRefund(paid, evidence, now)).toEqual({
    outcome: 'refund_before_payment',
    order: paid,
  });
  const both = conclude(paid, proof({ transactionId: '421' }), now).order;
  const { outcome, order } = concludeRefund(both, evidence, now);
  expect(outcome).toBe('refund_success');
  expect(order.refunds).toMatchObject([{ outRefundNo: 'X9', transactionId: '421' }]);
});

test('a refund of a second payment of which only the event was kept is reported, for nothing more comes', () => {
  const full = Array.from({ length: 12 }, (_, i) => proof({ transactionId: `42${i + 1}` }));
  const order = full.reduce((before, each) => conclude(before, each, now).order, paid);
  const evidence = refundProof({ transactionId: '4212', outRefundNo: 'X9' });
  const { outcome, order: after } = concludeRefund(order, evidence, now);
  expect(outcome).toBe('refund_mismatch');
  expect(after.events.at(-1)).toMatchObject({
    type: 'refund.mismatch',
    about: 'X9 transactionId',
  });
});

test('an answer that leaves out currency and merchant agrees in them', () => {
  const { currency: _c, ...bare } = refundProof();
  const { order } = concludeRefund(withOne('processing'), bare, now);
  expect(refundOf(order, 'R1')?.status.state).toBe('success');
});
