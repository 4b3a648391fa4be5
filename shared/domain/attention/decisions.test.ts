import { describe, expect, test } from 'vitest';
import { ordersByState, plus, proof } from '../../../tests/support/orders.ts';
import { aRefundRequest } from '../../../tests/support/refunds.ts';
import { openDeliveries } from '../delivery/delivery.ts';
import { fen } from '../money.ts';
import { conclude, concludeOrphan, orphanOf } from '../order/conclude.ts';
import { withEvent } from '../order/event.ts';
import type { Order, OrderDocument } from '../order/order.ts';
import { beginRefund, type RefundStatus } from '../order/refund.ts';
import { decideAccept } from './decideAccept.ts';
import { decideLeave } from './decideLeave.ts';
import { decideRedeliver } from './decideRedeliver.ts';

const { paying, paid, closed } = ordersByState;
const { outTradeNo } = paid;
const now = plus(500);
const who = { by: 'oAdmin', reason: '已核实' };
const differing = proof({ totalFee: fen(150) });
const quarantined = conclude(paying, differing, plus(61)).order;
const orphan = orphanOf(proof(), plus(61));
const types = ({ events }: OrderDocument) =>
  events.map(({ type, about = '' }) => `${type} ${about}`.trim());

describe('accepting a payment', () => {
  const accept = (document: OrderDocument, transactionId = '420') =>
    decideAccept(document, { ...who, transactionId }, now);

  test('pays the order by what was paid, and leaves no quarantine, check or close behind', () => {
    const waiting = { ...quarantined, closeDueAt: plus(70), closeReason: 'PAYERROR' };
    const { outcome, order } = accept(waiting);
    const { status, acceptedPayment, checkAt, decisions, ...others } = order as Order;
    expect(outcome).toBe('payment_accepted');
    expect(status).toEqual({
      state: 'paid',
      receipt: {
        transactionId: '420',
        paidAt: plus(60),
        confirmedBy: 'query',
        confirmedAt: plus(61),
      },
    });
    expect(acceptedPayment).toMatchObject({ transactionId: '420', totalFee: 150 });
    expect(checkAt).toBeNull();
    expect(decisions).toEqual([{ decision: 'acceptPayment', about: '420', ...who, at: now }]);
    for (const field of ['quarantine', 'closeDueAt', 'closeReason', 'secondPayments'])
      expect(others).not.toHaveProperty(field);
    expect(types(order)).toEqual([
      'order.mismatch amount',
      'order.decided acceptPayment 420',
      'order.paid',
    ]);
  });

  test('of a closed order pays it after the close', () => {
    const { order } = accept(conclude(closed, proof({ openid: 'oOther' }), plus(1900)).order);
    expect(types(order).at(-1)).toBe('order.paid_after_close');
  });

  test('twice is once: the very same document', () => {
    const { order } = accept(quarantined);
    expect(accept(order)).toEqual({ outcome: 'payment_accepted', order });
    expect(accept(order).order).toBe(order);
  });

  test('of two takes one, and the other is a second one, with an event of its own', () => {
    const both = conclude(quarantined, proof({ transactionId: '421' }), plus(90)).order;
    const first = accept(both).order as Order;
    expect(first.secondPayments).toMatchObject([{ transactionId: '421' }]);
    const second = accept(both, '421').order as Order;
    expect(second.status).toMatchObject({ receipt: { transactionId: '421' } });
    expect(second.acceptedPayment).toMatchObject({ totalFee: 100 });
    expect(second.secondPayments).toMatchObject([{ transactionId: '420', totalFee: 150 }]);
    expect(types(second)).toContain('order.duplicate_payment 420');
    expect(types(first).filter((type) => type.startsWith('order.duplicate'))).toEqual([
      'order.duplicate_payment 421',
    ]);
  });

  test('of a document of before payments were kept whole takes what is known of it', () => {
    const { payment: _whole, ...part } = quarantined.quarantine!;
    const { order } = accept({ ...quarantined, spMchid: '1900000333', quarantine: part });
    expect((order as Order).acceptedPayment).toStrictEqual({
      transactionId: '420',
      tradeState: 'SUCCESS',
      totalFee: 150,
      currency: 'CNY',
      mchid: '1900000109',
      spMchid: '1900000333',
      appid: 'wx0000000000000001',
      confirmedBy: 'query',
      confirmedAt: plus(61),
    });
    expect((order as Order).status).toMatchObject({ receipt: { paidAt: plus(61) } });
    const { totalFee: _sum, ...sumless } = part;
    const { order: bare } = accept({ ...quarantined, quarantine: sumless });
    expect((bare as Order).acceptedPayment).not.toHaveProperty('totalFee');
    expect((bare as Order).acceptedPayment).not.toHaveProperty('spMchid');
  });

  test('of an orphan records the decision and nothing else', () => {
    const { order } = accept(orphan);
    expect(order).toMatchObject({ kind: 'orphan', receipt: orphan.receipt });
    expect(types(order)).toEqual(['order.orphan', 'order.decided acceptPayment 420']);
  });

  const refund = (status: RefundStatus, fee: number, transactionId = '420') => ({
    ...beginRefund(aRefundRequest('R1', fee), plus(100)),
    transactionId,
    status,
  });
  const onItsWay = { state: 'processing', refundId: '5' } as const;
  const over = { state: 'closed', refundId: '5', closedAt: plus(110) } as const;
  const back = { refundedExternallyAt: plus(99) };
  test.each<[string, OrderDocument, string, string]>([
    ['that the order agreed to', paid, '420', 'PAYMENT_NOT_QUARANTINED'],
    [
      'that is a second one of a paid order',
      conclude(paid, proof({ transactionId: '421' }), plus(62)).order,
      '421',
      'PAYMENT_NOT_QUARANTINED',
    ],
    [
      'that is a second one of an orphan',
      concludeOrphan(orphan, proof({ transactionId: '421' }), plus(62)).order,
      '421',
      'PAYMENT_NOT_QUARANTINED',
    ],
    ['that nobody made', quarantined, '999', 'PAYMENT_NOT_EXIST'],
    ['of an order that nobody paid', paying, '420', 'PAYMENT_NOT_EXIST'],
    [
      'that goes back whole',
      { ...quarantined, refunds: [refund(onItsWay, 150)] },
      '420',
      'PAYMENT_REFUNDED',
    ],
    ['of which some went back elsewhere', { ...quarantined, ...back }, '420', 'PAYMENT_REFUNDED'],
    [
      'of which some went back elsewhere, and none by a refund that was closed',
      { ...quarantined, ...back, refunds: [refund(over, 10)] },
      '420',
      'PAYMENT_REFUNDED',
    ],
  ])('%s is refused by name, and changes nothing', (_which, document, transactionId, code) => {
    const verdict = accept(document, transactionId);
    expect(verdict).toEqual({ outcome: 'refused', order: document, code });
    expect(verdict.order).toBe(document);
  });

  test.each<[string, OrderDocument]>([
    ['goes back but for a fen', { ...quarantined, refunds: [refund(onItsWay, 149)] }],
    ['was to go back, and was not', { ...quarantined, refunds: [refund(over, 150)] }],
    [
      'went back in part, by a refund that explains it',
      { ...quarantined, ...back, refunds: [refund(onItsWay, 10)] },
    ],
    [
      'is another one than went back whole',
      { ...quarantined, refunds: [refund(onItsWay, 150, '421')] },
    ],
  ])('that %s is accepted', (_which, document) => {
    expect(accept(document).outcome).toBe('payment_accepted');
  });
});

