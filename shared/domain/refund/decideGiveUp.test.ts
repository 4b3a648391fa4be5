import { expect, test } from 'vitest';
import { ordersByState, plus } from '../../../tests/support/orders.ts';
import { aRefundRequest } from '../../../tests/support/refunds.ts';
import type { Order } from '../order/order.ts';
import { beginRefund, type Refund, type RefundStatus, refundedFee } from '../order/refund.ts';
import { decideGiveUp } from './decideGiveUp.ts';

const who = { outRefundNo: 'R1', by: 'oAdmin', reason: '客户改变主意' };
const requested = { state: 'requested', placingUntil: plus(76), attempts: 1 } as const;
const untaken = { ...requested, untakenAttempts: 1 };
const withRefund = (status: RefundStatus): Order => {
  const refund: Refund = { ...beginRefund(aRefundRequest('R1', 40), plus(70)), status };
  return { ...ordersByState.paid, refunds: [refund] };
};

test.each<[string, RefundStatus, { seconds: number; isNotFound: boolean }]>([
  ['that WeChat certainly did not take', untaken, { seconds: 76, isNotFound: false }],
  ['whose attempts are gone', requested, { seconds: 76 + 600, isNotFound: true }],
])('a refund %s is given up: its sum is free, and who decided it is kept', (_what, status, how) => {
  const order = withRefund(status);
  const now = plus(how.seconds);
  const given = decideGiveUp(order, { ...who, isNotFound: how.isNotFound }, now);
  const refused = { state: 'refused', reason: 'GIVEN_UP', refusedAt: now };
  expect(given).toMatchObject({
    outcome: 'refund_given_up',
    refund: { outRefundNo: 'R1', status: refused },
    order: {
      checkAt: null,
      refunds: [{ status: refused }],
      events: [{ type: 'refund.given_up', about: 'R1' }],
      decisions: [
        { decision: 'giveUpRefund', about: 'R1', by: who.by, reason: who.reason, at: now },
      ],
    },
  });
  expect(refundedFee(given.order.refunds)).toBe(0);
  const again = decideGiveUp(given.order, { ...who, isNotFound: false }, plus(9000));
  expect(again).toMatchObject({ outcome: 'refund_given_up', refund: { status: refused } });
  expect(again.order, 'twice is once').toBe(given.order);
});

const refundId = '503';
const at = plus(80);
test.each<[string, RefundStatus, { seconds?: number; isNotFound?: boolean }, object]>([
  ['is being sent', requested, { seconds: 75.999 }, { code: 'REFUND_PLACING' }],
  ['is being sent once more', untaken, { seconds: 75.999 }, { code: 'REFUND_PLACING' }],
  [
    'was sent, and may land still',
    requested,
    { seconds: 76 + 599.999, isNotFound: true },
    { code: 'REFUND_UNCERTAIN', retryAt: plus(676) },
  ],
  [
    'was sent, and WeChat was not asked',
    requested,
    { seconds: 9000 },
    { code: 'REFUND_UNCERTAIN', retryAt: plus(676) },
  ],
  ['is in progress', { state: 'processing', refundId }, {}, { code: 'REFUND_TAKEN' }],
  ['arrived', { state: 'success', refundId, succeededAt: at }, {}, { code: 'REFUND_TAKEN' }],
  ['is abnormal', { state: 'abnormal', refundId, abnormalAt: at }, {}, { code: 'REFUND_TAKEN' }],
  ['was closed', { state: 'closed', refundId, closedAt: at }, {}, { code: 'REFUND_TAKEN' }],
  ['is unverified', { state: 'unverified', unverifiedAt: at }, {}, { code: 'REFUND_TAKEN' }],
])('a refund that %s is not given up, and nothing changes', (_what, status, how, refusal) => {
  const order = withRefund(status);
  const { seconds = 9000, isNotFound = false } = how;
  const given = decideGiveUp(order, { ...who, isNotFound }, plus(seconds));
  expect(given).toMatchObject({ outcome: 'refused', refusal });
  expect(given.order).toBe(order);
});

test('a number without a refund is none to give up', () => {
  const order = withRefund(requested);
  expect(decideGiveUp(order, { ...who, outRefundNo: 'R2', isNotFound: true }, plus(9000))).toEqual({
    outcome: 'refused',
    order,
    refusal: { code: 'REFUND_NOT_EXIST' },
  });
});
