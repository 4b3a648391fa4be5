import { describe, expect, test } from 'vitest';
import { ordersByState, plus } from '../../../tests/support/orders.ts';
import { aRefundRequest } from '../../../tests/support/refunds.ts';
import type { Order } from '../order/order.ts';
import { beginRefund, type Refund, type RefundStatus } from '../order/refund.ts';
import {
  endOverdue,
  type FailedAttempt,
  failAttempt,
  refundSentUntil,
  takeOverRefund,
} from './refundAttempts.ts';

const DAY_S = 86_400;
/** When a refund that was requested after 70 s is too old to be sent. */
const OVER_S = 70 + 7 * DAY_S;
const requested = { state: 'requested', placingUntil: plus(76), attempts: 1 } as const;
const untaken = { ...requested, untakenAttempts: 1 };
const processing = { state: 'processing', refundId: '503' } as const;
const aRefund = (status: RefundStatus, more: Partial<Refund> = {}): Refund => ({
  ...beginRefund(aRefundRequest('R1', 40), plus(70)),
  status,
  ...more,
});
const withRefunds = (...refunds: Refund[]): Order => ({ ...ordersByState.paid, refunds });
const typesOf = ({ events }: Order) => events.map(({ type, about }) => `${type} ${about}`);
const statusOf = ({ refunds }: Order) => refunds?.[0]?.status;

test.each<[RefundStatus, Date]>([
  [requested, plus(76 + 60)],
  [processing, new Date(60_000)],
])('the sender of a refund that is %j may send it until %o', (status, until) => {
  expect(refundSentUntil(aRefund(status))).toEqual(until);
});

describe('taking over the sending of a refund', () => {
  const take = (status: RefundStatus, seconds: number, more?: { isKnown?: boolean }) =>
    takeOverRefund(withRefunds(aRefund(status)), 'R1', plus(seconds), more);

  test.each<[string, RefundStatus, number, { isKnown?: boolean }, object]>([
    ['at the end of the lease', requested, 76, {}, { attempts: 2, placingUntil: plus(82) }],
    ['that took nothing', untaken, 76, {}, { attempts: 2, untakenAttempts: 1 }],
    ['before its attempts are gone', requested, 675.999, {}, { attempts: 2 }],
    ['once its attempts are gone', requested, 676, {}, { attempts: 1, placingUntil: plus(682) }],
    ['that WeChat knows, however late', requested, 9000, { isKnown: true }, { attempts: 2 }],
    ['a moment before it is too old', requested, OVER_S - 0.001, {}, { attempts: 1 }],
  ])('%s counts one attempt more', (_when, status, seconds, more, expected) => {
    expect(statusOf(take(status, seconds, more))).toMatchObject({
      state: 'requested',
      ...expected,
    });
  });

  test('once the attempts are gone leaves nothing of them', () => {
    expect(statusOf(take(untaken, 676))).not.toHaveProperty('untakenAttempts');
  });

  test('forgets that WeChat did not answer, for it just did', () => {
    const order = withRefunds(aRefund(requested, { unansweredSince: plus(80) }));
    expect(takeOverRefund(order, 'R1', plus(90)).refunds?.[0]).not.toHaveProperty(
      'unansweredSince',
    );
  });

  test.each<[string, RefundStatus, number]>([
    ['while it is being sent', requested, 75.999],
    ['that WeChat took', processing, 9000],
  ])('%s changes nothing', (_when, status, seconds) => {
    const order = withRefunds(aRefund(status));
    expect(takeOverRefund(order, 'R1', plus(seconds))).toBe(order);
    expect(takeOverRefund(order, 'R2', plus(seconds))).toBe(order);
  });

  test('too old to be sent ends it: its sum is free, and an event says so', () => {
    const ended = take(requested, OVER_S);
    const refused = { state: 'refused', reason: 'NOT_SENT_IN_TIME', refusedAt: plus(OVER_S) };
    expect([statusOf(ended), typesOf(ended)]).toEqual([refused, ['refund.given_up R1']]);
  });

  test('too old, and sent a moment ago, waits until that cannot land any more', () => {
    const late = { ...requested, placingUntil: plus(OVER_S - 1) };
    const order = withRefunds(aRefund(late));
    expect(takeOverRefund(order, 'R1', plus(OVER_S))).toBe(order);
  });

  test('too old, and known to WeChat, ends it as unverified, its sum taken', () => {
    const ended = take(requested, OVER_S, { isKnown: true });
    expect(statusOf(ended)).toStrictEqual({ state: 'unverified', unverifiedAt: plus(OVER_S) });
    expect(typesOf(ended)).toEqual(['refund.unverified R1']);
  });
});

