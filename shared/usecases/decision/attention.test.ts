import { describe, expect, test } from 'vitest';
import { anOrder, ordersByState, plus, proof } from '../../../tests/support/orders.ts';
import { refundingWeChat, refundProof } from '../../../tests/support/refunds.ts';
import { aGateway, anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import { ATTENTION_KINDS, type ListedKind } from '../../contract/decision/attentionKinds.ts';
import {
  decideOrder as contract,
  type DecideOrderInput,
} from '../../contract/decision/decideOrder.ts';
import type { ListAttentionAnswer } from '../../contract/decision/listAttention.ts';
import { type Fen, fen } from '../../domain/money.ts';
import { conclude, concludeOrphan, orphanOf } from '../../domain/order/conclude.ts';
import { withEvent } from '../../domain/order/event.ts';
import type { Order, OrderDocument } from '../../domain/order/order.ts';
import { concludeRefund } from '../../domain/refund/concludeRefund.ts';
import { paymentToRefund } from '../../domain/refund/refundedPayment.ts';
import { requestRefund } from '../../domain/refund/requestRefund.ts';
import { type Gateway, GatewayError } from '../../ports/gateway.ts';
import { queryOrder } from '../order/queryOrder.ts';
import { refundOrder } from '../refund/refundOrder.ts';
import { closeStaleOrders } from '../timer/closeStaleOrders.ts';
import { decideOrder } from './decideOrder.ts';
import { listAttention } from './listAttention.ts';

const { paying, paid, closed } = ordersByState;
const { outTradeNo } = paid;
const admin = { kind: 'admin', openid: 'oAdmin', source: 'wx_client' } as const;
const HOUR_S = 3600;
const reason = '已与客户核实';

const aRefund = { outRefundNo: 'R1', refundFee: fen(40), request: '{}' } as const;
const begun = requestRefund(paid, aRefund, plus(100)).order;
const taken = concludeRefund(begun, refundProof({ kind: 'processing' }), plus(102)).order;
const { refunds: endedClosed = [] } = concludeRefund(
  begun,
  refundProof({ kind: 'closed' }),
  plus(102),
).order;
const quarantined = conclude(paying, proof({ totalFee: fen(150) }), plus(61)).order;
const orphan = orphanOf(proof(), plus(61));
const second = proof({ transactionId: '421', totalFee: fen(90) });

/** A document of each kind, and the decision that ends what needs a human about it. */
const cases: Record<Exclude<ListedKind, 'unreadable'>, [OrderDocument, string, object]> = {
  quarantine: [quarantined, '420', { decision: 'acceptPayment', transactionId: '420' }],
  orphan: [orphan, '420', { decision: 'refundPayment', transactionId: '420' }],
  second_payment: [
    conclude(paid, second, plus(62)).order,
    '421',
    { decision: 'refundPayment', transactionId: '421' },
  ],
  refund_mismatch: [
    concludeRefund(taken, refundProof({ refundFee: fen(39) }), plus(103)).order,
    'R1 refundFee',
    { decision: 'leave', kind: 'refund_mismatch', about: 'R1 refundFee' },
  ],
  refund_abnormal: [
    concludeRefund(begun, refundProof({ kind: 'abnormal' }), plus(103)).order,
    'R1',
    { decision: 'leave', kind: 'refund_abnormal', about: 'R1' },
  ],
  refund_unverified: [
    {
      ...begun,
      refunds: [
        {
          ...aRefund,
          requestedAt: plus(100),
          origin: 'ours',
          status: { state: 'unverified', unverifiedAt: plus(200), refundId: '5' },
        },
      ],
    },
    'R1',
    { decision: 'leave', kind: 'refund_unverified', about: 'R1' },
  ],
  refund_requested: [begun, 'R1', { decision: 'giveUpRefund', outRefundNo: 'R1' }],
  event_parked: [
    withParked(withEvent(paid, 'order.paid', plus(61))),
    `${outTradeNo}.1`,
    { decision: 'redeliver', eventId: `${outTradeNo}.1` },
  ],
  unanswered: [
    { ...paying, checkAt: null, unanswered: { since: plus(1), code: 'X', endedAt: plus(9) } },
    outTradeNo,
    { decision: 'leave', kind: 'unanswered', about: outTradeNo },
  ],
};

/** A world with this document, two hours after it was placed. */
async function open(document: OrderDocument, more: Partial<Gateway> = {}) {
  const wechat = refundingWeChat();
  const sent: unknown[] = [];
  const gateway = aGateway({
    ...wechat.gateway,
    freezeRefund: (payment, { outRefundNo }) => JSON.stringify({ payment, outRefundNo }),
    refund: async (payment, refund) => {
      sent.push(JSON.parse(refund.request));
      const failure = wechat.failures.shift();
      if (failure instanceof GatewayError) throw failure;
      const taken = wechat.accept(payment, refund);
      const { transactionId = '420' } = payment;
      wechat.taken.set(refund.outRefundNo, { ...taken, transactionId });
      return { ...taken, transactionId };
    },
    ...more,
  });
  const world = memoryDeps(gateway, 'service');
  await world.store.insert(document);
  world.pass(2 * HOUR_S);
  const decide = (input: object) =>
    decideOrder(
      contract.input.parse({ outTradeNo, reason, ...input }) as DecideOrderInput,
      world.deps,
      anInvocation(admin),
    );
  return {
    ...world,
    wechat,
    sent,
    decide,
    list: async (input: object = {}) =>
      (await listAttention(input, world.deps, anInvocation(admin))) as ListAttentionAnswer,
    stored: async () => (await world.store.get(outTradeNo)) as Order,
    events: async () =>
      ((await world.store.get(outTradeNo)) as Order).events.map(
        ({ type, about }) => `${type}${about ? ` ${about}` : ''}`,
      ),
    run: () =>
      closeStaleOrders(
        { Type: 'Timer' },
        world.deps,
        anInvocation({ kind: 'timer', source: 'timer' }, () => 50_000),
      ),
  };
}

type Case = [Exclude<ListedKind, 'unreadable'>, OrderDocument, string, object];
const everyKind = Object.entries(cases).map(([kind, rest]) => [kind, ...rest] as Case);

describe.each(everyKind)('what is %s', (kind, document, about, decision) => {
  test('is listed with age, sum and what to do, and nothing secret', async () => {
    const at = await open(document);
    const { entries, cursor } = await at.list();
    expect(entries).toMatchObject([{ outTradeNo, kind, about }]);
    const [entry] = entries;
    expect(entry?.ageSeconds).toBeGreaterThanOrEqual(3500);
    expect(entry?.action).toMatch(/\p{Script=Han}.* \(.+\)/u);
    expect(entry?.decisions.length).toBeGreaterThan(0);
    expect(cursor).toBeUndefined();
    expect(JSON.stringify(entries)).not.toMatch(/oPayer|frozen|prepay|写/);
  });

  test('is ended by its decision, which is on record with who, when and why, and an event', async () => {
    const at = await open(document);
    const before = (await at.stored()).events.length;
    const first = await at.decide(decision);
    expect(first).not.toHaveProperty('refused');
    expect((await at.list()).entries).toEqual([]);
    const { decisions, events } = await at.stored();
    const name = (decision as DecideOrderInput).decision;
    const on = { decision: name, by: 'oAdmin', at: plus(2 * HOUR_S), reason };
    expect(decisions).toMatchObject([on]);
    expect(events.slice(before).map(({ type }) => type)).toContain(
      name === 'giveUpRefund' ? 'refund.given_up' : 'order.decided',
    );
    expect(await at.decide(decision), 'twice is once').toEqual(first);
    expect((await at.stored()).decisions).toEqual(decisions);
  });

  test('can be left with a reason: no money moves, and it is not listed any more', async () => {
    const at = await open(document);
    const left = { decision: 'leave', kind, about };
    expect(await at.decide(left)).toEqual({ decision: 'leave', outTradeNo, kind, about });
    expect((await at.list()).entries).toEqual([]);
    expect(at.sent).toEqual([]);
    const { decisions, refunds } = await at.stored();
    const { kind: attention, ...others } = left;
    expect(decisions).toMatchObject([{ ...others, attention, by: 'oAdmin', reason }]);
    expect(refunds).toEqual(document.refunds);
  });
});

test('every kind has a case here, and each proposal is a decision that there is', () => {
  expect([...Object.keys(cases), 'unreadable'].sort()).toEqual([...ATTENTION_KINDS].sort());
});

describe('accepting a payment', () => {
  const accept = { decision: 'acceptPayment', transactionId: '420' } as const;

  test('makes the order paid by what was paid, which the merchant hears as of any order', async () => {
    const at = await open(quarantined);
    expect(await at.decide(accept)).toMatchObject({ state: 'paid', transactionId: '420' });
    expect(await at.events()).toEqual([
      'order.mismatch amount',
      'order.decided acceptPayment 420',
      'order.paid',
    ]);
    const order = await at.stored();
    expect(order).not.toHaveProperty('quarantine');
    expect(order.status).toMatchObject({ state: 'paid', receipt: { transactionId: '420' } });
    const user = anInvocation();
    expect(await queryOrder({ outTradeNo }, at.deps, user)).toMatchObject({
      state: 'paid',
      totalFee: 100,
      paidFee: 150,
    });
    const refund = { outTradeNo, refundFee: fen(150) };
    expect(await refundOrder(refund, at.deps, anInvocation(admin))).toMatchObject({
      state: 'processing',
      totalFee: 150,
    });
    expect(at.sent).toMatchObject([{ payment: { totalFee: 150, transactionId: '420' } }]);
  });

  test('of a closed order is a payment after the close', async () => {
    const at = await open(conclude(closed, proof({ openid: 'oOther' }), plus(1900)).order);
    await at.decide(accept);
    expect((await at.events()).slice(-1)).toEqual(['order.paid_after_close']);
  });

  test('may take the second payment, which agreed: the quarantined one is a second one then', async () => {
    const at = await open(conclude(quarantined, proof({ transactionId: '421' }), plus(90)).order);
    await at.decide({ ...accept, transactionId: '421' });
    expect((await at.stored()).status).toMatchObject({ receipt: { transactionId: '421' } });
    expect((await at.list()).entries).toMatchObject([
      { kind: 'second_payment', about: '420', fee: 150 },
    ]);
    expect(await at.decide({ decision: 'refundPayment', transactionId: '420' })).toMatchObject({
      refundFee: 150,
    });
    expect((await at.list()).entries).toEqual([]);
  });

  test.each<[string, OrderDocument, string, string]>([
    ['of an order that was paid as agreed', paid, '420', 'PAYMENT_NOT_QUARANTINED'],
    [
      'that is a second one of a paid order',
      conclude(paid, second, plus(62)).order,
      '421',
      'PAYMENT_NOT_QUARANTINED',
    ],
    ['that nobody made', quarantined, '999', 'PAYMENT_NOT_EXIST'],
    ['of an order that nobody paid', paying, '420', 'PAYMENT_NOT_EXIST'],
    [
      'of which WeChat says that money went back, and nobody knows how much',
      conclude(paying, proof({ totalFee: fen(1), tradeState: 'REFUND' }), plus(61)).order,
      '420',
      'PAYMENT_REFUNDED',
    ],
    [
      'of which WeChat says so after a refund of ours that was closed',
      conclude(
        { ...quarantined, refunds: endedClosed },
        proof({ totalFee: fen(150), tradeState: 'REFUND' }),
        plus(200),
      ).order,
      '420',
      'PAYMENT_REFUNDED',
    ],
  ])(
    '%s is refused by name, and nothing is written',
    async (_what, document, transactionId, code) => {
      const at = await open(document);
      const before = await at.stored();
      expect(await at.decide({ ...accept, transactionId })).toMatchObject({ refused: code });
      expect(await at.stored()).toEqual(before);
    },
  );

  test('and refunding it at the same time: one of both is done, whichever comes first', async () => {
    for (const order of [0, 1]) {
      const at = await open(quarantined);
      const both = [accept, { decision: 'refundPayment', transactionId: '420' } as const];
      if (order === 1) both.reverse();
      const answers = await Promise.all(both.map((each) => at.decide(each)));
      const refusals = answers.flatMap((each) => ('refused' in each ? [each.refused] : []));
      expect(refusals).toHaveLength(1);
      expect(['PAYMENT_COUNTS', 'PAYMENT_REFUNDED']).toContain(refusals[0]);
      const { status, refunds } = await at.stored();
      expect(status.state === 'paid').toBe(refunds === undefined);
    }
  });
});

describe('refunding a payment that is not the order’s own', () => {
  const back = { decision: 'refundPayment', transactionId: '420' } as const;

  test('pays all of it back by its own number, as the payment that it is', async () => {
    const at = await open(quarantined);
    expect(await at.decide(back)).toMatchObject({
      decision: 'refundPayment',
      outRefundNo: 'P420',
      refundFee: 150,
      transactionId: '420',
      state: 'processing',
    });
    expect(at.sent).toMatchObject([
      { outRefundNo: 'P420', payment: { totalFee: 150, transactionId: '420' } },
    ]);
    at.wechat.end('P420', 'success');
    at.pass(HOUR_S);
    await at.run();
    expect((await at.stored()).refunds).toMatchObject([{ status: { state: 'success' } }]);
    expect(await at.events()).toEqual([
      'order.mismatch amount',
      'order.decided refundPayment 420',
      'refund.success P420',
    ]);
  });

  test('of an orphan is followed to its end by the timer, however its answer was lost', async () => {
    const lost = new GatewayError('ANSWER_LOST', 'query_first', 'x');
    const at = await open(orphan);
    at.wechat.failures.push(lost, lost);
    expect(await at.decide(back)).toMatchObject({ refused: 'ANSWER_LOST' });
    expect(await at.decide(back), 'the same number again').toMatchObject({ state: 'processing' });
    at.wechat.end('P420', 'success');
    at.pass(HOUR_S);
    expect(await at.run()).toMatchObject({ counts: { refund_success: 1 } });
    expect((await at.stored()).checkAt).toBeNull();
    expect((await at.list()).entries).toEqual([]);
  });

  test('that WeChat refuses when the timer sends it is an event, listed again, and may be tried anew', async () => {
    const at = await open(orphan);
    at.wechat.failures.push(new GatewayError('NOT_ENOUGH', 'same_request', 'x'));
    expect(await at.decide(back)).toMatchObject({ refused: 'NOT_ENOUGH' });
    expect((await at.list()).entries, 'it is under way').toEqual([]);
    at.pass(HOUR_S);
    expect((await at.list()).entries).toMatchObject([
      {
        kind: 'refund_requested',
        about: 'P420',
        detail: 'NOT_ENOUGH',
        decisions: ['giveUpRefund', 'leave'],
      },
    ]);
    at.wechat.failures.push(new GatewayError('PARAM_ERROR', 'never', 'x'));
    await at.run();
    expect(await at.events()).toContain('refund.refused P420');
    expect((await at.list()).entries).toMatchObject([{ kind: 'orphan', about: '420' }]);
    expect(await at.decide(back)).toMatchObject({ refused: 'REFUND_NO_CLOSED' });
    expect(await at.decide({ ...back, outRefundNo: 'P420b' })).toMatchObject({ refundFee: 100 });
  });

  test('that could not be sent is given up, of an orphan too', async () => {
    const at = await open(orphan);
    at.wechat.failures.push(new GatewayError('NOT_ENOUGH', 'same_request', 'x'));
    await at.decide(back);
    expect(await at.decide({ decision: 'giveUpRefund', outRefundNo: 'P420' })).toMatchObject({
      state: 'refused',
    });
    expect((await at.list()).entries).toMatchObject([{ kind: 'orphan' }]);
  });

  test('a part at a time, a minute apart, never more than was paid', async () => {
    const at = await open(quarantined);
    const part = { ...back, refundFee: 100, outRefundNo: 'A' };
    expect(await at.decide(part)).toMatchObject({ refundFee: 100 });
    expect((await at.list()).entries, 'the rest waits').toMatchObject([{ kind: 'quarantine' }]);
    expect(await at.decide({ ...part, outRefundNo: 'B' })).toMatchObject({
      refused: 'REFUND_EXCEEDS_PAID',
      details: { refundableFee: 50 },
    });
    expect(await at.decide(back)).toMatchObject({ refused: 'REFUND_TOO_SOON' });
    at.pass(60);
    expect(await at.decide(back)).toMatchObject({ refundFee: 50 });
    expect((await at.list()).entries).toEqual([]);
  });

  test.each<[string, OrderDocument, string, string]>([
    ['the order’s own', paid, '420', 'PAYMENT_COUNTS'],
    ['unknown', paid, '999', 'PAYMENT_NOT_EXIST'],
    ['not there', paying, '420', 'PAYMENT_NOT_EXIST'],
    ['of an unknown sum', sumless(), '420', 'PAYMENT_FEE_UNKNOWN'],
  ])('a payment that is %s is refused by name', async (_what, document, transactionId, code) => {
    const at = await open(document);
    expect(await at.decide({ ...back, transactionId })).toMatchObject({ refused: code });
    expect(at.sent).toEqual([]);
  });

  test('of a paid order has its own limits: what went back of the other payment does not count', async () => {
    const at = await open(conclude(paid, second, plus(62)).order);
    const own = { outTradeNo, outRefundNo: 'R1', refundFee: fen(60) };
    await refundOrder(own, at.deps, anInvocation(admin));
    at.wechat.taken.clear();
    expect(await at.decide({ ...back, transactionId: '421' })).toMatchObject({ refundFee: 90 });
    const rest = { outTradeNo, outRefundNo: 'R2', refundFee: fen(41) };
    expect(await refundOrder(rest, at.deps, anInvocation(admin))).toMatchObject({
      details: { refundableFee: 40 },
    });
  });

  test('may be an order’s own, where it was the second of its purchase', async () => {
    const at = await open(withEvent(paid, 'order.duplicate_payment', plus(70), '420'));
    expect((await at.list()).entries).toMatchObject([
      { kind: 'second_payment', about: '420', fee: 100 },
    ]);
    expect(await at.decide(back)).toMatchObject({ refundFee: 100, state: 'processing' });
    expect(at.sent).toMatchObject([{ payment: { outTradeNo } }]);
    expect((await at.list()).entries).toEqual([]);
  });

  test('never by `refund`, which would pay the order’s own payment back in its place', async () => {
    const at = await open(conclude(paid, second, plus(62)).order);
    const refund = { transactionId: '421', refundFee: fen(100) };
    expect(await refundOrder(refund, at.deps, anInvocation(admin))).toMatchObject({
      refused: 'PARAM_ERROR',
      field: 'transactionId',
    });
    expect(at.sent).toEqual([]);
  });

  test('through the order’s own merchant alone: money of another merchant number is asked of that one', () => {
    const other = conclude(paying, proof({ mchid: '1900000777' }), plus(61)).order;
    expect(paymentToRefund(other, '420')).toMatchObject({ mchid: '1900000777', totalFee: 100 });
  });
});

describe('delivering again', () => {
  test('makes a parked event due at once, and is refused for one that is not parked', async () => {
    const [document, eventId, decision] = cases.event_parked;
    const at = await open(document);
    expect(await at.decide({ ...decision, eventId: `${outTradeNo}.9` })).toMatchObject({
      refused: 'EVENT_NOT_PARKED',
    });
    await at.decide(decision);
    const { events, deliveryAt } = await at.stored();
    expect(deliveryAt).toEqual(plus(2 * HOUR_S));
    expect(events.find(({ id }) => id === eventId)?.deliveries?.function).toMatchObject({
      state: 'waiting',
      nextAt: plus(2 * HOUR_S),
    });
  });
});

describe('leaving', () => {
  test('is refused for what is not there, and for what was left and came again it counts anew', async () => {
    const at = await open(paid);
    const left = { decision: 'leave', kind: 'orphan', about: '420' };
    expect(await at.decide(left)).toMatchObject({ refused: 'ATTENTION_NOT_EXIST' });
    const [document, , decision] = cases.unanswered;
    const again = await open(document);
    await again.decide(decision);
    const stored = await again.stored();
    const ended = plus(9 * HOUR_S);
    await again.store.replace(
      { ...stored, unanswered: { since: plus(1), code: 'X', endedAt: ended } },
      stored.version,
    );
    again.pass(8 * HOUR_S);
    expect((await again.list()).entries).toHaveLength(1);
    await again.decide(decision);
    expect((await again.list()).entries).toEqual([]);
    expect((await again.stored()).decisions).toHaveLength(2);
    const decided = (await again.events()).filter((each) => each.startsWith('order.decided'));
    expect(new Set(decided).size).toBe(2);
  });

  test('an abnormal refund is not asked about any more; one that nobody decides on, for 90 days', async () => {
    const [document, , decision] = cases.refund_abnormal;
    const at = await open(document);
    expect((await at.stored()).checkAt).not.toBeNull();
    await at.decide(decision);
    expect((await at.stored()).checkAt).toBeNull();
    let asked = 0;
    const other = await open(document, {
      queryRefund: async () => {
        asked += 1;
        return refundProof({ kind: 'abnormal' });
      },
    });
    for (let day = 0; day < 120; day += 1) {
      other.pass(24 * HOUR_S);
      await other.run();
    }
    expect(asked).toBeGreaterThan(85);
    expect(asked).toBeLessThanOrEqual(91);
    expect((await other.stored()).checkAt).toBeNull();
  });
});

describe('a document that cannot be read', () => {
  async function spoilt() {
    const at = await open(anOrder());
    const raw = at.store.raw.get(outTradeNo);
    if (raw) raw.order = { kind: 'spoilt' };
    return at;
  }

  test('is listed once somebody has met it, and left with a reason that stands beside it', async () => {
    const at = await spoilt();
    expect((await at.list()).entries).toEqual([]);
    await at.run();
    at.pass(60);
    expect((await at.list()).entries).toMatchObject([
      {
        kind: 'unreadable',
        about: outTradeNo,
        ageSeconds: 60,
        detail: 'DOCUMENT_UNREADABLE',
        decisions: ['leave'],
      },
    ]);
    expect(await at.decide({ decision: 'acceptPayment', transactionId: '420' })).toMatchObject({
      refused: 'DOCUMENT_UNREADABLE',
    });
    const left = { decision: 'leave', kind: 'unreadable', about: outTradeNo };
    expect(await at.decide(left)).toMatchObject({ decision: 'leave' });
    expect(await at.decide(left), 'twice is once').toMatchObject({ decision: 'leave' });
    expect(at.store.raw.get(outTradeNo)).toMatchObject({
      order: { kind: 'spoilt' },
      unreadableLeft: { by: 'oAdmin', reason },
    });
    at.pass(HOUR_S);
    await at.run();
    expect((await at.list()).entries).toEqual([]);
  });

  test('is refused for one that can be read', async () => {
    const at = await open(anOrder());
    const left = { decision: 'leave', kind: 'unreadable', about: outTradeNo };
    expect(await at.decide(left)).toMatchObject({ refused: 'ATTENTION_NOT_EXIST' });
  });
});

test('pages follow one another, none twice and none left out, also of one instant', async () => {
  const at = await open(paid);
  const numbers = Array.from({ length: 23 }, (_, i) => `PAGE${String(i).padStart(6, '0')}`);
  for (const [i, no] of numbers.entries()) {
    const since = plus(i < 9 ? 50 : 60 + i);
    await at.store.insert(orphanOf(proof({ outTradeNo: no, transactionId: `4${i}` }), since));
  }
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await at.list({ limit: 4, ...(cursor === undefined ? {} : { cursor }) });
    expect(page.entries.length).toBeLessThanOrEqual(4);
    seen.push(...page.entries.map((entry) => entry.outTradeNo));
    cursor = page.cursor;
  } while (cursor !== undefined);
  expect(seen.slice(9)).toEqual(numbers.slice(9));
  expect(seen.slice(0, 9).sort()).toEqual(numbers.slice(0, 9));
});

