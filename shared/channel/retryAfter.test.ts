import { expect, test } from 'vitest';
import { retryAfterMs } from './retryAfter.ts';

const now = new Date('2026-11-30T12:00:00Z');

test.each([
  ['0', 0],
  ['120', 120_000],
  [' 30 ', 30_000],
  ['Mon, 30 Nov 2026 12:05:00 GMT', 300_000],
  ['Mon, 30 Nov 2026 11:00:00 GMT', 0],
  [undefined, undefined],
  ['', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['1e3', undefined],
  ['soon', undefined],
  ['2026-11-30', undefined],
  ['Mon, 99 Nov 2026 12:05:00 GMT', undefined],
])('Retry-After: %s is %s ms', (header, ms) => {
  expect(retryAfterMs(header, now)).toBe(ms);
});
