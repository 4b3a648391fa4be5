import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ordersByState, plus, proof } from '../../../tests/support/orders.ts';
import { aRefundRequest, refundingWeChat, refundProof } from '../../../tests/support/refunds.ts';
import facts from '../../../tests/vectors/facts.json' with { type: 'json' };
import { fen } from '../money.ts';
import { conclude, concludeOrphan, orphanOf } from '../order/conclude.ts';
import { checkNow } from '../order/nextCheck.ts';
import type { Order, OrderDocument, Quarantine } from '../order/order.ts';
import {
  areUntaken,
  fullRefundNo,
  OUT_REFUND_NO,
  type Refund,
  type RefundState,
  refundedFee,
} from '../order/refund.ts';
import { nextRefundCheckAt } from '../schedules.ts';
import { concludeRefund } from './concludeRefund.ts';
import { decideGiveUp } from './decideGiveUp.ts';
import { failAttempt, takeOverRefund } from './refundAttempts.ts';
import type { RefundEvidence } from './refundEvidence.ts';
import { refundOf, requestRefund } from './requestRefund.ts';

const { paid } = ordersByState;
const now = plus(100);
const DAY_S = 86_400;

const refundWith = (status: Refund['status'], more: Partial<Refund> = {}): Refund => ({
  ...aRefundRequest(),
  requestedAt: plus(70),
  origin: 'ours',
  status,
  ...more,
});
const ended = { refundId: '503-R1' };
const refundsByState: Record<RefundState, Refund> = {
  requested: refundWith({ state: 'requested', placingUntil: plus(76), attempts: 1 }),
  processing: refundWith({ state: 'processing', ...ended }),
  success: refundWith({ state: 'success', ...ended, succeededAt: plus(80) }),
  closed: refundWith({ state: 'closed', ...ended, closedAt: plus(80) }),
  abnormal: refundWith({ state: 'abnormal', ...ended, abnormalAt: plus(80) }),
  unverified: refundWith({ state: 'unverified', ...ended, unverifiedAt: plus(80) }),
  refused: refundWith({ state: 'refused', reason: 'NO_AUTH', refusedAt: plus(80) }),
};
const withOne = (state: RefundState): Order => ({ ...paid, refunds: [refundsByState[state]] });
const typesOf = (order: Order) => order.events.map(({ type }) => type);

const numbers = facts.vectors.find(({ id }) => id === 'out-refund-no')?.expected as {
  valid: string[];
  invalid: string[];
};
test.each(numbers.valid)('%s is a refund number that WeChat takes', (no) => {
  expect(OUT_REFUND_NO.test(no)).toBe(true);
});
test.each(numbers.invalid)('"%s" is none', (no) => expect(OUT_REFUND_NO.test(no)).toBe(false));
test('the number of a full refund is legal and the same every time', () => {
  expect(fullRefundNo('A'.repeat(32))).toMatch(OUT_REFUND_NO);
  expect(fullRefundNo('T1')).toBe(fullRefundNo('T1'));
});

