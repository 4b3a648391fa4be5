import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  anOrder,
  aPrepay,
  ordersByState,
  plus,
  proof,
  unpaid,
} from '../../../tests/support/orders.ts';
import { aRefundRequest } from '../../../tests/support/refunds.ts';
import { PREPAY_FRESH_MS } from '../limits.ts';
import { fen } from '../money.ts';
import { conclude, concludeOrphan, orphanOf } from './conclude.ts';
import {
  type Evidence,
  MEANING_OF_TRADE_STATE,
  type PaidEvidence,
  TRADE_STATES,
} from './evidence.ts';
import type { Order, State } from './order.ts';
import { releasePlacing, takeOverPlacing, withPrepay } from './order.ts';
import { placementOf, scheduleClose } from './placement.ts';
import { beginRefund, type Refund } from './refund.ts';

const now = plus(900);
const late = plus(5000);
const refunded = (more: Partial<PaidEvidence> = {}) => proof({ tradeState: 'REFUND', ...more });
const without = (names: string[], evidence: PaidEvidence): PaidEvidence => {
  const given = Object.entries(evidence).filter(([name]) => !names.includes(name));
  return Object.fromEntries(given) as unknown as PaidEvidence;
};
const quarantined = (order: Order) => conclude(order, proof({ totalFee: fen(1) }), now).order;

// Every state against every kind of evidence: the outcome, the state after it, what is newly said.
test.each<[State, string, Evidence, string, State, string | undefined]>([
  ['created', 'SUCCESS', proof(), 'paid', 'paid', 'order.paid'],
  ['created', 'REFUND', refunded(), 'refunded_externally', 'paid', 'order.refunded_externally'],
  ['created', 'NOTPAY', unpaid('unpaid', 'NOTPAY'), 'unpaid', 'created', undefined],
  ['created', 'CLOSED', unpaid('closed', 'CLOSED'), 'closed', 'closed', 'order.closed'],
  [
    'created',
    'not_found',
    unpaid('not_found', 'ORDER_NOT_EXIST'),
    'closed',
    'closed',
    'order.closed',
  ],
  [
    'created',
    'a new word',
    unpaid('unknown', 'X'),
    'unknown_trade_state',
    'created',
    'order.unknown_trade_state',
  ],
  ['paying', 'SUCCESS', proof(), 'paid', 'paid', 'order.paid'],
  ['paying', 'REFUND', refunded(), 'refunded_externally', 'paid', 'order.refunded_externally'],
  ['paying', 'NOTPAY', unpaid('unpaid', 'NOTPAY'), 'unpaid', 'paying', undefined],
  ['paying', 'CLOSED', unpaid('closed', 'CLOSED'), 'closed', 'closed', 'order.closed'],
  [
    'paying',
    'not_found',
    unpaid('not_found', 'ORDER_NOT_EXIST'),
    'unknown_at_wechat',
    'paying',
    'order.unknown_at_wechat',
  ],
  [
    'paying',
    'a new word',
    unpaid('unknown', 'X'),
    'unknown_trade_state',
    'paying',
    'order.unknown_trade_state',
  ],
  ['paid', 'SUCCESS', proof(), 'already_paid', 'paid', undefined],
  ['paid', 'REFUND', refunded(), 'refunded_externally', 'paid', 'order.refunded_externally'],
  [
    'paid',
    'a second payment',
    proof({ transactionId: '421' }),
    'duplicate_payment',
    'paid',
    'order.duplicate_payment',
  ],
  ['paid', 'NOTPAY', unpaid('unpaid', 'NOTPAY'), 'already_paid', 'paid', undefined],
  ['paid', 'CLOSED', unpaid('closed', 'CLOSED'), 'already_paid', 'paid', undefined],
  ['paid', 'not_found', unpaid('not_found', 'ORDER_NOT_EXIST'), 'already_paid', 'paid', undefined],
  ['paid', 'a new word', unpaid('unknown', 'X'), 'already_paid', 'paid', undefined],
  ['closed', 'REFUND', refunded(), 'refunded_externally', 'paid', 'order.refunded_externally'],
  ['closed', 'SUCCESS', proof(), 'paid_after_close', 'paid', 'order.paid_after_close'],
  ['closed', 'NOTPAY', unpaid('unpaid', 'NOTPAY'), 'already_closed', 'closed', undefined],
  ['closed', 'CLOSED', unpaid('closed', 'CLOSED'), 'already_closed', 'closed', undefined],
  [
    'closed',
    'not_found',
    unpaid('not_found', 'ORDER_NOT_EXIST'),
    'already_closed',
    'closed',
    undefined,
  ],
  ['closed', 'a new word', unpaid('unknown', 'X'), 'already_closed', 'closed', undefined],
])(
  'a %s order, WeChat says %s: %o is %s',
  (state, _word, evidence, outcome, stateAfter, result) => {
    const verdict = conclude(ordersByState[state], evidence, now);
    expect(verdict.outcome).toBe(outcome);
    expect(verdict.order.status.state).toBe(stateAfter);
    expect(verdict.order.events.at(-1)?.type).toBe(result);
    const open = stateAfter === 'created' || stateAfter === 'paying';
    expect(verdict.order.checkAt !== null).toBe(open);
    expect(conclude(verdict.order, evidence, now).order.events).toEqual(verdict.order.events);
  },
);

