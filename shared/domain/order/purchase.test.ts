import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anOrder, ordersByState, plus, proof } from '../../../tests/support/orders.ts';
import { conclude } from './conclude.ts';
import { nextCheckOf } from './nextCheck.ts';
import { OUT_TRADE_NO } from './outTradeNo.ts';
import { attemptOf, isSecondPayment, numberOfAttempt, PURCHASE_ATTEMPTS_MAX } from './purchase.ts';

const purchaseIds = fc.string({ unit: 'binary' });
const numberOf = (attempt: number) => numberOfAttempt('采购 17', attempt);

test('the number of an attempt is the same for ever', () => {
  // Worked out apart from the code: the first 125 bits of the hash, five by five.
  expect(numberOf(1)).toBe('P166G9YNE4FRFQGV63HP625GQ8_1');
});

test('a number says its attempt, and fits into WeChat’s form', () => {
  fc.assert(
    fc.property(purchaseIds, fc.integer({ min: 1, max: 99_999 }), (of, attempt) => {
      const number = numberOfAttempt(of, attempt);
      expect(number).toMatch(OUT_TRADE_NO);
      expect(attemptOf(number)).toBe(attempt);
    }),
  );
  expect(PURCHASE_ATTEMPTS_MAX).toBeLessThan(99_999);
});

test('purchases that differ have other numbers', () => {
  fc.assert(
    fc.property(purchaseIds, purchaseIds, (one, other) => {
      expect(numberOfAttempt(one, 1) === numberOfAttempt(other, 1)).toBe(one === other);
    }),
  );
});

test.each(['T20261124001', 'P0000000000000000000000000_0', 'P0000000000000000000000000_', 'p'])(
  'no purchase has the number %s',
  (number) => expect(attemptOf(number)).toBeUndefined(),
);

const at = (attempt: number, seconds: number) => {
  return { outTradeNo: numberOf(attempt), paidAt: plus(seconds) };
};
test.each([
  ['later', at(1, 2), at(2, 1), true],
  ['earlier', at(2, 1), at(1, 2), false],
  ['of a later attempt, in the same second', at(2, 1), at(1, 1), true],
  ['of an earlier attempt, in the same second', at(1, 1), at(2, 1), false],
])('a payment that is %s than another is the second one: %o', (_what, one, other, isSecond) => {
  expect(isSecondPayment(one, other)).toBe(isSecond);
});

const paid = (order = anOrder(), more = {}) => {
  const { outTradeNo } = order;
  return conclude(order, proof({ outTradeNo, ...more }), plus(100)).order;
};
test.each([
  ['that belongs to no purchase', anOrder(), undefined],
  ['of no purchase, closed before', ordersByState.closed, undefined],
  [
    'that is the first of its purchase',
    anOrder({ outTradeNo: numberOf(1), purchaseId: 'x' }),
    undefined,
  ],
  [
    'that was closed before',
    { ...ordersByState.closed, outTradeNo: numberOf(1), purchaseId: 'x' },
    plus(100),
  ],
  ['that is not the first', anOrder({ outTradeNo: numberOf(2), purchaseId: 'x' }), plus(100)],
])('once paid, an order %s has its siblings looked at: %o', (_what, order, siblingsDueAt) => {
  const after = paid(order);
  expect(after.siblingsDueAt).toEqual(siblingsDueAt);
  expect(after.checkAt).toEqual(siblingsDueAt ? plus(160) : null);
});

test('the timer looks a minute after the payment, then later and later, in 10 minutes at the latest', () => {
  const order = paid(anOrder({ outTradeNo: numberOf(2), purchaseId: 'x' }));
  expect(nextCheckOf(order, plus(130))).toEqual(plus(160));
  expect(nextCheckOf(order, plus(160))).toEqual(plus(220));
  expect(nextCheckOf(order, plus(560))).toEqual(plus(660));
  expect(nextCheckOf(order, plus(160 + 7200))).toEqual(plus(160 + 7200 + 600));
});