describe('who wants a refund', () => {
  const parts = (count: number, state: RefundState = 'success'): Order => ({
    ...paid,
    refunds: Array.from({ length: count }, (_, i) => ({
      ...refundsByState[state],
      ...aRefundRequest(`P${i}`, 1),
    })),
  });
  const tooMuch = { code: 'REFUND_EXCEEDS_PAID', refundableFee: 60 };
  test.each<[string, Order, ReturnType<typeof aRefundRequest>, number, object]>([
    ['of all', paid, aRefundRequest('R1', 100), 100, { outcome: 'begun' }],
    ['of a part', paid, aRefundRequest('R1', 1), 100, { outcome: 'begun' }],
    [
      'of more than was paid',
      paid,
      aRefundRequest('R1', 101),
      100,
      { refusal: { refundableFee: 100 } },
    ],
    ['of the rest', withOne('success'), aRefundRequest('R2', 60), 200, { outcome: 'begun' }],
    [
      'of a fen more than the rest',
      withOne('success'),
      aRefundRequest('R2', 61),
      200,
      { refusal: tooMuch },
    ],
    [
      'beside a requested one',
      withOne('requested'),
      aRefundRequest('R2', 61),
      200,
      { refusal: tooMuch },
    ],
    [
      'beside one in progress',
      withOne('processing'),
      aRefundRequest('R2', 61),
      200,
      { refusal: tooMuch },
    ],
    [
      'beside an abnormal one',
      withOne('abnormal'),
      aRefundRequest('R2', 61),
      200,
      { refusal: tooMuch },
    ],
    ['after a closed one', withOne('closed'), aRefundRequest('R2', 100), 200, { outcome: 'begun' }],
    [
      'after a refused one',
      withOne('refused'),
      aRefundRequest('R2', 100),
      71,
      { outcome: 'begun' },
    ],
    ['once more', withOne('requested'), aRefundRequest(), 100, { outcome: 'known' }],
    ['once more, of what is done', withOne('success'), aRefundRequest(), 9e7, { outcome: 'known' }],
    [
      'for another reason',
      withOne('success'),
      { ...aRefundRequest(), reason: '错' },
      99,
      { outcome: 'known' },
    ],
    [
      'of another sum',
      withOne('success'),
      aRefundRequest('R1', 39),
      200,
      { refusal: { code: 'OUT_REFUND_NO_USED' } },
    ],
    [
      'that was closed',
      withOne('closed'),
      aRefundRequest(),
      200,
      { refusal: { code: 'REFUND_NO_CLOSED' } },
    ],
    [
      'that was refused',
      withOne('refused'),
      aRefundRequest(),
      200,
      { refusal: { code: 'REFUND_NO_CLOSED' } },
    ],
    [
      '59 s after the last',
      withOne('success'),
      aRefundRequest('R2', 1),
      129,
      { refusal: { code: 'REFUND_TOO_SOON', retryAt: plus(130) } },
    ],
    ['60 s after the last', withOne('success'), aRefundRequest('R2', 1), 130, { outcome: 'begun' }],
    ['that is the 50th', parts(49), aRefundRequest('R2', 1), 200, { outcome: 'begun' }],
    [
      'that is the 51st',
      parts(50),
      aRefundRequest('R2', 1),
      200,
      { refusal: { code: 'REFUND_TOO_MANY' } },
    ],
    [
      'a day after 50 refused ones',
      parts(50, 'refused'),
      aRefundRequest('R2', 1),
      80 + DAY_S,
      { outcome: 'begun' },
    ],
    ['365 days after payment', paid, aRefundRequest(), 60 + 365 * DAY_S, { outcome: 'begun' }],
    [
      'a second later',
      paid,
      aRefundRequest(),
      61 + 365 * DAY_S,
      { refusal: { code: 'REFUND_OVERDUE' } },
    ],
    [
      'of a created order',
      ordersByState.created,
      aRefundRequest(),
      100,
      { refusal: { code: 'ORDER_NOT_PAID' } },
    ],
    [
      'of an unpaid order',
      ordersByState.paying,
      aRefundRequest(),
      100,
      { refusal: { code: 'ORDER_NOT_PAID' } },
    ],
    [
      'of a closed order',
      ordersByState.closed,
      aRefundRequest(),
      100,
      { refusal: { code: 'ORDER_NOT_PAID' } },
    ],
    [
      'of a quarantined order',
      conclude(ordersByState.paying, proof({ totalFee: fen(1) }), now).order,
      aRefundRequest(),
      100,
      { refusal: { code: 'ORDER_QUARANTINED' } },
    ],
  ])('%s', (_what, order, request, seconds, expected) => {
    const decision = requestRefund(order, request, plus(seconds));
    expect(decision).toMatchObject(expected);
    if (decision.outcome !== 'begun') expect(decision.order).toBe(order);
    else expect(decision.order.checkAt).toEqual(plus(seconds + 60));
  });
});