test.each([
  ['amount', proof({ totalFee: fen(99) })],
  ['currency', proof({ currency: 'USD' })],
  ['mchid', proof({ mchid: '1' })],
  ['spMchid', proof({ spMchid: '1' })],
  ['appid', proof({ appid: 'wx2' })],
  ['openid', proof({ openid: 'oOther' })],
] as const)(
  'a verified payment with another %s is quarantined once, and not paid',
  (differs, evidence) => {
    for (const state of ['created', 'paying', 'closed'] as const) {
      const first = conclude(ordersByState[state], evidence, now);
      expect(first.outcome).toBe('mismatch');
      expect(first.order.status.state).toBe(state);
      expect(first.order.quarantine).toMatchObject({ differs, transactionId: '420' });
      expect(first.order.checkAt).toBeNull();
      expect(first.order.events.map((event) => event.type)).toEqual(['order.mismatch']);
      const second = conclude(first.order, evidence, late);
      expect(second).toEqual({ outcome: 'quarantined', order: first.order });
    }
  },
);

// Where WeChat says REFUND, its documents do not say whether amount and time are still told.
test.each<[string, ('totalFee' | 'paidAt')[], Date]>([
  ['whole', [], plus(60)],
  ['without its amount', ['totalFee'], plus(60)],
  ['without amount and time', ['totalFee', 'paidAt'], now],
])(
  'a refunded order that is reported %s is paid, and never reported as payable goods',
  (_what, sparse, paidAt) => {
    for (const state of ['created', 'paying', 'closed'] as const) {
      const { order } = conclude(ordersByState[state], without(sparse, refunded()), now);
      expect(order).toMatchObject({
        status: { state: 'paid', receipt: { transactionId: '420', paidAt, confirmedAt: now } },
        refundedExternallyAt: now,
      });
      expect(order.events.map(({ type }) => type)).toEqual(['order.refunded_externally']);
      const again = conclude(order, refunded(), late);
      expect(again).toEqual({ outcome: 'already_paid', order });
    }
  },
);

test('a payment without amount differs, unless it is refunded', () => {
  const { totalFee: _, ...sparse } = proof();
  expect(conclude(ordersByState.paying, sparse, now).outcome).toBe('mismatch');
  const later = conclude(ordersByState.paying, without(['paidAt'], refunded()), late);
  expect(later.order.status).toMatchObject({ receipt: { paidAt: ordersByState.paying.expiresAt } });
});

