import { expect, test } from 'vitest';
import { ordersByState, plus, proof } from '../../../tests/support/orders.ts';
import { aRefundRequest, refundProof } from '../../../tests/support/refunds.ts';
import { type DecisionName, withDecision } from '../decision.ts';
import { fen } from '../money.ts';
import { conclude, concludeOrphan, orphanOf } from '../order/conclude.ts';
import { withEvent } from '../order/event.ts';
import type { OrderDocument } from '../order/order.ts';
import { beginRefund, type Refund, type RefundStatus } from '../order/refund.ts';
import { concludeRefund } from '../refund/concludeRefund.ts';
import { type AttentionKind, attentionAt, attentionOf, DECISIONS_OF } from './attention.ts';

const { paying, paid } = ordersByState;
const { outTradeNo } = paid;
const HOUR_S = 3600;
const aRefund = (status: RefundStatus): Refund => ({
  ...beginRefund(aRefundRequest('R1', 40), plus(100)),
  status,
});
const withRefunds = (...refunds: Refund[]): OrderDocument => ({ ...paid, refunds });
const requested = { state: 'requested', placingUntil: plus(106), attempts: 1 } as const;
const quarantined = conclude(paying, proof({ totalFee: fen(150) }), plus(61)).order;
const orphan = orphanOf(proof(), plus(61));
const twice = conclude(paid, proof({ transactionId: '421', totalFee: fen(90) }), plus(62)).order;
const reported = withEvent(paid, 'order.paid', plus(61));
const event = reported.events.map((each) => ({
  ...each,
  deliveries: {
    function: { state: 'parked', attempts: 9, parkedAt: plus(300), lastError: 'TIMED_OUT' },
    url: { state: 'delivered', attempts: 1, deliveredAt: plus(70) },
  } as const,
}));

/** A document of each kind, and what is listed of it. */
const cases: [AttentionKind, OrderDocument, object][] = [
  ['quarantine', quarantined, { about: '420', since: plus(61), detail: 'amount', fee: 150 }],
  ['orphan', orphan, { about: '420', since: plus(61), fee: 100 }],
  ['second_payment', twice, { about: '421', since: plus(62), fee: 90 }],
  [
    'second_payment',
    concludeOrphan(orphan, proof({ transactionId: '421' }), plus(70)).order,
    { about: '421', since: plus(70), fee: 100 },
  ],
  [
    'refund_mismatch',
    concludeRefund(withRefunds(aRefund(requested)), refundProof({ refundFee: fen(39) }), plus(103))
      .order,
    { about: 'R1 refundFee', since: plus(103) },
  ],
  [
    'refund_abnormal',
    withRefunds(aRefund({ state: 'abnormal', refundId: '5', abnormalAt: plus(200) })),
    { about: 'R1', since: plus(200), fee: 40 },
  ],
  [
    'refund_unverified',
    withRefunds(aRefund({ state: 'unverified', unverifiedAt: plus(201) })),
    { about: 'R1', since: plus(201), fee: 40 },
  ],
  [
    'refund_requested',
    withRefunds(aRefund(requested)),
    { about: 'R1', since: plus(100 + HOUR_S), fee: 40 },
  ],
  [
    'refund_requested',
    withRefunds(aRefund({ ...requested, lastErrorCode: 'NOT_ENOUGH' })),
    { about: 'R1', since: plus(100 + HOUR_S), fee: 40, detail: 'NOT_ENOUGH' },
  ],
  [
    'unanswered',
    { ...paying, unanswered: { since: plus(1), code: 'NO_AUTH', endedAt: plus(9) } },
    { about: outTradeNo, since: plus(9), detail: 'NO_AUTH' },
  ],
  [
    'event_parked',
    { ...reported, events: event },
    { about: `${outTradeNo}.1`, since: plus(300), detail: 'TIMED_OUT' },
  ],
];

/** Finds what is listed of this kind long after. */
const listed = (document: OrderDocument, kind: AttentionKind) =>
  attentionOf(document, plus(9 * HOUR_S)).filter((each) => each.kind === kind);

test.each(cases)(
  '%s is listed with what it is about, since when, and the sum',
  (kind, document, found) => {
    expect(listed(document, kind)).toStrictEqual([{ kind, ...found }]);
  },
);

test.each<[AttentionKind, DecisionName[]]>([
  ['quarantine', ['refundPayment', 'acceptPayment', 'leave']],
  ['orphan', ['refundPayment', 'acceptPayment', 'leave']],
  ['second_payment', ['refundPayment', 'leave']],
  ['refund_mismatch', ['leave']],
  ['refund_abnormal', ['leave']],
  ['refund_unverified', ['leave']],
  ['refund_requested', ['giveUpRefund', 'leave']],
  ['unanswered', ['leave']],
  ['event_parked', ['redeliver', 'leave']],
])('%s is ended by one of %j, and the first is proposed', (kind, decisions) => {
  expect(DECISIONS_OF[kind]).toEqual(decisions);
});