describe('a failed attempt', () => {
  const now = plus(75);
  const failed: FailedAttempt = { outRefundNo: 'R1', attempts: 1, code: 'NO_AUTH', end: 'refused' };
  const fail = (status: RefundStatus, more: Partial<FailedAttempt> = {}) =>
    failAttempt(withRefunds(aRefund(status)), { ...failed, ...more }, now);
  const refused = { state: 'refused', reason: 'NO_AUTH', refusedAt: now };
  const released = { ...requested, placingUntil: now, lastErrorCode: 'NO_AUTH' };
  const second = { ...requested, attempts: 2 };

  test.each<[string, RefundStatus, Partial<FailedAttempt>, object]>([
    ['refused, the only one', requested, {}, refused],
    ['uncertain', requested, { end: 'uncertain' }, released],
    ['not taken', requested, { end: 'not_taken' }, { ...released, untakenAttempts: 1 }],
    [
      'refused after an uncertain one',
      second,
      { attempts: 2 },
      { ...released, attempts: 2, untakenAttempts: 1 },
    ],
    [
      'refused after one that was not taken',
      { ...second, untakenAttempts: 1 },
      { attempts: 2 },
      refused,
    ],
  ])('%s: %j', (_end, status, more, expected) => {
    expect(statusOf(fail(status, more))).toStrictEqual(expected);
  });

  test.each<[string, RefundStatus, Partial<FailedAttempt>]>([
    ['of a sender that another one took over from', second, {}],
    ['of a refund that WeChat took', processing, {}],
    ['of a number that is none', requested, { outRefundNo: 'R2' }],
  ])('%s changes nothing', (_what, status, more) => {
    const order = withRefunds(aRefund(status));
    expect(failAttempt(order, { ...failed, ...more }, now)).toBe(order);
  });

  test.each<[Partial<FailedAttempt>, string[]]>([
    [{ isOfTimer: true }, ['refund.refused R1']],
    [{ isOfTimer: true, end: 'uncertain' }, []],
    [{ isOfTimer: false }, []],
    [{}, []],
  ])('%j tells the merchant %j: who waits for the answer has it', (more, events) => {
    expect(typesOf(fail(requested, more))).toEqual(events);
  });
});

describe('refunds that are too old to be sent', () => {
  const end = (refund: Refund, seconds: number) => {
    const order = withRefunds(refund);
    const ended = endOverdue(order, plus(seconds));
    return ended === order ? 'as it was' : statusOf(ended)?.state;
  };
  test.each<[string, RefundStatus, number, string]>([
    ['untaken, and a week old', untaken, OVER_S, 'refused'],
    ['untaken, and younger', untaken, OVER_S - 0.001, 'as it was'],
    ['sent, and perhaps landed', requested, OVER_S, 'as it was'],
    ['being sent', { ...untaken, placingUntil: plus(OVER_S + 1) }, OVER_S, 'as it was'],
    ['taken', processing, OVER_S, 'as it was'],
  ])('%s: %s', (_what, status, seconds, expected) => {
    expect(end(aRefund(status), seconds)).toBe(expected);
  });

  test('each end with an event, and an order without refunds stays as it is', () => {
    const other = { ...aRefund(untaken), outRefundNo: 'R2' };
    const ended = endOverdue(withRefunds(aRefund(untaken), other), plus(OVER_S));
    expect(typesOf(ended)).toEqual(['refund.given_up R1', 'refund.given_up R2']);
    expect(endOverdue(ordersByState.paid, plus(OVER_S))).toBe(ordersByState.paid);
  });
});
