import { expect, test } from 'vitest';
import { anOrder, aPrepay, ordersByState, plus } from '../../../tests/support/orders.ts';
import { PREPAY_FRESH_MS } from '../limits.ts';
import { releasePlacing, withPrepay } from './order.ts';
import { closableAt, placementOf, scheduleClose } from './placement.ts';

const long = { expiresAt: plus(86_400) };
const paying = ordersByState.paying;
const longPaying = withPrepay(anOrder(long), aPrepay, plus(1));
const quarantine = {
  differs: 'amount',
  transactionId: '1',
  totalFee: paying.totalFee,
  at: plus(2),
} as const;

test.each([
  ['is being placed by another', anOrder(), 3, 'wait'],
  ['whose placer is late', anOrder(), 6, 'prepay'],
  ['whose placer gave up', releasePlacing(anOrder(), plus(1)), 1, 'prepay'],
  ['created, a minute before its expiry', anOrder(), 1740, 'prepay'],
  ['created, later than that', anOrder(), 1741, 'ORDER_EXPIRED'],
  ['with a payment', paying, 10, 'answer'],
  ['with a payment, a second before its expiry', paying, 1799, 'answer'],
  ['at its expiry', paying, 1800, 'ORDER_EXPIRED'],
  ['with a payment of 110 minutes', longPaying, 6600, 'answer'],
  ['with an older payment', longPaying, 6601, 'prepay'],
  [
    'with an old payment, 30 s before its expiry',
    { ...longPaying, expiresAt: plus(8000) },
    7970,
    'ORDER_EXPIRED',
  ],
  ['that is paid', ordersByState.paid, 10, 'ORDERPAID'],
  ['that is closed', ordersByState.closed, 10, 'ORDERCLOSED'],
  ['in quarantine', { ...paying, quarantine }, 10, 'ORDER_QUARANTINED'],
  ['to be closed', scheduleClose(paying, plus(300)), 10, 'CLOSE_SCHEDULED'],
] as const)('who wants to pay an order %s', (_what, order, seconds, to) => {
  const placement = placementOf(order, plus(seconds), PREPAY_FRESH_MS);
  expect(placement.kind === 'refuse' ? placement.code : placement.kind).toBe(to);
});

test('while another key pair waits a prepay id is asked for again, as long as a request may follow', () => {
  expect(placementOf(paying, plus(10), 0)).toEqual({ kind: 'prepay' });
  expect(placementOf(paying, plus(1741), 0)).toMatchObject({ kind: 'answer' });
  const old = { ...longPaying, expiresAt: plus(8000) };
  expect(placementOf(old, plus(7970), 0)).toEqual({ kind: 'refuse', code: 'ORDER_EXPIRED' });
});

test('an order is closed no earlier than its link allows after the prepay answer', () => {
  expect(closableAt(paying)).toEqual(plus(1));
  expect(closableAt({ ...paying, link: 'cloudPay' })).toEqual(plus(301));
  expect(closableAt(paying, 60_000)).toEqual(plus(61));
});

test('one without prepay id only when its request cannot land any more', () => {
  expect(closableAt(anOrder())).toEqual(plus(606));
});

test('a second request to close keeps the first', () => {
  const requested = scheduleClose(paying, plus(300));
  expect(scheduleClose(requested, plus(301))).toBe(requested);
});