describe('leaving something as it is', () => {
  const left = { ...who, kind: 'quarantine', about: '420' } as const;

  test('records who left what, tells it once, and moves no money', () => {
    const { outcome, order } = decideLeave(quarantined, left, now);
    expect(outcome).toBe('left');
    expect(order.decisions).toEqual([
      { decision: 'leave', attention: 'quarantine', about: '420', ...who, at: now },
    ]);
    expect(types(order)).toEqual(['order.mismatch amount', 'order.decided leave quarantine 420']);
    expect(decideLeave(order, left, plus(600))).toEqual({ outcome: 'left', order });
    expect(decideLeave(order, left, plus(600)).order).toBe(order);
  });

  const once = () => decideLeave(quarantined, left, now).order;
  const accepted = () => decideAccept(quarantined, { ...who, transactionId: '420' }, now).order;
  test.each<[string, () => OrderDocument, object]>([
    ['of another kind', () => quarantined, { kind: 'orphan' }],
    ['about another payment', () => quarantined, { about: '421' }],
    ['that is not there', () => paid, {}],
    ['of which something else was left', once, { about: '421' }],
    ['that was left as another kind', once, { kind: 'orphan' }],
    ['that was accepted', accepted, {}],
  ])('%s is nothing to leave', (_what, of, more) => {
    const document = of();
    const verdict = decideLeave(document, { ...left, ...more }, now);
    expect(verdict).toEqual({ outcome: 'nothing_to_leave', order: document });
    expect(verdict.order).toBe(document);
  });

  test('what was left stays so beside what else was left', () => {
    const both = conclude(quarantined, proof({ transactionId: '421' }), plus(90)).order;
    const second = { ...left, kind: 'second_payment', about: '421' } as const;
    const { order } = decideLeave(decideLeave(both, left, now).order, second, now);
    for (const each of [left, second])
      expect(decideLeave(order, each, plus(600))).toEqual({ outcome: 'left', order });
  });

  test('an abnormal refund that is left is not asked about any more', () => {
    const status = { state: 'abnormal', refundId: '5', abnormalAt: plus(100) } as const;
    const refunds = [{ ...beginRefund(aRefundRequest('R1', 40), plus(100)), status }];
    const abnormal = { ...paid, refunds, checkAt: plus(900) };
    const { order } = decideLeave(abnormal, { ...who, kind: 'refund_abnormal', about: 'R1' }, now);
    expect(order.checkAt).toBeNull();
  });
});