test('a cursor that is none is refused by its name', async () => {
  const at = await open(paid);
  for (const cursor of ['x', Buffer.from('[1]').toString('base64url'), 'bnVsbA']) {
    expect(await at.list({ cursor })).toMatchObject({ refused: 'PARAM_ERROR', field: 'cursor' });
  }
});

test('a document with very many second payments is listed a part at a time', async () => {
  const many = Array.from({ length: 30 }, (_, i) => proof({ transactionId: `5${i}` }));
  const document = many.reduce(
    (current, each, i) => concludeOrphan(current, each, plus(70 + i)).order,
    orphan,
  );
  const at = await open(document);
  const { entries } = await at.list();
  expect(entries).toHaveLength(20);
  const unkept = await at.decide({ decision: 'refundPayment', transactionId: '529' });
  expect(unkept, 'of which too much is not known').toMatchObject({ refused: 'PAYMENT_NOT_EXIST' });
  for (let left = 0; left < 31; left += 1) {
    const [first] = (await at.list()).entries;
    if (!first) break;
    await at.decide({ decision: 'leave', kind: first.kind, about: first.about });
  }
  expect((await at.list()).entries).toEqual([]);
});

/** An order whose one event is parked, as the schedule leaves it. */
function withParked(order: Order): Order {
  const parked = { state: 'parked', attempts: 10, parkedAt: plus(100), lastError: 'BUSY' } as const;
  const events = order.events.map((event) => ({ ...event, deliveries: { function: parked } }));
  return { ...order, events, deliveryAt: null };
}

/** A quarantined order whose payment WeChat gave no sum of, and of which money went back. */
function sumless(): OrderDocument {
  const { totalFee: _none, ...bare } = proof({ tradeState: 'REFUND', openid: 'oOther' });
  const { order } = conclude(paying, bare as typeof bare & { totalFee?: Fen }, plus(61));
  return order;
}
