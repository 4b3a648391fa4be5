import { expect, test } from 'vitest';
import { anOrder, aPrepay, ordersByState, plus, proof } from '../../../tests/support/orders.ts';
import { aRefundRequest } from '../../../tests/support/refunds.ts';
import type { Decision } from '../decision.ts';
import { fen } from '../money.ts';
import { orphanOf } from './conclude.ts';
import { checkNow, isUrgent, isWorthQuerying, nextCheckOf, withNextCheck } from './nextCheck.ts';
import {
  beginOrder,
  type Order,
  type OrderDocument,
  releasePlacing,
  takeOverPlacing,
  withPrepay,
} from './order.ts';
import { beginRefund, type Refund } from './refund.ts';

const { created, paying, paid, closed } = ordersByState;
const quarantine = {
  differs: 'amount',
  transactionId: '420',
  totalFee: fen(1),
  at: plus(5),
} as const;
const refund = (status: Refund['status'], requestedS: number): Refund => ({
  ...beginRefund(aRefundRequest(`R${requestedS}`), plus(requestedS)),
  status,
});
const processing = { state: 'processing', refundId: '503' } as const;
const success = { state: 'success', refundId: '503', succeededAt: plus(100) } as const;
const abnormal = { state: 'abnormal', refundId: '503', abnormalAt: plus(100) } as const;

const leftAt = (seconds: number): Decision => ({
  decision: 'leave',
  attention: 'refund_abnormal',
  about: 'R100',
  by: 'oAdmin',
  at: plus(seconds),
  reason: 'x',
});

/** Orders as they stand after so many seconds, and when WeChat is queried next; null: never. */
test.each<[string, Order, number, number | null]>([
  // Its request may land until 6 s of placing and 10 minutes are over; nobody can pay it before.
  ['created', created, 0, 606],
  ['created, and cannot land any more', created, 606, 1800],
  ['created, and expires before it cannot land', { ...created, expiresAt: plus(300) }, 31, 300],
  [
    'created, and expires before its request is lost',
    { ...created, expiresAt: plus(300) },
    300,
    360,
  ],
  ['paying', paying, 61, 180],
  ['paying, expired for an hour', paying, 1800 + 3600, 1800 + 3600 + 900],
  ['paying and quarantined', { ...paying, quarantine }, 61, null],
  ['created and quarantined', { ...created, quarantine }, 61, null],
  ['paid', paid, 61, null],
  ['closed', closed, 1900, null],
  // A requested close beside the schedule: whichever is earlier.
  ['to be closed before the next query', { ...paying, closeDueAt: plus(100) }, 61, 100],
  ['to be closed after the next query', { ...paying, closeDueAt: plus(400) }, 61, 180],
  ['to be closed just now', { ...paying, closeDueAt: plus(400) }, 400, 460],
  ['to be closed a millisecond later', { ...paying, closeDueAt: plus(400.001) }, 400, 400.001],
  ['overdue to be closed', { ...paying, closeDueAt: plus(100) }, 300, 360],
  ['overdue to be closed for long', { ...paying, closeDueAt: plus(100) }, 1300, 1600],
  [
    'overdue to be closed for days',
    { ...paying, closeDueAt: plus(100) },
    86_400 * 2,
    86_400 * 2 + 600,
  ],
  ['to be closed and quarantined', { ...paying, closeDueAt: plus(400), quarantine }, 61, null],
  // Refunds.
  ['with a pending refund', { ...paid, refunds: [refund(processing, 100)] }, 101, 160],
  ['with an ended refund', { ...paid, refunds: [refund(success, 100)] }, 101, null],
  [
    'with several refunds: the earliest',
    {
      ...paid,
      refunds: [
        refund(abnormal, 100),
        refund(success, 200),
        refund(processing, 300),
        refund(processing, 320),
      ],
    },
    330,
    360,
  ],
  ['with an abnormal refund', { ...paid, refunds: [refund(abnormal, 100)] }, 101, 100 + 86_400],
  [
    'with an abnormal refund, 90 days after but for a moment',
    { ...paid, refunds: [refund(abnormal, 100)] },
    100 + 90 * 86_400 - 0.001,
    100 + 90 * 86_400,
  ],
  [
    'with an abnormal refund, 90 days after',
    { ...paid, refunds: [refund(abnormal, 100)] },
    100 + 90 * 86_400,
    null,
  ],
  [
    'with an abnormal refund that was left when it became so',
    { ...paid, refunds: [refund(abnormal, 100)], decisions: [leftAt(100)] },
    101,
    null,
  ],
  [
    'with a refund that became abnormal after it was left',
    { ...paid, refunds: [refund(abnormal, 100)], decisions: [leftAt(99.999)] },
    101,
    100 + 86_400,
  ],
])('an order that is %s', (_what, order, nowS, nextS) => {
  expect(nextCheckOf(order, plus(nowS))).toEqual(nextS === null ? null : plus(nextS));
  const checked = withNextCheck({ ...order, checkAt: plus(-1) }, plus(nowS));
  expect(checked).toEqual({ ...order, checkAt: nextS === null ? null : plus(nextS) });
});

test('the very same object comes back where its time stays', () => {
  const order = { ...paying, checkAt: plus(180) };
  expect(withNextCheck(order, plus(61))).toBe(order);
  expect(withNextCheck(closed, plus(1900))).toBe(closed);
});

