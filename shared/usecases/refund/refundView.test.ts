import { expect, test } from 'vitest';
import { plus } from '../../../tests/support/orders.ts';
import { aRefundRequest } from '../../../tests/support/refunds.ts';
import { beginRefund, type Refund } from '../../domain/order/refund.ts';
import { refundView } from './refundView.ts';

const refundId = '503';
const common = { outRefundNo: 'R1', refundFee: 40, origin: 'ours' };

test.each<[Refund['status'], object]>([
  [
    { state: 'requested', placingUntil: plus(6), attempts: 1 },
    { state: 'requested', refundStatus: 'PROCESSING' },
  ],
  [
    { state: 'requested', placingUntil: plus(6), attempts: 2, lastErrorCode: 'NOT_ENOUGH' },
    { state: 'requested', refundStatus: 'PROCESSING', lastErrorCode: 'NOT_ENOUGH' },
  ],
  [
    { state: 'processing', refundId },
    { state: 'processing', refundStatus: 'PROCESSING', refundId },
  ],
  [
    { state: 'success', refundId, succeededAt: plus(60) },
    { state: 'success', refundStatus: 'SUCCESS', refundId, successTime: '20261124100100' },
  ],
  [
    { state: 'closed', refundId, closedAt: plus(60) },
    { state: 'closed', refundStatus: 'CLOSED', refundId },
  ],
  [
    { state: 'abnormal', refundId, abnormalAt: plus(60) },
    { state: 'abnormal', refundStatus: 'ABNORMAL', refundId },
  ],
  [
    { state: 'unverified', refundId, unverifiedAt: plus(60) },
    { state: 'unverified', refundStatus: 'PROCESSING', refundId },
  ],
  [
    { state: 'refused', reason: 'NO_AUTH', refusedAt: plus(60) },
    { state: 'refused', refundStatus: 'CLOSED', refusedReason: 'NO_AUTH' },
  ],
])('a refund as callers see it: %j', (status, expected) => {
  const refund: Refund = { ...beginRefund(aRefundRequest(), plus(0)), status };
  expect(refundView(refund)).toStrictEqual({ ...common, ...expected });
  const more: Refund = { ...refund, reason: '不想要了', origin: 'external', transactionId: '421' };
  expect(refundView(more)).toStrictEqual({
    ...common,
    ...expected,
    refundDesc: '不想要了',
    transactionId: '421',
    origin: 'external',
  });
});