describe('delivering a parked event again', () => {
  const eventId = `${outTradeNo}.1`;
  const both = ['function', 'url'] as const;
  const opened = openDeliveries(withEvent(paid, 'order.paid', plus(61)), both, plus(61));
  const parked = { state: 'parked', attempts: 9, parkedAt: plus(300), lastError: 'X' } as const;
  const delivered = { state: 'delivered', attempts: 1, deliveredAt: plus(70) } as const;
  const withDeliveries = (deliveries: object): Order => ({
    ...opened,
    events: opened.events.map((event) => ({ ...event, deliveries })),
    deliveryAt: null,
  });
  const again = { ...who, eventId };

  test('makes it due where it is parked, and nowhere else, and records who wanted it', () => {
    const document = withDeliveries({ function: parked, url: delivered });
    const { outcome, order } = decideRedeliver(document, again, now);
    expect(outcome).toBe('due_again');
    expect(order.deliveryAt).toEqual(now);
    expect(order.events[0]?.deliveries).toMatchObject({
      function: { state: 'waiting', nextAt: now },
      url: delivered,
    });
    expect(order.decisions).toEqual([{ decision: 'redeliver', about: eventId, ...who, at: now }]);
    expect(types(order)).toEqual(['order.paid', `order.decided redeliver ${eventId}`]);
    expect(decideRedeliver(order, again, plus(501))).toEqual({ outcome: 'due_again', order });
  });

  test.each<[string, Order, string]>([
    ['that arrived', withDeliveries({ function: delivered }), eventId],
    ['of another number', withDeliveries({ function: parked }), `${outTradeNo}.2`],
  ])('%s is not parked, and nothing changes', (_what, document, id) => {
    const verdict = decideRedeliver(document, { ...who, eventId: id }, now);
    expect(verdict).toEqual({ outcome: 'not_parked', order: document });
  });
});