test.each<[string, Refund['status'], boolean]>([
  ['requested', { state: 'requested', placingUntil: now, attempts: 1 }, true],
  ['processing', { state: 'processing', refundId: '503' }, true],
  ['abnormal', { state: 'abnormal', refundId: '503', abnormalAt: now }, true],
  ['success', { state: 'success', refundId: '503', succeededAt: now }, false],
  ['unverified', { state: 'unverified', refundId: '503', unverifiedAt: now }, false],
])(
  'REFUND that a refund of ours explains (%s) tells nothing; a pending one is due at once',
  (_state, status, isDue) => {
    const refund = { ...beginRefund(aRefundRequest('R1'), plus(100)), status };
    const order = { ...ordersByState.paid, refunds: [refund] };
    const verdict = conclude(order, refunded(), now);
    expect(verdict).toEqual({
      outcome: 'already_paid',
      order: { ...order, checkAt: isDue ? now : null },
    });
  },
);

test.each<[string, Refund['status']]>([
  ['that WeChat refused', { state: 'refused', reason: 'X', refusedAt: now }],
  ['that ended closed', { state: 'closed', refundId: '503', closedAt: now }],
  [
    'that WeChat certainly does not have',
    { state: 'requested', placingUntil: now, attempts: 1, untakenAttempts: 1 },
  ],
])('a refund %s gives nothing back, and explains nothing', (_what, status) => {
  const refund = { ...beginRefund(aRefundRequest('R1'), plus(100)), status };
  const order = { ...ordersByState.paid, refunds: [refund] };
  expect(conclude(order, refunded(), now).outcome).toBe('refunded_externally');
});

test('a quarantined order and an orphan say that their money went back, once', () => {
  const kept = quarantined(ordersByState.paying);
  const noticed = conclude(kept, refunded({ totalFee: fen(1) }), late).order;
  expect(noticed.events.at(-1)?.type).toBe('order.refunded_externally');
  expect(noticed).toMatchObject({ refundedExternallyAt: late, status: { state: 'paying' } });
  expect(conclude(noticed, refunded(), late).order).toBe(noticed);
  const together = conclude(ordersByState.paying, refunded({ totalFee: fen(1) }), now).order;
  expect(together.events.map(({ type }) => type)).toEqual([
    'order.mismatch',
    'order.refunded_externally',
  ]);
  const orphan = concludeOrphan(orphanOf(proof(), now), refunded(), late).order;
  expect(orphan.events.map(({ type }) => type)).toEqual([
    'order.orphan',
    'order.refunded_externally',
  ]);
  expect(concludeOrphan(orphan, refunded(), late).order).toBe(orphan);
});

test.each([
  ['paid', ordersByState.paid],
  ['quarantined', quarantined(ordersByState.paying)],
] as const)(
  'of a second payment of an order that is %s all is kept that WeChat answered',
  (_what, order) => {
    const second = proof({
      transactionId: '421',
      openid: 'oOther',
      totalFee: fen(99),
      paidAt: plus(70),
    });
    const { outcome, order: after } = conclude(order, second, now);
    expect(outcome).toBe('duplicate_payment');
    expect(after.secondPayments).toEqual([
      {
        transactionId: '421',
        tradeState: 'SUCCESS',
        totalFee: 99,
        currency: 'CNY',
        mchid: '1900000109',
        appid: 'wx0000000000000001',
        openid: 'oOther',
        paidAt: plus(70),
        confirmedBy: 'query',
        confirmedAt: now,
      },
    ]);
    expect(conclude(after, second, late).order).toBe(after);
  },
);

test('at most ten second payments are kept whole; each is reported', () => {
  let order: Order = ordersByState.paid;
  for (let i = 0; i < 12; i += 1)
    order = conclude(order, proof({ transactionId: `5${i}` }), now).order;
  expect(order.secondPayments?.map(({ transactionId }) => transactionId)).toEqual(
    Array.from({ length: 10 }, (_, i) => `5${i}`),
  );
  expect(order.events).toHaveLength(12);
});

