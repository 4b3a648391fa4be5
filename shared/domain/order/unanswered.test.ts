import { expect, test } from 'vitest';
import { ordersByState, plus, proof, unpaid } from '../../../tests/support/orders.ts';
import { conclude } from './conclude.ts';
import { checkNow, nextCheckOf } from './nextCheck.ts';
import type { Order } from './order.ts';
import { withoutAnswer } from './unanswered.ts';

const { created, paying, paid, closed } = ordersByState;
const DAY_S = 86_400;
const expiredS = 1800;
const code = 'MERCHANT_NOT_CONFIGURED';

/** Fails every check of an order, from its first to its last; answers the order and how many there were. */
function failAll(order: Order, fromS: number, fail = withoutAnswer): [Order, number] {
  let current = fail(order, code, plus(fromS));
  let count = 1;
  for (; current.checkAt; count += 1) {
    if (count > 1000) throw new Error('checked for ever');
    current = fail(current, code, current.checkAt);
  }
  return [current, count];
}

test.each([
  ['created', created],
  ['paying', paying],
  ['closed, and checked once more', closed],
] as const)(
  'an order that is %s and of which nothing can be concluded is given to a person after a week',
  (_what, order) => {
    const [ended, count] = failAll(order, 30);
    expect(ended.unanswered?.endedAt?.getTime()).toBeGreaterThanOrEqual(
      plus(expiredS + 7 * DAY_S).getTime(),
    );
    expect(ended.unanswered?.endedAt?.getTime()).toBeLessThan(plus(expiredS + 8 * DAY_S).getTime());
    expect(ended.status, 'nothing is concluded from it').toBe(order.status);
    expect(ended.events).toMatchObject([{ type: 'order.unanswered', about: code }]);
    expect(count).toBeLessThan(250);
  },
);

test('an order is not ended by one failure after a long silence of ours', () => {
  const late = plus(30 * DAY_S);
  const noticed = withoutAnswer(paying, code, late);
  expect(noticed).toMatchObject({ unanswered: { since: late, code }, events: [] });
  expect(noticed.checkAt?.getTime()).toBeGreaterThan(late.getTime());
  const [ended] = failAll(noticed, 30 * DAY_S + 60);
  expect(ended.unanswered?.endedAt?.getTime()).toBeGreaterThanOrEqual(plus(37 * DAY_S).getTime());
});

test('before it expires an order is only checked again', () => {
  const next = withoutAnswer(paying, code, plus(61));
  expect(next).toEqual({ ...paying, checkAt: plus(180) });
});

test('an order that WeChat does not know any more, or answers with a new word, ends too', () => {
  for (const [kind, word] of [
    ['not_found', 'ORDER_NOT_EXIST'],
    ['unknown', 'NEW'],
  ] as const) {
    const answerOf = (order: Order, _code: string, now: Date) =>
      conclude(order, unpaid(kind, word), now).order;
    const [ended] = failAll(paying, 30, answerOf);
    expect(ended.unanswered).toMatchObject({ code: word });
    expect(ended.events.map(({ type }) => type)).toContain('order.unanswered');
    expect(ended.status.state).toBe('paying');
  }
});

const [ended] = failAll(paying, 30);
const later = plus(20 * DAY_S);

test('an ended order is found paid when a callback or a query comes', () => {
  const { outcome, order } = conclude(ended, proof({ via: 'callback' }), later);
  expect([outcome, order.status.state]).toEqual(['paid', 'paid']);
  expect(order).not.toHaveProperty('unanswered');
});

test('an ended order that WeChat answers again is checked and closed again', () => {
  const { order } = conclude(ended, unpaid('unpaid', 'NOTPAY'), later);
  expect(order).not.toHaveProperty('unanswered');
  expect(order.checkAt).not.toBeNull();
  expect(conclude(ended, unpaid('closed', 'CLOSED'), later).order).toMatchObject({
    status: { state: 'closed' },
  });
});

test('an ended order that a claim has checked once more is checked once', () => {
  const due = checkNow(ended, later);
  expect(due.checkAt).toEqual(later);
  const again = withoutAnswer(due, code, later);
  expect(again).toEqual({ ...ended, checkAt: null });
  expect(withoutAnswer(again, code, later)).toBe(again);
  expect(nextCheckOf(again, later)).toBeNull();
});

test('of an order that was paid meanwhile nothing is noted', () => {
  expect(withoutAnswer(paid, code, later)).toBe(paid);
});
