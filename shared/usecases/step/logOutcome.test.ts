import { expect, test } from 'vitest';
import { ordersByState, plus } from '../../../tests/support/orders.ts';
import { anInvocation } from '../../../tests/support/useCases.ts';
import { type OrderEventType, withEvent } from '../../domain/order/event.ts';
import type { Order } from '../../domain/order/order.ts';
import type { Log, LogFields } from '../../ports/log.ts';
import type { Invocation } from './deps.ts';
import { logEvents } from './logEvents.ts';
import { logOutcome } from './logOutcome.ts';

const { paid } = ordersByState;
const before = withEvent(paid, 'order.mismatch', plus(1), 'amount');
const after = (...types: OrderEventType[]): Order =>
  types.reduce<Order>((order, type) => withEvent(order, type, plus(2)), before);

function logged(act: (invocation: Invocation) => void) {
  const lines: Partial<LogFields>[] = [];
  const print = (fields: Partial<LogFields>) => void lines.push(fields);
  const log: Log = { add: print, line: print, count: () => {} };
  act({ ...anInvocation(), log });
  return lines;
}

// The events that a change wrote, and how loudly its line speaks; what was there before is silent.
test.each<[OrderEventType[], string | undefined]>([
  [[], undefined],
  [['order.paid'], undefined],
  [['order.paid', 'refund.closed'], 'warn'],
  [['refund.abnormal', 'order.duplicate_payment'], 'error'],
  [['order.orphan', 'order.paid'], 'error'],
])('a change that wrote %j is logged as %s', (events, level) => {
  const [line] = logged((invocation) =>
    logOutcome(invocation, 'paid', { before, after: after(...events) }),
  );
  expect(line).toStrictEqual({
    outTradeNo: paid.outTradeNo,
    outcome: 'paid',
    ...(events.length > 0 ? { events } : {}),
    ...(level === undefined ? {} : { level }),
  });
});

test('of a document that was just made all events are new', () => {
  const [line] = logged((invocation) => logOutcome(invocation, 'orphaned', { after: before }));
  expect(line).toMatchObject({ events: ['order.mismatch'], level: 'error' });
});

test('each event has a line of its own, and says what it is about where it is about something', () => {
  const { events } = withEvent(after('order.paid'), 'refund.success', plus(3), 'R1');
  const [, one, two] = logged((invocation) => logEvents(invocation, paid, events));
  expect(one).toStrictEqual({
    level: 'info',
    outTradeNo: paid.outTradeNo,
    event: 'order.paid',
    eventId: 'T20261124001.2',
  });
  expect(two).toMatchObject({ event: 'refund.success', about: 'R1' });
});