test('what is quarantined is kept whole, so that it can be accepted or refunded', () => {
  const { quarantine } = quarantined(ordersByState.paying);
  expect(quarantine?.payment).toMatchObject({
    transactionId: '420',
    totalFee: 1,
    openid: 'oPayer',
    paidAt: plus(60),
  });
});

test('what WeChat does not say is not compared', () => {
  const { appid: _a, openid: _o, ...bare } = proof();
  expect(conclude(ordersByState.paying, bare, now).outcome).toBe('paid');
});

test.each([undefined, '1900000201'])('an order under a provider, paid under %s', (spMchid) => {
  const order = { ...ordersByState.paying, spMchid: '1900000200' };
  const { spMchid: _, ...bare } = proof({ spMchid: '1900000200' });
  const evidence = spMchid === undefined ? bare : { ...bare, spMchid };
  expect(conclude(order, evidence, now)).toMatchObject({
    outcome: 'mismatch',
    order: { quarantine: { differs: 'spMchid' } },
  });
  const agreed = { ...bare, spMchid: '1900000200' };
  expect(conclude(order, agreed, now).outcome).toBe('paid');
});

test('a quarantined order waits for an admin, whatever comes', () => {
  const order = quarantined(ordersByState.paying);
  for (const evidence of [proof(), unpaid('closed', 'CLOSED'), unpaid('unpaid', 'NOTPAY')]) {
    expect(conclude(order, evidence, late)).toEqual({ outcome: 'quarantined', order });
  }
});

test.each([
  ['asked', scheduleClose(ordersByState.paying, plus(60)), plus(60)],
  ['expired', ordersByState.paying, plus(1800)],
  ['CLOSED', ordersByState.paying, plus(60)],
] as const)('an order that WeChat closed says why: %s', (reason, order, at) => {
  const { status } = conclude(order, unpaid('closed', 'CLOSED'), at).order;
  expect(status).toMatchObject({ state: 'closed', reason });
});

test.each(['PAYERROR', 'REVOKED'])(
  '%s: the order is closed at WeChat first, for it may be payable',
  (code) => {
    for (const [state, dueAt] of [
      ['paying', plus(1)],
      ['created', plus(606)],
    ] as const) {
      const first = conclude(ordersByState[state], unpaid('failed', code), now);
      expect(first).toMatchObject({
        outcome: 'unpaid',
        order: { closeDueAt: dueAt, closeReason: code },
      });
      expect(first.order.status).toBe(ordersByState[state].status);
      expect(placementOf(first.order, plus(10), PREPAY_FRESH_MS)).toEqual({
        kind: 'refuse',
        code: 'CLOSE_SCHEDULED',
      });
      const again = conclude(first.order, unpaid('failed', code), now).order;
      expect(again).toBe(first.order);
      const { order } = conclude(again, unpaid('closed', 'CLOSED'), late);
      expect(order.status).toMatchObject({ state: 'closed', reason: code });
      expect(order).not.toHaveProperty('closeReason');
      expect(conclude(first.order, proof(), late).order.status.state).toBe('paid');
    }
    const asked = scheduleClose(ordersByState.paying, plus(2));
    expect(conclude(asked, unpaid('failed', code), now).order).not.toHaveProperty('closeReason');
  },
);

test('an order without prepay id is given up 10 minutes after its last placer, not before', () => {
  const missing = unpaid('not_found', 'ORDER_NOT_EXIST');
  expect(conclude(anOrder(), missing, plus(605)).outcome).toBe('unpaid');
  expect(conclude(anOrder(), missing, plus(606)).outcome).toBe('closed');
  const retried = takeOverPlacing(anOrder(), plus(300));
  expect(conclude(retried, missing, plus(700)).outcome).toBe('unpaid');
});

