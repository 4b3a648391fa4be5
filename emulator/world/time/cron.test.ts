import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cronFault, parseCron } from './cron.ts';

const at = (text: string) => Date.parse(text);
const next = (cron: string, after: string) => {
  const ms = parseCron(cron).nextAfter(at(after));
  return ms === undefined ? 'never' : new Date(ms).toISOString();
};

describe('the next occurrence, in UTC+8', () => {
  test.each([
    // cron, after, next
    ['0 * * * * * *', '2026-11-24T10:00:00.000Z', '2026-11-24T10:01:00.000Z'],
    ['0 * * * * * *', '2026-11-24T09:59:59.999Z', '2026-11-24T10:00:00.000Z'],
    ['* * * * * * *', '2026-11-24T10:00:00.500Z', '2026-11-24T10:00:01.000Z'],
    ['0 */5 * * * * *', '2026-11-24T10:58:00Z', '2026-11-24T11:00:00.000Z'],
    ['30 2/10 * * * * *', '2026-11-24T10:52:30Z', '2026-11-24T11:02:30.000Z'],
    ['0 15 10 * * * *', '2026-11-24T00:00:00Z', '2026-11-24T02:15:00.000Z'],
    ['0 15 10 * * * *', '2026-11-24T02:15:00Z', '2026-11-25T02:15:00.000Z'],
    ['0 0 0 * * * *', '2026-11-24T15:59:59Z', '2026-11-24T16:00:00.000Z'],
    ['0 0 9-17/4 * * * *', '2026-11-24T05:30:00Z', '2026-11-24T09:00:00.000Z'],
    ['5,10 0 0 1 1 * *', '2026-12-31T16:00:05Z', '2026-12-31T16:00:10.000Z'],
    ['0 0 0 29 2 * *', '2026-11-24T00:00:00Z', '2028-02-28T16:00:00.000Z'],
    ['0 0 0 31 * * *', '2026-11-24T00:00:00Z', '2026-12-30T16:00:00.000Z'],
    ['0 0 12 * * 0 *', '2026-11-24T00:00:00Z', '2026-11-29T04:00:00.000Z'], // Sunday
    ['0 0 12 * * 1-5 *', '2026-11-27T04:00:00Z', '2026-11-30T04:00:00.000Z'], // Friday, Monday
    ['0 0 12 30 * 5 *', '2026-11-24T00:00:00Z', '2026-11-27T04:00:00.000Z'], // OR: a Friday
    ['0 0 12 30 * 5 *', '2026-11-28T00:00:00Z', '2026-11-30T04:00:00.000Z'], // OR: the 30th
    ['0 0 12 30 * ? *', '2026-11-24T00:00:00Z', '2026-11-30T04:00:00.000Z'], // no weekday
    ['0 0 12 ? * MON *', '2026-11-24T00:00:00Z', '2026-11-30T04:00:00.000Z'],
    ['0 0 12 * JAN,FEB SUN *', '2026-11-24T00:00:00Z', '2027-01-03T04:00:00.000Z'],
    ['0 0 12 L * ? *', '2026-11-24T00:00:00Z', '2026-11-30T04:00:00.000Z'],
    ['0 0 12 LW * ? *', '2027-01-01T05:00:00Z', '2027-01-29T04:00:00.000Z'], // a Friday
    ['0 0 12 15W * ? *', '2027-05-01T00:00:00Z', '2027-05-14T04:00:00.000Z'], // from a Saturday
    ['0 0 12 ? * 5L *', '2026-11-24T00:00:00Z', '2026-11-27T04:00:00.000Z'],
    ['0 0 12 ? * 4#2 *', '2026-11-24T00:00:00Z', '2026-12-10T04:00:00.000Z'],
    ['0 0 0 29 2 1 *', '2099-12-29T00:00:00Z', 'never'], // years end in 2099
    ['0 0 0 1 1 * 2030', '2026-11-24T00:00:00Z', '2029-12-31T16:00:00.000Z'],
    ['0 0 0 1 1 * 2020', '2026-11-24T00:00:00Z', 'never'],
    ['0 0 0 30 2 * *', '2026-11-24T00:00:00Z', 'never'],
  ])('%s after %s: %s', (cron, after, expected) => {
    expect(next(cron, after)).toBe(expected);
  });
});

test.each([
  ['*/5 * * * *', '7 fields'],
  ['0 * * * * *', '7 fields'],
  ['60 * * * * * *', 'second'],
  ['0 60 * * * * *', 'minute'],
  ['0 0 24 * * * *', 'hour'],
  ['0 0 0 0 * * *', 'day'],
  ['0 0 0 1 13 * *', 'month'],
  ['0 0 0 * * 7 *', 'weekday'],
  ['0 0 0 * * * 1969', 'year'],
  ['0 5-3 * * * * *', 'minute'],
  ['0 */0 * * * * *', 'minute'],
  ['0 a * * * * *', 'minute'],
  ['0 1, * * * * *', 'minute'],
  ['0 -1 * * * * *', 'minute'],
  ['0 /5 * * * * *', 'minute'],
  ['? * * * * * *', 'second'],
  ['0 0 0 1,L * * *', 'day'],
  ['0 0 0 0W * * *', 'day'],
  ['0 0 0 * ? * *', 'month'],
  ['0 0 0 * jan * *', 'month'],
  ['0 0 0 * * L *', 'weekday'],
  ['0 0 0 * * MON#2 *', 'weekday'],
  ['0 0 0 * * 1#6 *', 'weekday'],
  ['0 0 0 1 * +1 *', 'weekday'],
  ['0  * * * * * *', '7 fields'],
  ['@hourly', '7 fields'],
  ['2026-12-01T00:00:00', '7 fields'],
])('refuses "%s", naming %s', (cron, named) => {
  expect(cronFault(cron)).toContain(named);
  expect(() => parseCron(cron)).toThrow(named);
});

test('an occurrence is later than asked, and nothing falls due in between', () => {
  const field = (min: number, max: number) =>
    fc.oneof(
      fc.constant('*'),
      fc.integer({ min, max }).map(String),
      fc.integer({ min: 1, max: 20 }).map((n) => `*/${n}`),
    );
  const crons = fc
    .tuple(field(0, 59), field(0, 59), field(0, 23))
    .map(([s, m, h]) => `${s} ${m} ${h} * * * *`);
  const instants = fc.integer({ min: at('2026-01-01'), max: at('2027-01-01') });
  fc.assert(
    fc.property(
      crons,
      instants,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (text, after, part) => {
        const cron = parseCron(text);
        const found = cron.nextAfter(after) ?? 0;
        expect(found).toBeGreaterThan(after);
        expect(found - after).toBeLessThanOrEqual(86_400_000);
        const between = Math.min(found - 1, Math.floor(after + part * (found - after)));
        expect(cron.nextAfter(between)).toBe(found);
      },
    ),
  );
});