test('a message makes an order due at once; what has come already stays, or each repeat would be a write', () => {
  const now = plus(100);
  for (const [checkAt, expected] of [
    [null, now],
    [plus(101), now],
    [plus(100), plus(100)],
    [plus(99), plus(99)],
  ] as const) {
    const order = { ...paying, checkAt };
    const checked = checkNow(order, now);
    expect(checked.checkAt).toEqual(expected);
    if (checkAt !== null && checkAt <= now) expect(checked).toBe(order);
  }
});

test('a quarantined order waits for an admin, whatever is claimed of it', () => {
  const order = { ...paying, quarantine, checkAt: null };
  expect(checkNow(order, plus(100))).toBe(order);
});

test('a claim makes a quarantined order due while one of its refunds waits, and an orphan never', () => {
  const refunds = [refund(success, 10), refund(processing, 20)];
  const order = { ...paying, quarantine, refunds, checkAt: null };
  expect(checkNow(order, plus(100)).checkAt).toEqual(plus(100));
  const orphan = orphanOf(proof(), plus(100));
  expect(checkNow(orphan, plus(100))).toBe(orphan);
});

const refused = { state: 'refused', reason: 'NOT_ENOUGH', refusedAt: plus(100) } as const;

/** Orders, the second at which WeChat was asked last, and the second from which it is worth asking again. */
test.each<[string, Order, number | undefined, number]>([
  ['open, never asked', paying, undefined, 0],
  ['open, asked just now', paying, 100, 102],
  ['created, asked just now', created, 100, 102],
  ['paid a minute ago', paid, undefined, 661],
  ['paid, and asked later', paid, 700, 1300],
  ['paid, and asked before that was known', paid, 30, 661],
  ['paid, its refund refused', { ...paid, refunds: [refund(refused, 99)] }, undefined, 661],
  ['quarantined', { ...paying, quarantine }, undefined, 605],
])('an order that is %s is worth a question in time', (_what, order, askedS, fromS) => {
  const asked = askedS === undefined ? order : { ...order, queriedAt: plus(askedS) };
  expect(isWorthQuerying(asked, plus(fromS))).toBe(true);
  expect(isWorthQuerying(asked, plus(fromS - 0.001))).toBe(askedS === undefined && fromS === 0);
});

test.each<[string, Refund['status']]>([
  ['closed', { state: 'closed', refundId: '503', closedAt: plus(100) }],
  ['not taken', { state: 'requested', placingUntil: plus(100), attempts: 1, untakenAttempts: 1 }],
])('a refund that was %s keeps nobody from asking what the console gave back', (_what, status) => {
  expect(isWorthQuerying({ ...paid, refunds: [refund(status, 100)] }, plus(1e6))).toBe(true);
});

test.each<[string, Order]>([
  ['closed', closed],
  ['paid, and refunded outside of us', { ...paid, refundedExternallyAt: plus(70) }],
  [
    'paid, with a refund that WeChat may have',
    { ...paid, refunds: [refund(refused, 99), refund(processing, 100)] },
  ],
])('an order that is %s is never worth one: nothing new can come', (_what, order) => {
  expect(isWorthQuerying(order, plus(1e6))).toBe(false);
});

test('an order begins with a lease of its placer and its first check', () => {
  const { kind: _k, status: _s, ...terms } = anOrder();
  expect(beginOrder(terms, '{}')).toMatchObject({
    status: { state: 'created', placingUntil: plus(6), attempts: 1 },
    checkAt: plus(30),
    deliveryAt: null,
    events: [],
    version: 1,
  });
});

test('who takes a created order over is counted, and has a lease of their own', () => {
  expect(takeOverPlacing(created, plus(10)).status).toEqual({
    state: 'created',
    placingUntil: plus(16),
    attempts: 2,
  });
  expect(releasePlacing(created, plus(3)).status).toEqual({
    state: 'created',
    placingUntil: plus(3),
    attempts: 1,
  });
  for (const order of [paying, paid, closed]) {
    expect(takeOverPlacing(order, plus(10))).toBe(order);
    expect(releasePlacing(order, plus(10))).toBe(order);
  }
});

test('a prepay id is as old as its answer', () => {
  expect(withPrepay(created, aPrepay, plus(7)).status).toEqual({
    state: 'paying',
    prepayId: 'wx1',
    prepayIssuedAt: plus(7),
  });
});

const orphaned = orphanOf(proof(), plus(60));
test.each<[string, OrderDocument, boolean]>([
  ['that is checked no more', { ...paid, checkAt: null, siblingsDueAt: plus(60) }, false],
  ['that is open', { ...paying, checkAt: plus(180) }, false],
  ['that is due at its end', { ...paying, checkAt: plus(1800) }, true],
  ['that is to be closed', { ...paying, checkAt: plus(180), closeDueAt: plus(180) }, true],
  ['that is closed, and was to be', { ...closed, checkAt: plus(180), closeDueAt: plus(1) }, false],
  [
    'that is paid, and others of its purchase are not looked at',
    { ...paid, checkAt: plus(180), siblingsDueAt: plus(60) },
    true,
  ],
  ['that is paid', { ...paid, checkAt: plus(180) }, false],
  [
    'with a pending refund',
    { ...paid, checkAt: plus(180), refunds: [refund(processing, 100)] },
    true,
  ],
  [
    'with a refund that is over',
    { ...paid, checkAt: plus(9), refunds: [refund(success, 1)] },
    false,
  ],
  ['that is an orphan', { ...orphaned, checkAt: plus(180) }, false],
  [
    'that is an orphan with a pending refund',
    { ...orphaned, checkAt: plus(180), refunds: [refund(processing, 100)] },
    true,
  ],
])('the check of a document %s holds money: %s', (_what, document, holdsMoney) => {
  expect(isUrgent(document)).toBe(holdsMoney);
});
