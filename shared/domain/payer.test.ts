import { describe, expect, test } from 'vitest';
import { placedAt, plus } from '../../tests/support/orders.ts';
import {
  type Counted,
  type CountedOrder,
  countOrder,
  type Payer,
  withEnded,
  withoutOrder,
} from './payer.ts';

const limits = { perMinute: 3, unpaid: 4 };
const order = (outTradeNo: string, atS = 0, expiresS = 1800, more: object = {}): CountedOrder => ({
  outTradeNo,
  at: plus(atS),
  expiresAt: plus(expiresS),
  ...more,
});
const payer = (...orders: CountedOrder[]): Payer => ({ openid: 'oPayer', version: 1, orders });
const next = order('NEXT', 60);
const ended = { ended: true } as const;

function verdictOf(counted: Counted): string {
  if (counted.kind === 'known') return 'known';
  if (counted.kind === 'full') {
    return `again at ${(counted.retryAt.getTime() - placedAt.getTime()) / 1000}`;
  }
  const before = counted.payer.orders.slice(0, -1);
  return ['kept', ...before.map(({ outTradeNo }) => outTradeNo)].join(' ');
}

// What is counted, when the next one comes, and what becomes of it: those kept, or when to try again.
test.each<[string, CountedOrder[], number, string]>([
  ['nothing', [], 0, 'kept'],
  ['fewer than a minute allows', [order('A'), order('B')], 0, 'kept A B'],
  ['as many as a minute allows', [order('A'), order('B', 5), order('C', 9)], 30, 'again at 60'],
  ['the same, a moment before', [order('A'), order('B', 5), order('C', 9)], 59.999, 'again at 60'],
  ['the same, when the first leaves', [order('A'), order('B', 5), order('C', 9)], 60, 'kept A B C'],
  [
    'more than a minute allows by now',
    ['A', 'B', 'C', 'D'].map((no, i) => order(no, i, 1800, i === 0 ? ended : {})),
    30,
    'again at 61',
  ],
  [
    'ended ones of this minute',
    ['A', 'B', 'C'].map((no) => order(no, 0, 1800, ended)),
    1,
    'again at 60',
  ],
  ['ended ones of before', ['A', 'B', 'C'].map((no) => order(no, 0, 1800, ended)), 60, 'kept'],
  [
    'as many unpaid as may be',
    ['A', 'B', 'C', 'D'].map((no, i) => order(no, i, 900 + i)),
    100,
    'again at 900',
  ],
  [
    'more unpaid than may be',
    ['A', 'B', 'C', 'D', 'E'].map((no, i) => order(no, i, 900 + i)),
    100,
    'again at 901',
  ],
  [
    'as many unpaid, when one expires',
    ['A', 'B', 'C', 'D'].map((no, i) => order(no, i, 900 + i)),
    900,
    'kept B C D',
  ],
  [
    'unpaid and ended ones',
    [order('A'), order('B', 0, 1800, ended), order('C'), order('D')],
    61,
    'kept A C D',
  ],
  [
    'both limits at once',
    [order('A', 0, 20), order('B', 0, 20), order('C'), order('D')],
    10,
    'again at 60',
  ],
])('with %s (row %#)', (_what, orders, atS, verdict) => {
  const counted = countOrder(payer(...orders), next, limits, plus(atS));
  expect(verdictOf(counted)).toBe(verdict);
  if (counted.kind === 'fits') expect(counted.payer.orders.at(-1)).toBe(next);
});

test('a number that is counted already counts once, however full it is', () => {
  const full = payer(...['NEXT', 'A', 'B', 'C', 'D'].map((no) => order(no)));
  expect(countOrder(full, next, limits, plus(1))).toEqual({ kind: 'known' });
});

describe('at the limit of unpaid ones', () => {
  const four = payer(...['A', 'B', 'C', 'D'].map((no) => order(no)));
  const unpaidAt = (counted: Payer, atS: number) => {
    const result = countOrder(counted, next, limits, plus(atS));
    return result.kind === 'full' ? result.unpaid.map(({ outTradeNo }) => outTradeNo) : [];
  };

  test('the unpaid ones are worth a look, at most every 10 s', () => {
    expect(unpaidAt(four, 100)).toEqual(['A', 'B', 'C', 'D']);
    const looked = withEnded(four, [], plus(100));
    expect([unpaidAt(looked, 109.999), unpaidAt(looked, 110)]).toEqual([[], ['A', 'B', 'C', 'D']]);
  });

  test('but not while the minute itself is full: that would help nobody', () => {
    expect(unpaidAt(four, 59)).toEqual([]);
  });

  test('one that was seen to have ended makes room', () => {
    const counted = countOrder(withEnded(four, ['B'], plus(100)), next, limits, plus(101));
    expect(counted).toMatchObject({
      kind: 'fits',
      payer: { orders: [{ outTradeNo: 'A' }, { outTradeNo: 'C' }, { outTradeNo: 'D' }, next] },
    });
  });
});

test('an order that is taken out leaves the others as they are', () => {
  const two = payer(order('A'), order('B'));
  expect(withoutOrder(two, 'A')).toEqual(payer(order('B')));
  expect(withoutOrder(two, 'X')).toEqual(two);
});
