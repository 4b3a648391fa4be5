import { describe, expect, test } from 'vitest';
import { ordersByState, plus } from '../../../tests/support/orders.ts';
import { aRefundRequest, refundProof } from '../../../tests/support/refunds.ts';
import type { Order } from '../order/order.ts';
import { beginRefund, type Refund, refundedFee } from '../order/refund.ts';
import { concludeRefund } from './concludeRefund.ts';
import { type FailedAttempt, failAttempt, takeOverRefund } from './refundAttempts.ts';
import { refundOf, requestRefund } from './requestRefund.ts';
import { endUnverified } from './unverifiedRefund.ts';

const { paid } = ordersByState;
/** The order of 100 fen was paid after 60 s. */
const PAID_S = 60;
const DAY_S = 86_400;
const success = { state: 'success', refundId: '503', succeededAt: plus(80) } as const;
const processing = { state: 'processing', refundId: '503-R1' } as const;

const part = (
  no: string,
  fee: number,
  atS: number,
  status: Refund['status'] = success,
): Refund => ({
  ...beginRefund(aRefundRequest(no, fee), plus(atS)),
  status,
});
const withParts = (...refunds: Refund[]): Order => ({ ...paid, refunds });
const outcomeOf = (order: Order, fee: number, nowS: number, no = 'NEW') => {
  const decided = requestRefund(order, aRefundRequest(no, fee), plus(nowS));
  return decided.outcome === 'refused' ? decided.refusal : decided.outcome;
};

test.each([
  [PAID_S + 365 * DAY_S, 'begun'],
  [PAID_S + 365 * DAY_S + 0.001, { code: 'REFUND_OVERDUE' }],
])('a refund after %d s, a year after the payment: %o', (nowS, expected) => {
  expect(outcomeOf(paid, 40, nowS)).toEqual(expected);
});

test.each([
  [60, 'begun'],
  [61, { code: 'REFUND_EXCEEDS_PAID', refundableFee: 60 }],
])('of 60 fen that are left %d are refunded: %o', (fee, expected) => {
  expect(outcomeOf(withParts(part('A', 40, 100)), fee, 1000)).toEqual(expected);
});

test('of an order that gave back more than was paid nothing is left, and the sum is no error', () => {
  const order = withParts(part('A', 80, 100), part('B', 80, 200));
  expect(outcomeOf(order, 1, 1000)).toEqual({ code: 'REFUND_EXCEEDS_PAID', refundableFee: 0 });
});

test.each([
  [49, 'begun'],
  [50, { code: 'REFUND_TOO_MANY' }],
])('an order with %d parts gets another: %o', (count, expected) => {
  const parts = Array.from({ length: count }, (_, i) => part(`P${i}`, 1, 100));
  expect(outcomeOf(withParts(...parts), 1, 1000)).toEqual(expected);
});

test.each([
  [259.999, { code: 'REFUND_TOO_SOON', retryAt: plus(260) }],
  [260, 'begun'],
])('parts are a minute apart, counted from the youngest: after %d s %o', (nowS, expected) => {
  // In the order of their beginning, but for one that the console made later.
  const order = withParts(part('A', 1, 100), part('B', 1, 200), part('C', 1, 150));
  expect(outcomeOf(order, 1, nowS)).toEqual(expected);
});

test('a part that WeChat refused takes no sum, no place and no minute; its number is dead', () => {
  const refused = { state: 'refused', reason: 'NO_AUTH', refusedAt: plus(200) } as const;
  const order = withParts(part('A', 100, 199, refused));
  expect(outcomeOf(order, 100, 200)).toBe('begun');
  expect(outcomeOf(order, 100, 200, 'A')).toEqual({ code: 'REFUND_NO_CLOSED' });
});

test('one that WeChat closed frees its sum, not its place nor its minute', () => {
  const closed = { state: 'closed', refundId: '503', closedAt: plus(200) } as const;
  const order = withParts(part('A', 100, 199, closed));
  expect(outcomeOf(order, 100, 200)).toMatchObject({ code: 'REFUND_TOO_SOON' });
  expect(outcomeOf(order, 100, 260)).toBe('begun');
});

