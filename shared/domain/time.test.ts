import fc from 'fast-check';
import { expect, test } from 'vitest';
import { durationMs } from '../contract/duration.ts';
import { beijingDay, beijingDigits, beijingRfc3339, fromBeijingDigits } from './beijing.ts';
import { nextCheckAt } from './schedules.ts';

const at = new Date('2026-11-23T16:30:05.123Z');

test('WeChat’s dates are Beijing’s', () => {
  expect(beijingRfc3339(at)).toBe('2026-11-24T00:30:05+08:00');
  expect(beijingDigits(at)).toBe('20261124003005');
  expect(beijingDay(at)).toBe('2026-11-24');
});

test('digits read back as the second they were printed from', () => {
  const instant = fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(instant, (date) => {
      const second = Math.floor(date.getTime() / 1000) * 1000;
      expect(fromBeijingDigits(beijingDigits(date))?.getTime()).toBe(second);
    }),
  );
});

test.each([
  '20260230000000',
  '2026-11-24',
  '20261124250000',
  '',
  '99999999999999',
  '２０２６',
  'x20261124003005',
  '20261124003005x',
  '120261124003005',
  '202611240030050',
  ' 20261124003005',
])('"%s" is no instant', (digits) => expect(fromBeijingDigits(digits)).toBeUndefined());

test.each([
  ['PT30M', 1_800_000],
  ['P1D', 86_400_000],
  ['PT1H1M1S', 3_661_000],
  ['P1DT1S', 86_401_000],
])('%s is %d ms', (text, ms) => expect(durationMs(text)).toBe(ms));

test.each(['P', 'PT', '', '30', 'PT-1M', 'P1W', 'PT1.5S', 'P1DT'])('"%s" is none', (text) =>
  expect(durationMs(text)).toBeUndefined(),
);

const createdAt = new Date('2026-11-24T00:00:00Z');
const course = { createdAt, expiresAt: new Date(createdAt.getTime() + 2_400_000) };

// Seconds after creation, and when the order is queried next; it expires after 40 minutes.
test.each([
  [0, 30],
  [10, 30],
  [10.001, 60],
  [30, 60],
  [40, 60],
  [40.001, 180],
  [61, 180],
  [180, 300],
  [580, 600],
  [580.001, 1800],
  [600, 1800],
  [1800, 2400],
  [2399, 2400],
  [2400, 2460],
  [2400 + 3600, 2400 + 3600 + 900],
  [2400 + 864_000, 2400 + 864_000 + 3600],
])('%d s after its creation an unpaid order is queried at %d s', (nowS, nextS) => {
  const next = nextCheckAt(course, new Date(createdAt.getTime() + nowS * 1000));
  expect((next.getTime() - createdAt.getTime()) / 1000).toBe(nextS);
});

test.each([
  [660, 600],
  [659, 659],
  [600, 600],
])(
  'an order of %d s is asked at %d s after five minutes: so near its end the close tells',
  (lastsS, nextS) => {
    const expiresAt = new Date(createdAt.getTime() + lastsS * 1000);
    const next = nextCheckAt({ createdAt, expiresAt }, new Date(createdAt.getTime() + 300_000));
    expect((next.getTime() - createdAt.getTime()) / 1000).toBe(nextS);
  },
);

test.each([
  [1800, 3600],
  [3600, 7200],
  [86_399, 86_400],
  [10 * 86_400 - 1, 10 * 86_400],
])(
  'an order that may be paid for ten days is queried every hour: after %d s at %d s',
  (nowS, nextS) => {
    const long = { createdAt, expiresAt: new Date(createdAt.getTime() + 864_000_000) };
    const next = nextCheckAt(long, new Date(createdAt.getTime() + nowS * 1000));
    expect((next.getTime() - createdAt.getTime()) / 1000).toBe(nextS);
  },
);

test('the next query always falls ahead', () => {
  fc.assert(
    fc.property(fc.nat({ max: 10_000_000 }), (seconds) => {
      const now = new Date(createdAt.getTime() + seconds * 1000);
      expect(nextCheckAt(course, now) > now).toBe(true);
    }),
  );
});