test('a requested close keeps its time when WeChat still says NOTPAY', () => {
  const requested = scheduleClose(ordersByState.paying, plus(301));
  const { order } = conclude(requested, unpaid('unpaid', 'NOTPAY'), plus(31));
  expect(order.checkAt).toEqual(plus(60));
  const next = (at: Date) => conclude(order, unpaid('unpaid', 'NOTPAY'), at).order.checkAt;
  expect(next(plus(300))).toEqual(plus(301));
  expect(next(plus(301)), 'due, and left to the timer').toEqual(plus(60));
  const leased = { ...order, checkAt: plus(421) };
  const tried = conclude(leased, unpaid('unpaid', 'NOTPAY'), plus(301)).order;
  expect(tried.checkAt, 'after the timer’s own try').toEqual(plus(361));
});

test('taking over and releasing concern created orders only', () => {
  const paying = withPrepay(anOrder(), aPrepay, plus(1));
  expect(takeOverPlacing(paying, now)).toBe(paying);
  expect(releasePlacing(paying, now)).toBe(paying);
  expect(takeOverPlacing(anOrder(), now).status).toMatchObject({ attempts: 2 });
  expect(releasePlacing(anOrder(), now).status).toMatchObject({ placingUntil: now, attempts: 1 });
});

test('a payment for an unknown number is kept with all that is known of it', () => {
  expect(orphanOf(proof({ spMchid: '1900000200' }), now)).toMatchObject({
    kind: 'orphan',
    totalFee: 100,
    spMchid: '1900000200',
    openid: 'oPayer',
    receipt: { transactionId: '420', confirmedBy: 'query' },
    events: [{ id: 'T20261124001.1', type: 'order.orphan' }],
  });
});

test('every trade state of WeChat has a meaning', () => {
  expect(Object.keys(MEANING_OF_TRADE_STATE).sort()).toEqual([...TRADE_STATES].sort());
});

const anyEvidence = fc.oneof(
  fc
    .record({
      id: fc.constantFrom('420', '421'),
      fee: fc.constantFrom(99, 100),
      tradeState: fc.constantFrom('SUCCESS' as const, 'REFUND' as const),
    })
    .map(({ id, fee, tradeState }) => proof({ transactionId: id, totalFee: fen(fee), tradeState })),
  fc
    .constantFrom('unpaid', 'closed', 'failed', 'not_found', 'unknown')
    .map((kind) => unpaid(kind as 'unpaid', kind.toUpperCase())),
);

test('however often and in whatever order evidence arrives, an order is paid at most once', () => {
  const start = fc.constantFrom(...(Object.keys(ordersByState) as State[]));
  fc.assert(
    fc.property(start, fc.array(anyEvidence, { maxLength: 30 }), (state, all) => {
      let order: Order = ordersByState[state];
      let at = now.getTime();
      const paidEvents = () => order.events.filter(({ type }) => /^order\.paid/.test(type)).length;
      for (const evidence of all) {
        at += 60_000;
        const before = order;
        order = conclude(order, evidence, new Date(at)).order;
        if (before.status.state === 'paid') expect(order.status).toBe(before.status);
        const isFirst = before.status.state !== 'paid' && order.status.state === 'paid';
        const isRefunded = evidence.kind === 'paid' && evidence.tradeState === 'REFUND';
        if (isFirst) expect(order.refundedExternallyAt !== undefined).toBe(isRefunded);
        if (isFirst) expect(paidEvents()).toBe(isRefunded ? 0 : 1);
        expect(paidEvents()).toBeLessThanOrEqual(1);
        expect(order.events.map((event) => event.seq)).toEqual(order.events.map((_, i) => i + 1));
        const waits = !order.quarantine && ['created', 'paying'].includes(order.status.state);
        expect(order.checkAt !== null).toBe(waits);
      }
    }),
  );
});
