import { expect, test } from 'vitest';
import { anOrder, plus } from '../../../tests/support/orders.ts';
import { type EventJournal, hasEvent, withEvent } from './event.ts';

const journal: EventJournal = { outTradeNo: 'T20261124001', events: [], deliveryAt: null };

test('an event gets the next number, and is to be delivered at once', () => {
  const one = withEvent(journal, 'order.paid', plus(1));
  const id = 'T20261124001.1';
  expect(one).toStrictEqual({
    ...journal,
    events: [{ id, seq: 1, type: 'order.paid', at: plus(1), deliveries: {} }],
    deliveryAt: plus(1),
  });
  const two = withEvent(one, 'refund.success', plus(5), 'R1');
  expect(two.events.at(-1)).toEqual({
    id: 'T20261124001.2',
    seq: 2,
    type: 'refund.success',
    at: plus(5),
    about: 'R1',
    deliveries: {},
  });
  expect(two.deliveryAt, 'what waits longer keeps its time').toEqual(plus(1));
});

test('numbers go on after what was delivered and taken away', () => {
  const one = withEvent(journal, 'order.paid', plus(1));
  const two = withEvent(one, 'refund.success', plus(5), 'R1');
  const rest = { ...two, events: two.events.slice(1), deliveryAt: null };
  const three = withEvent(rest, 'refund.success', plus(9), 'R2');
  expect(three.events.map(({ seq }) => seq)).toEqual([2, 3]);
  expect(three.deliveryAt).toEqual(plus(9));
});

test('the same event is there once: one type, about the same', () => {
  const one = withEvent(journal, 'refund.success', plus(1), 'R1');
  expect(withEvent(one, 'refund.success', plus(9), 'R1')).toBe(one);
  expect(withEvent(one, 'refund.success', plus(9), 'R2').events).toHaveLength(2);
  expect(withEvent(one, 'refund.success', plus(9)).events).toHaveLength(2);
  expect(withEvent(one, 'refund.closed', plus(9), 'R1').events).toHaveLength(2);
  expect([hasEvent(one, 'refund.success', 'R1'), hasEvent(one, 'refund.success')]).toEqual([
    true,
    false,
  ]);
});

test('all else of a document stays', () => {
  const order = anOrder();
  const { events: _e, deliveryAt: _d, ...rest } = order;
  expect(withEvent(order, 'order.closed', plus(1), 'asked')).toMatchObject(rest);
  expect(order.events).toEqual([]);
});