// Every state against every code: the state after it, and what is newly said.
const kinds = ['processing', 'success', 'closed', 'abnormal', 'unknown'] as const;
const after: Record<RefundState, readonly RefundState[]> = {
  requested: ['processing', 'success', 'closed', 'abnormal', 'requested'],
  processing: ['processing', 'success', 'closed', 'abnormal', 'processing'],
  success: ['success', 'success', 'success', 'success', 'success'],
  closed: ['closed', 'success', 'closed', 'closed', 'closed'],
  abnormal: ['abnormal', 'success', 'closed', 'abnormal', 'abnormal'],
  unverified: ['unverified', 'success', 'closed', 'abnormal', 'unverified'],
  refused: ['processing', 'success', 'closed', 'abnormal', 'refused'],
};
const cases = Object.entries(after).flatMap(([before, states]) =>
  states.map((then, i) => [before as RefundState, kinds[i] ?? 'unknown', then] as const),
);
test.each(cases)('a %s refund of which WeChat says %s is %s', (before, kind, then) => {
  const verdict = concludeRefund(withOne(before), refundProof({ kind }), now);
  expect(refundOf(verdict.order, 'R1')?.status.state).toBe(then);
  const isNew = then !== before && kind !== 'processing';
  const ofNew = isNew ? [`refund.${kind}`] : [];
  const result = kind === 'unknown' ? ['refund.unknown_state'] : ofNew;
  expect(typesOf(verdict.order)).toEqual(result);
  const pending = ['requested', 'processing', 'abnormal'].includes(then);
  expect(verdict.order.checkAt !== null).toBe(pending);
  expect(concludeRefund(verdict.order, refundProof({ kind }), now).order).toBe(verdict.order);
});

test.each<[string, Partial<RefundEvidence>]>([
  ['order', { outTradeNo: 'OTHER1' }],
  ['transaction', { transactionId: '421' }],
  ['amount', { refundFee: fen(39) }],
  ['total', { totalFee: fen(99) }],
  ['WeChat number', { refundId: '999' }],
  ['currency', { currency: 'USD' }],
  ['merchant', { mchid: '1' }],
  ['provider', { spMchid: '1' }],
])('an answer with another %s changes nothing, and is reported once', (_what, more) => {
  const order = withOne('processing');
  const { outcome, order: reported } = concludeRefund(order, refundProof(more), now);
  expect(outcome).toBe('refund_mismatch');
  expect({ ...reported, events: [], deliveryAt: null }).toEqual(order);
  expect(typesOf(reported)).toEqual(['refund.mismatch']);
  expect(concludeRefund(reported, refundProof(more), plus(900)).order).toBe(reported);
});

test('a refund made in the merchant console is recorded, counted and reported', () => {
  const evidence = refundProof({ outRefundNo: 'CONSOLE1', refundFee: fen(70) });
  const { order } = concludeRefund(paid, evidence, now);
  expect(order.refunds).toMatchObject([
    { origin: 'external', request: '', status: { state: 'success' } },
  ]);
  expect(typesOf(order)).toEqual(['refund.external', 'refund.success']);
  expect(requestRefund(order, aRefundRequest('R1', 31), plus(500))).toMatchObject({
    refusal: { refundableFee: 30 },
  });
});

test('a number of another order’s refund is none of ours', () => {
  const evidence = refundProof({ outRefundNo: 'X', outTradeNo: 'OTHER1' });
  expect(concludeRefund(paid, evidence, now)).toEqual({
    outcome: 'refund_of_another',
    order: paid,
  });
});

test('a refund before its payment: the order is queried at once, nothing is concluded', () => {
  const paying = { ...ordersByState.paying, checkAt: plus(600) };
  for (const order of [paying, ordersByState.closed]) {
    const { outcome, order: next } = concludeRefund(order, refundProof(), now);
    expect([outcome, next]).toEqual(['refund_before_payment', { ...order, checkAt: now }]);
    expect(concludeRefund(next, refundProof(), plus(200)).order).toBe(next);
  }
});

test('a payment confirmed after its refund began keeps the check of the refund', () => {
  const order: Order = { ...ordersByState.paying, refunds: [refundsByState.processing] };
  expect(conclude(order, proof(), now).order).toMatchObject({
    status: { state: 'paid' },
    checkAt: plus(130),
  });
});

test('a refusal frees the sum only when nothing else can have landed', () => {
  const failed = { outRefundNo: 'R1', attempts: 1, code: 'NO_AUTH', end: 'refused' } as const;
  const stateOf = (order: Order) => refundOf(order, 'R1')?.status.state;
  const first = withOne('requested');
  expect(stateOf(failAttempt(first, failed, now))).toBe('refused');
  expect(stateOf(failAttempt(first, { ...failed, end: 'uncertain' }, now))).toBe('requested');
  const second = takeOverRefund(first, 'R1', now);
  expect(failAttempt(second, failed, now)).toBe(second);
  expect(stateOf(failAttempt(second, { ...failed, attempts: 2 }, now))).toBe('requested');
  const longAfter = takeOverRefund(first, 'R1', plus(76 + 600));
  expect(stateOf(failAttempt(longAfter, failed, plus(700)))).toBe('refused');
});