test('every kind has a case here', () => {
  expect(new Set(cases.map(([kind]) => kind))).toEqual(new Set(Object.keys(DECISIONS_OF)));
});

test.each(cases)('%s needs nobody before its time, and somebody from then on', (kind, document) => {
  const [{ since } = { since: plus(0) }] = listed(document, kind);
  const kinds = (now: Date) => attentionOf(document, now).map((each) => each.kind);
  expect(kinds(new Date(since.getTime() - 1))).not.toContain(kind);
  expect(kinds(since)).toContain(kind);
});

test.each(cases)(
  '%s that was left is not listed, unless it came up again since',
  (kind, document) => {
    const [{ about, since } = { about: '', since: plus(0) }] = listed(document, kind);
    const left = (more: object = {}) =>
      withDecision(document, {
        decision: 'leave',
        attention: kind,
        about,
        by: 'oAdmin',
        at: since,
        reason: 'x',
        ...more,
      });
    expect(listed(left(), kind)).toEqual([]);
    expect(listed(left({ at: new Date(since.getTime() - 1) }), kind)).toHaveLength(1);
    expect(listed(left({ about: 'another' }), kind)).toHaveLength(1);
    expect(listed(left({ attention: 'another' }), kind)).toHaveLength(1);
    const isOfPayment = ['quarantine', 'orphan', 'second_payment'].includes(kind);
    const accepted = left({ decision: 'acceptPayment', attention: undefined });
    expect(listed(accepted, kind)).toHaveLength(isOfPayment ? 0 : 1);
    expect(listed(left({ decision: 'redeliver', attention: undefined }), kind)).toHaveLength(1);
  },
);

test.each<[AttentionKind, OrderDocument, string, number]>([
  ['quarantine', quarantined, '420', 150],
  ['orphan', orphan, '420', 100],
  ['second_payment', twice, '421', 90],
])(
  '%s ends once all of it goes back, and not a fen before',
  (kind, document, transactionId, fee) => {
    const back = (refundFee: number, state: 'processing' | 'closed'): OrderDocument => ({
      ...document,
      refunds: [
        {
          ...aRefund({ state, refundId: '5', closedAt: plus(101) }),
          refundFee: fen(refundFee),
          transactionId,
        },
      ],
    });
    expect(listed(back(fee - 1, 'processing'), kind)).toHaveLength(1);
    expect(listed(back(fee, 'closed'), kind)).toHaveLength(1);
    expect(listed(back(fee, 'processing'), kind)).toEqual([]);
  },
);

test('a payment whose sum nobody named never counts as paid back', () => {
  const { totalFee: _none, ...unnamed } = orphan;
  const refunds = [aRefund({ state: 'processing', refundId: '5' })];
  expect(listed({ ...unnamed, refunds }, 'orphan')).toStrictEqual([
    { kind: 'orphan', about: '420', since: plus(61) },
  ]);
});

test('an abnormal refund is listed, though its number is that of a payment which goes back', () => {
  const status = { state: 'abnormal', refundId: '5', abnormalAt: plus(200) } as const;
  const document = withRefunds({ ...aRefund(status), outRefundNo: '420' });
  expect(listed(document, 'refund_abnormal')).toMatchObject([{ about: '420', fee: 40 }]);
});

test('a refund that is on its way or over needs nobody', () => {
  const states: RefundStatus[] = [
    { state: 'processing', refundId: '5' },
    { state: 'success', refundId: '5', succeededAt: plus(200) },
    { state: 'closed', refundId: '5', closedAt: plus(200) },
    { state: 'refused', reason: 'NO_AUTH', refusedAt: plus(200) },
  ];
  const document = withRefunds(...states.map(aRefund));
  expect([attentionOf(document, plus(9 * HOUR_S)), attentionAt(document)]).toEqual([[], undefined]);
});

test('an order of which nothing is confirmed needs nobody while it is checked', () => {
  const document = { ...paying, unanswered: { since: plus(1), code: 'NO_AUTH' } };
  expect(attentionAt(document)).toBeUndefined();
});

test('the oldest comes first, and says when the document needs somebody', () => {
  const abnormal = aRefund({ state: 'abnormal', refundId: '5', abnormalAt: plus(30) });
  const unverified = aRefund({ state: 'unverified', unverifiedAt: plus(40) });
  const document = { ...twice, refunds: [unverified, abnormal] };
  const kinds = attentionOf(document, plus(HOUR_S)).map(({ kind }) => kind);
  expect(kinds).toEqual(['refund_abnormal', 'refund_unverified', 'second_payment']);
  expect(attentionAt(document)).toEqual(plus(30));
  expect(attentionAt(paid)).toBeUndefined();
});