describe('refunds that WeChat refused', () => {
  const refusedOnes = (count: number, lastS: number) =>
    Array.from({ length: count }, (_, i) => {
      const refusedAt = plus(lastS - (count - 1 - i));
      const status = { state: 'refused', reason: 'NO_AUTH', refusedAt } as const;
      return { ...part(`P${i}`, 40, 100, status), reason: '不想要了' };
    });
  const begunAfter = (count: number, seconds: number) =>
    outcomeOf(withParts(...refusedOnes(count, 100_000)), 40, 100_000 + seconds);

  test.each([
    [1, 0],
    [4, 0],
    [5, 60],
    [6, 300],
    [7, 900],
    [8, 3600],
    [11, 3600],
    [12, 6 * 3600],
    [16, DAY_S],
    [400, DAY_S],
  ])('%d of one order let the next begin after %d s', (count, seconds) => {
    expect(begunAfter(count, seconds)).toBe('begun');
    const retryAt = plus(100_000 + seconds);
    const refusal = { code: 'REFUND_REFUSED_TOO_OFTEN', retryAt };
    expect(begunAfter(count, seconds - 0.001)).toEqual(seconds > 0 ? refusal : 'begun');
  });

  test('are counted from the last refusal, in whatever order they stand', () => {
    const order = withParts(...refusedOnes(5, 100_000).reverse());
    expect(outcomeOf(order, 40, 100_059)).toMatchObject({ retryAt: plus(100_060) });
  });

  test('and were given up count too; what WeChat took does not', () => {
    const givenUp = refusedOnes(5, 100_000).map((refund) => ({
      ...refund,
      status: { state: 'refused', reason: 'GIVEN_UP', refusedAt: plus(100_000) } as const,
    }));
    expect(outcomeOf(withParts(...givenUp), 40, 100_001)).toMatchObject({ retryAt: plus(100_060) });
    const taken = Array.from({ length: 8 }, (_, i) => part(`S${i}`, 1, 100));
    expect(outcomeOf(withParts(...taken), 1, 100_000)).toBe('begun');
  });

  test('keep number, sum and end for ever, and what was sent only while they are young', () => {
    const parts = [part('S', 1, 100), ...refusedOnes(12, 100_000)];
    const { order } = requestRefund(withParts(...parts), aRefundRequest('NEW', 40), plus(900_000));
    const [taken, first, second, ...others] = order.refunds ?? [];
    for (const [i, folded] of [first, second].entries()) {
      const { reason: _gone, ...whole } = parts[i + 1] as Refund;
      expect(folded).toEqual({ ...whole, request: '' });
      expect(outcomeOf(order, 40, 999_999, `P${i}`)).toEqual({ code: 'REFUND_NO_CLOSED' });
      expect(outcomeOf(order, 39, 999_999, `P${i}`)).toEqual({ code: 'OUT_REFUND_NO_USED' });
    }
    expect([taken, ...others.slice(0, -1)]).toEqual([parts[0], ...parts.slice(3)]);
  });

  test('never grow the document beyond what is read, though a program asks whenever it may for a year', () => {
    let order = paid;
    let begun = 0;
    for (let at = plus(PAID_S); ; ) {
      const outRefundNo = `${'R'.repeat(58)}${String(begun).padStart(6, '0')}`;
      const request = { ...aRefundRequest(outRefundNo), request: 'x'.repeat(600) };
      const decided = requestRefund(order, request, at);
      if (decided.outcome === 'refused') {
        if (!('retryAt' in decided.refusal)) break;
        at = decided.refusal.retryAt;
        continue;
      }
      begun += 1;
      const failed = { outRefundNo, attempts: 1, code: 'USER_ACCOUNT_ABNORMAL', end: 'refused' };
      order = failAttempt(decided.order, failed as FailedAttempt, at);
    }
    expect(begun).toBeGreaterThan(300);
    expect(begun).toBeLessThan(400);
    expect(order.refunds).toHaveLength(begun);
    expect(refundedFee(order.refunds)).toBe(0);
    expect(JSON.stringify(order).length).toBeLessThan(128 * 1024);
  });
});