test('a sender within its lease is let be', () => {
  expect(takeOverRefund(withOne('requested'), 'R1', plus(75))).toEqual(withOne('requested'));
});

// Minutes after the request, and when it is queried next.
test.each([
  [0, 1],
  [1, 2],
  [4.5, 5],
  [5, 10],
  [10, 20],
  [20, 40],
  [40, 70],
  [70, 120],
  [125, 180],
])('a refund of %d minutes is queried at %d', (age, next) => {
  const course = { requestedAt: plus(0), status: { state: 'processing' } };
  expect(nextRefundCheckAt(course, plus(age * 60))).toEqual(plus(next * 60));
});
test('an abnormal one every day', () => {
  const course = { requestedAt: plus(0), status: { state: 'abnormal' } };
  expect(nextRefundCheckAt(course, plus(90_000))).toEqual(plus(2 * DAY_S));
});

const step = fc.record({
  what: fc.constantFrom('ask', 'send', 'console', 'notify', 'end', 'fail', 'resend', 'give up'),
  no: fc.constantFrom('R1', 'R2', 'R3'),
  fee: fc.integer({ min: 1, max: 110 }),
  is: fc.constantFrom('success', 'closed', 'abnormal'),
  seconds: fc.integer({ min: 0, max: 1000 }),
});

test('whatever happens in whatever order: never more than was paid, one number once', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const wechat = refundingWeChat();
      let order: Order = paid;
      let seconds = 100;
      for (const { what, no, fee, is: kind, seconds: passed } of steps) {
        seconds += passed;
        const at = plus(seconds);
        const refund = refundOf(order, no);
        const before = refund?.status.state;
        if (what === 'ask') order = requestRefund(order, aRefundRequest(no, fee), at).order;
        const isSent = refund?.status.state === 'requested' && !areUntaken(refund.status);
        if (what === 'send' && isSent) quietly(() => wechat.accept(order, refund));
        if (what === 'console') quietly(() => wechat.accept(order, aRefundRequest(`C${no}`, fee)));
        if (what === 'end') end(wechat, [no, `C${no}`], kind as 'success');
        if (what === 'resend' && !wechat.taken.has(no)) order = takeOverRefund(order, no, at);
        if (what === 'give up') {
          const isNotFound = !wechat.taken.has(no);
          const giveUp = { outRefundNo: no, isNotFound, by: 'oAdmin', reason: 'x' };
          order = decideGiveUp(order, giveUp, at).order;
        }
        if (what === 'fail' && !wechat.taken.has(no)) {
          order = failAttempt(
            order,
            { outRefundNo: no, attempts: 1, code: 'X', end: 'refused' },
            at,
          );
        }
        if (what === 'notify') {
          for (const evidence of wechat.taken.values())
            order = concludeRefund(order, evidence, at).order;
        }
        const numbers = order.refunds?.map(({ outRefundNo }) => outRefundNo) ?? [];
        expect(new Set(numbers).size).toBe(numbers.length);
        const done = order.refunds?.filter(({ status }) => 'refundId' in status);
        expect(refundedFee(done)).toBeLessThanOrEqual(paid.totalFee);
        const begun = !before && refundOf(order, no);
        if (begun && begun.origin === 'ours')
          expect(refundedFee(order.refunds)).toBeLessThanOrEqual(100);
        if (before === 'success') expect(refundOf(order, no)?.status.state).toBe('success');
        const result = order.events.map(({ type, about }) => `${type} ${about}`);
        expect(new Set(result).size).toBe(result.length);
        const pending = order.refunds?.some(({ status }) =>
          ['requested', 'processing', 'abnormal'].includes(status.state),
        );
        expect(order.checkAt !== null).toBe(pending ?? false);
      }
    }),
    { numRuns: 1000 },
  );
});

function end(
  wechat: ReturnType<typeof refundingWeChat>,
  nos: string[],
  kind: 'success' | 'closed' | 'abnormal',
) {
  for (const no of nos) {
    const now = wechat.taken.get(no)?.kind;
    if (now === 'processing' || (now === 'abnormal' && kind === 'success')) wechat.end(no, kind);
  }
}

function quietly(act: () => unknown) {
  try {
    act();
  } catch {
    // WeChat refuses what exceeds the sum.
  }
}

