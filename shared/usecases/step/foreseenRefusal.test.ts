import { expect, test } from 'vitest';
import { GatewayError } from '../../ports/gateway.ts';
import { StoreError } from '../../ports/store.ts';
import { foreseenRefusal } from './foreseenRefusal.ts';

// What failed, the advice for an unknown outcome, and the refusal.
test.each([
  [new GatewayError('X', 'never', 'x'), undefined, { refused: 'X', retry: 'never' }],
  [new GatewayError('X', 'same_request', 'x'), undefined, { retry: 'same_request' }],
  [new GatewayError('X', 'query_first', 'x'), undefined, { retry: 'query_first' }],
  [new GatewayError('X', 'never', 'x'), 'same_request', { retry: 'never' }],
  [new GatewayError('X', 'query_first', 'x'), 'same_request', { retry: 'same_request' }],
  [
    new GatewayError('X', 'never', 'x', { requestId: '08-1' }),
    undefined,
    { text: 'x', details: { wechatRequestId: '08-1' } },
  ],
  [new GatewayError('X', 'never', 'x'), undefined, { details: {} }],
  [
    new StoreError('STORE_UNAVAILABLE', 'same_request', 'x'),
    undefined,
    { refused: 'STORE_UNAVAILABLE' },
  ],
  [
    new StoreError('STORE_OUTCOME_UNKNOWN', 'same_request', 'x'),
    undefined,
    { refused: 'STORE_UNAVAILABLE' },
  ],
  [new StoreError('DOCUMENT_NEWER', 'never', 'x'), undefined, { refused: 'INTERNAL_ERROR' }],
  [
    new StoreError('REFUND_NUMBER_USED', 'never', 'x'),
    undefined,
    { refused: 'OUT_REFUND_NO_USED' },
  ],
] as const)('%o, with advice %s, is refused', (error, whenUnknown, expected) => {
  expect(foreseenRefusal(error, whenUnknown)).toMatchObject(expected);
});

test('an answer of WeChat without a number of its own leaves none in the refusal', () => {
  expect(foreseenRefusal(new GatewayError('X', 'never', 'x'))?.details).toStrictEqual({});
});

test('what nobody foresaw is no refusal', () => {
  for (const error of [new TypeError('x'), 'x', undefined]) {
    expect(foreseenRefusal(error)).toBeUndefined();
  }
});
