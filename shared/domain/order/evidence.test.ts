import { expect, test } from 'vitest';
import { MEANING_OF_REFUND_STATUS } from '../refund/refundEvidence.ts';
import { meaningOfTradeState } from './evidence.ts';

// A paid order that is taken as closed, or a closed one as paid, is money lost.
test.each([
  ['SUCCESS', 'paid'],
  ['REFUND', 'paid'],
  ['NOTPAY', 'unpaid'],
  ['USERPAYING', 'unpaid'],
  ['CLOSED', 'closed'],
  ['REVOKED', 'failed'],
  ['PAYERROR', 'failed'],
  ['ACCEPT', 'unknown'],
  ['success', 'unknown'],
  ['', 'unknown'],
  ['toString', 'unknown'],
])('an order that WeChat calls %s is %s', (tradeState, kind) => {
  expect(meaningOfTradeState(tradeState)).toBe(kind);
});

test.each([
  ['PROCESSING', 'processing'],
  ['SUCCESS', 'success'],
  ['CLOSED', 'closed'],
  ['ABNORMAL', 'abnormal'],
] as const)('a refund that WeChat calls %s is %s', (status, kind) => {
  expect(MEANING_OF_REFUND_STATUS[status]).toBe(kind);
});