describe('a refund of a payment that is not the order’s own', () => {
  const differing = proof({ totalFee: fen(1), mchid: '1900000777', spMchid: '1900000200' });
  const quarantined = conclude(ordersByState.paying, differing, plus(60)).order;
  const second = proof({ transactionId: '421', totalFee: fen(90) });
  const orphan = orphanOf(proof(), plus(60));
  const about = { outRefundNo: 'C1', refundFee: fen(1) };
  const cases: [string, OrderDocument, Partial<RefundEvidence>][] = [
    ['a quarantined order', quarantined, { totalFee: fen(1), mchid: '1900000777' }],
    [
      'a second payment',
      conclude(paid, second, plus(61)).order,
      { transactionId: '421', totalFee: fen(90) },
    ],
    [
      'a second payment of a quarantined order',
      conclude(quarantined, second, plus(61)).order,
      { transactionId: '421', totalFee: fen(90) },
    ],
    ['an orphan', orphan, {}],
    [
      'a second payment of an orphan',
      concludeOrphan(orphan, second, plus(61)).order,
      { transactionId: '421', totalFee: fen(90) },
    ],
  ];
  test.each(cases)(
    'of %s is recorded once, and takes nothing of the order',
    (_what, document, more) => {
      const evidence = refundProof({ ...about, ...more });
      const { outcome, order } = concludeRefund(document, evidence, now);
      expect(outcome).toBe('refund_success');
      expect(order.refunds).toMatchObject([
        {
          outRefundNo: 'C1',
          transactionId: evidence.transactionId,
          origin: 'external',
          status: { state: 'success' },
        },
      ]);
      expect(order.events.slice(document.events.length).map(({ type }) => type)).toEqual([
        'refund.external',
        'refund.success',
      ]);
      expect(concludeRefund(order, evidence, plus(200)).order).toBe(order);
      expect(order.checkAt).toBe(document.checkAt);
      if (order.kind === 'order' && order.status.state === 'paid')
        expect(requestRefund(order, aRefundRequest('R2', 100), plus(200)).outcome).toBe('begun');
    },
  );

  test.each(cases)('of %s that differs is reported, and not recorded', (_what, document, more) => {
    for (const other of [{ totalFee: fen(77) }, { currency: 'USD' }, { mchid: '1' }]) {
      const evidence = refundProof({ ...about, ...more, ...other });
      const { outcome, order } = concludeRefund(document, evidence, now);
      expect([outcome, order.refunds]).toEqual(['refund_mismatch', undefined]);
      expect(order.events.at(-1)?.type).toBe('refund.mismatch');
    }
    const ofUnknown = refundProof({ ...about, ...more, transactionId: '999' });
    const waiting = { outcome: 'refund_before_payment', order: document };
    expect(concludeRefund(document, ofUnknown, now)).toEqual(waiting);
  });

  test('that is still in progress is queried: the quarantined order, or the orphan, is due for it', () => {
    const evidence = refundProof({ ...about, kind: 'processing', totalFee: fen(1) });
    const { order } = concludeRefund(quarantined, evidence, now);
    expect(order.checkAt).toEqual(plus(160));
    expect(checkNow(order, now).checkAt).toEqual(now);
    const ofOrphan = refundProof({ ...about, kind: 'processing' });
    expect(concludeRefund(orphan, ofOrphan, now).order.checkAt).toEqual(plus(160));
  });

  test('has a number that is used: no refund of the order’s own has it', () => {
    const document = conclude(paid, second, plus(61)).order;
    const evidence = refundProof({ ...about, transactionId: '421', totalFee: fen(90) });
    const { order } = concludeRefund(document, evidence, now);
    expect(requestRefund(order, aRefundRequest('C1', 1), now)).toMatchObject({
      refusal: { code: 'OUT_REFUND_NO_USED' },
    });
    const own = concludeRefund(order, refundProof(about), now);
    expect(own.outcome, 'nor is evidence of another payment its own').toBe('refund_mismatch');
  });

  test('of a quarantined order as it was stored before its payment was kept', () => {
    const { payment: _, ...older } = quarantined.quarantine ?? {};
    const stored = { ...quarantined, quarantine: older as Quarantine };
    const evidence = refundProof({ ...about, totalFee: fen(1) });
    expect(concludeRefund(stored, evidence, now).outcome).toBe('refund_success');
  });
});
