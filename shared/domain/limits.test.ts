import { expect, test } from 'vitest';
import * as limits from './limits.ts';
import { CHECK_LEASE_MS, PLACING_WAITS_MS } from './schedules.ts';

const MINUTE_MS = 60_000;

// What the documents of WeChat Pay and ours say of each, in milliseconds.
test.each<[string, number, number]>([
  ['an order may be paid for half an hour', limits.ORDER_TTL_MS, 30 * MINUTE_MS],
  ['a payment is handed out for 110 of its 120 minutes', limits.PREPAY_FRESH_MS, 110 * MINUTE_MS],
  ['a signature is 5 minutes old at most', limits.SIGNATURE_WINDOW_MS, 5 * MINUTE_MS],
  ['one order is queried for callers once in 2 seconds', limits.QUERY_INTERVAL_MS, 2000],
  ['no order is sent in its last minute', limits.REPLACE_MARGIN_MS, MINUTE_MS],
  [
    'a paid order is queried for callers once in 10 minutes',
    limits.PAID_QUERY_INTERVAL_MS,
    10 * MINUTE_MS,
  ],
  ['a refund is sent within 7 days', limits.REFUND_SENT_WITHIN_MS, 7 * 1440 * MINUTE_MS],
  ['a timer has a due order for 2 minutes', CHECK_LEASE_MS, 2 * MINUTE_MS],
])('%s', (_what, ms, expected) => {
  expect(ms).toBe(expected);
});

test('who waits for another placer waits longer than that one may take, and not ten seconds', () => {
  const waitMs = PLACING_WAITS_MS.reduce((sum, ms) => sum + ms, 0);
  expect(waitMs).toBeGreaterThan(limits.PLACING_LEASE_MS);
  expect(waitMs).toBeLessThan(10_000);
});