const requested = (attempts: number, untilS: number) =>
  withParts(part('R1', 40, 70, { state: 'requested', placingUntil: plus(untilS), attempts }));
const attemptsOf = (order: Order) => {
  const status = refundOf(order, 'R1')?.status;
  return status?.state === 'requested' ? status.attempts : undefined;
};

test('a sender has its lease to the end, and the next one has a lease of its own', () => {
  const order = requested(1, 76);
  expect(takeOverRefund(order, 'R1', plus(75.999))).toBe(order);
  const taken = takeOverRefund(order, 'R1', plus(76));
  expect(refundOf(taken, 'R1')?.status).toEqual({
    state: 'requested',
    placingUntil: plus(82),
    attempts: 2,
  });
});

test.each([
  [676 - 0.001, false, 4],
  [676, false, 1],
  [676, true, 4],
  [9999, true, 4],
])(
  'attempts that end by 76 s cannot land after ten minutes: at %d s, known at WeChat %s',
  (nowS, isKnown, attempts) => {
    const taken = takeOverRefund(requested(3, 76), 'R1', plus(nowS), { isKnown });
    expect(attemptsOf(taken)).toBe(attempts);
  },
);

test('a failed attempt ends only itself: another that took over meanwhile goes on', () => {
  const failed = { outRefundNo: 'R1', attempts: 1, code: 'NO_AUTH', end: 'refused' } as const;
  const order = requested(2, 90);
  expect(failAttempt(order, failed, plus(80))).toBe(order);
  const known = withParts(part('R1', 40, 70, processing));
  expect(failAttempt(known, failed, plus(80))).toBe(known);
  const ended = failAttempt(order, { ...failed, attempts: 2, end: 'refused' }, plus(80));
  expect(refundOf(ended, 'R1')?.status).toEqual({
    state: 'requested',
    placingUntil: plus(80),
    attempts: 2,
    untakenAttempts: 1,
    lastErrorCode: 'NO_AUTH',
  });
});

test('an accepted refund of cloud pay is given up after eight days, no sooner, and on no other link', () => {
  const order: Order = { ...withParts(part('R1', 40, 100, processing)), link: 'cloudPay' };
  const end = (of: Order, days: number) =>
    endUnverified(of, { unanswered: [] }, plus(100 + days * DAY_S));
  expect(end(order, 7.999)).toBe(order);
  expect(end({ ...order, link: 'apiV3' }, 9)).toMatchObject({ refunds: [{ status: processing }] });
  expect(end(order, 8)).toMatchObject({
    refunds: [{ status: { state: 'unverified', refundId: '503-R1' } }],
    events: [{ type: 'refund.unverified', about: 'R1' }],
    checkAt: null,
  });
});

test('an accepted refund of which no check is answered ends a week after the first, on any link', () => {
  const order = withParts(part('R1', 40, 100, processing), part('R2', 40, 100, processing));
  const check = (of: Order, days: number, unanswered = ['R1']) =>
    endUnverified(of, { unanswered }, plus(100 + days * DAY_S));
  const first = check(order, 100);
  expect(first.refunds).toMatchObject([{ unansweredSince: plus(100 + 100 * DAY_S) }, {}]);
  expect(first.refunds?.[1]).toBe(order.refunds?.[1]);
  expect(check(first, 106.999)).toBe(first);
  expect(check(first, 107, []), 'it was answered').toBe(first);
  const ended = check(first, 107);
  expect(ended).toMatchObject({
    refunds: [{ status: { state: 'unverified', refundId: '503-R1' } }, { status: processing }],
    events: [{ type: 'refund.unverified', about: 'R1' }],
  });
  expect(ended.refunds?.[0]).not.toHaveProperty('unansweredSince');
  const answered = concludeRefund(first, refundProof({ kind: 'processing' }), plus(500)).order;
  expect(refundOf(answered, 'R1')).not.toHaveProperty('unansweredSince');
  const success = concludeRefund(first, refundProof(), plus(500)).order;
  expect(refundOf(success, 'R1')).not.toHaveProperty('unansweredSince');
  const abnormal = { state: 'abnormal', refundId: '503-R1', abnormalAt: plus(100) } as const;
  const unanswered = { ...part('R1', 40, 100, abnormal), unansweredSince: plus(101) };
  const waiting: Order = { ...withParts(unanswered), link: 'cloudPay' };
  expect(check(waiting, 400), 'an abnormal one waits for people').toBe(waiting);
});

