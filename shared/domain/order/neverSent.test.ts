import { expect, test } from 'vitest';
import { anOrder, ordersByState, plus, unpaid } from '../../../tests/support/orders.ts';
import { aRefundRequest } from '../../../tests/support/refunds.ts';
import { conclude, concludeNeverSent } from './conclude.ts';
import { isUrgent, nextCheckOf } from './nextCheck.ts';
import { isNeverSent, type Order, sentAttempts, takeOverPlacing, withoutSending } from './order.ts';
import { closableAt } from './placement.ts';
import { beginRefund, type Refund } from './refund.ts';

const { paying, paid, closed } = ordersByState;
/** Made in each test, not while this file is read: a fault in them is then a test that fails. */
const written = () => withoutSending(anOrder());
const sentLater = () => takeOverPlacing(written(), plus(20));

test.each<[string, () => Order, number, boolean]>([
  ['placed', anOrder, 1, false],
  ['written and not sent', written, 0, true],
  ['written, and sent by the next caller', sentLater, 1, false],
  ['written by two callers and sent by none', () => withoutSending(sentLater()), 0, true],
  [
    'sent, then taken over by one that could not send',
    () => withoutSending(takeOverPlacing(anOrder(), plus(20))),
    1,
    false,
  ],
  ['payable', () => paying, 1, false],
  ['closed', () => closed, 1, false],
])('of an order that is %s WeChat may have seen %s attempts', (_what, orderOf, attempts, never) => {
  const order = orderOf();
  expect(sentAttempts(order)).toBe(attempts);
  expect(isNeverSent(order)).toBe(never);
});

test('what has a prepay id was sent, whoever is at it now', () => {
  expect(withoutSending(paying)).toBe(paying);
});

test('an order that was never sent may be closed at any time, and has nothing to ask before its end', () => {
  const order = written();
  expect(closableAt(order)).toEqual(order.createdAt);
  expect(nextCheckOf(order, plus(30))).toEqual(plus(1800));
  expect(nextCheckOf({ ...order, expiresAt: plus(86_400) }, plus(700))).toEqual(plus(86_400));
});

const missing = unpaid('not_found', 'ORDER_NOT_EXIST');

test.each([
  [1799.999, 'unpaid', 'created'],
  [1800, 'closed', 'closed'],
])(
  'that WeChat does not know what was never sent ends it at its expiry alone: %d s',
  (atS, outcome, state) => {
    const verdict = conclude(written(), missing, plus(atS));
    expect(verdict.outcome).toBe(outcome);
    expect(verdict.order.status.state).toBe(state);
  },
);

test('what was never sent is closed without asking, what was sent is not', () => {
  const { outcome, order } = concludeNeverSent(written(), plus(1800));
  expect([outcome, order.status]).toMatchObject(['closed', { state: 'closed', reason: 'expired' }]);
  expect(concludeNeverSent(written(), plus(60)).order.status).toMatchObject({ reason: 'CLOSED' });
  const sent = sentLater();
  expect(concludeNeverSent(sent, plus(1800))).toEqual({ outcome: 'unpaid', order: sent });
});

const refund = (status: Refund['status']): Refund => ({
  ...beginRefund(aRefundRequest(), plus(70)),
  status,
});
const pending = refund({ state: 'processing', refundId: '5' });
const done = refund({ state: 'success', refundId: '5', succeededAt: plus(80) });
const checkAt = plus(90);

test.each<[string, Order, boolean]>([
  ['with nothing to check', { ...paying, closeDueAt: plus(9), checkAt: null }, false],
  ['that may be paid still', { ...paying, checkAt: plus(1799.999) }, false],
  ['that is checked at its end', { ...paying, checkAt: plus(1800) }, true],
  ['that was placed and is checked after its end', { ...anOrder(), checkAt: plus(1801) }, true],
  ['whose close was requested', { ...paying, closeDueAt: plus(9), checkAt }, true],
  ['that is paid, with a refund under way', { ...paid, refunds: [done, pending], checkAt }, true],
  ['that is paid, with all refunds done', { ...paid, refunds: [done], checkAt: plus(1801) }, false],
  ['that is paid', { ...paid, closeDueAt: plus(9), checkAt: plus(1801) }, false],
  ['that is closed', { ...closed, checkAt: plus(1801) }, false],
])('an order %s holds money: %s', (_what, order, urgent) => {
  expect(isUrgent(order)).toBe(urgent);
});
