import { expect, test } from 'vitest';
import { EVENT_LEVELS, type OrderEventType } from './event.ts';

const namesAt = (level: string) =>
  Object.entries(EVENT_LEVELS).flatMap(([type, is]) => (is === level ? [type] : []));

test('money that differs, or that belongs to no order of ours, is an error in the log', () => {
  const errors: OrderEventType[] = [
    'order.mismatch',
    'order.orphan',
    'order.duplicate_payment',
    'order.unknown_trade_state',
    'refund.mismatch',
    'refund.unknown_state',
  ];
  expect(namesAt('error')).toEqual(expect.arrayContaining(errors));
});

test('what goes its way is information, all else a warning at least', () => {
  const usual: OrderEventType[] = ['order.paid', 'order.closed', 'refund.success'];
  expect(namesAt('info')).toEqual(usual);
  const all = ['info', 'warn', 'error'].flatMap(namesAt);
  expect(all.sort()).toEqual(Object.keys(EVENT_LEVELS).sort());
});