test.each<[string, Refund['status'], boolean]>([
  ['was sent', { state: 'requested', placingUntil: plus(100), attempts: 1 }, true],
  [
    'was sent, and refused after that',
    { state: 'requested', placingUntil: plus(100), attempts: 2, untakenAttempts: 1 },
    true,
  ],
  [
    'WeChat certainly did not take',
    { state: 'requested', placingUntil: plus(100), attempts: 1, untakenAttempts: 1 },
    false,
  ],
  [
    'somebody is sending',
    { state: 'requested', placingUntil: plus(101 + 7 * DAY_S), attempts: 1 },
    false,
  ],
])(
  'a requested refund that %s, of which no check of a week is answered, is unverified: %s',
  (_what, status, isEnded) => {
    const order = withParts(part('R1', 40, 100, status));
    const unanswered = ['R1'];
    const first = endUnverified(order, { unanswered }, plus(100));
    const end = endUnverified(first, { unanswered }, plus(100 + 7 * DAY_S));
    if (!isEnded) return expect(end).toBe(order);
    expect(end.refunds?.[0]?.status).toEqual({
      state: 'unverified',
      unverifiedAt: plus(100 + 7 * DAY_S),
    });
    expect(refundedFee(end.refunds)).toBe(40);
    expect(endUnverified(first, { unanswered: [] }, plus(100 + 7 * DAY_S))).toBe(first);
    const answered = takeOverRefund(first, 'R1', plus(107));
    expect(refundOf(answered, 'R1')).not.toHaveProperty('unansweredSince');
    const { outcome } = concludeRefund(end, refundProof(), plus(500));
    expect(outcome).toBe('refund_success');
  },
);

test('a success is dated by WeChat, and by us only where it gives no time', () => {
  const order = withParts(part('R1', 40, 100, processing));
  const at = (succeededAt?: Date) => {
    const evidence = refundProof(succeededAt ? { succeededAt } : {});
    const { order: after } = concludeRefund(order, evidence, plus(500));
    return refundOf(after, 'R1')?.status;
  };
  expect(at(plus(300))).toMatchObject({ state: 'success', succeededAt: plus(300) });
  expect(at()).toMatchObject({ state: 'success', succeededAt: plus(500) });
});

test('an external refund is dated by WeChat too', () => {
  const found = (createdAt?: Date) =>
    concludeRefund(paid, refundProof(createdAt ? { createdAt } : {}), plus(500)).order;
  expect(refundOf(found(plus(300)), 'R1')?.requestedAt).toEqual(plus(300));
  expect(refundOf(found(), 'R1')?.requestedAt).toEqual(plus(500));
});

test('an unverified refund stays so while WeChat says no more than in progress', () => {
  const unverified = { state: 'unverified', unverifiedAt: plus(200), refundId: '503-R1' } as const;
  const order = withParts(part('R1', 40, 100, unverified));
  expect(concludeRefund(order, refundProof({ kind: 'processing' }), plus(500))).toEqual({
    outcome: 'refund_processing',
    order,
  });
});

test('a refund before its payment makes the order due at once', () => {
  const order = { ...ordersByState.paying, checkAt: plus(1000) };
  expect(concludeRefund(order, refundProof(), plus(500))).toEqual({
    outcome: 'refund_before_payment',
    order: { ...order, checkAt: plus(500) },
  });
});
