import { expect, test } from 'vitest';
import { expectSound, payUnreliably } from './unreliableMerchant.ts';

const ORDERS = Number(process.env.UNRELIABLE_ORDERS ?? 10);

test(`${ORDERS} orders reach a merchant who fails, dies and times out`, async () => {
  const report = await payUnreliably(ORDERS);
  const { events, attempts, purchases, kills, callbackMs } = report;
  const sorted = callbackMs.sort((a, b) => a - b);
  const [p50, p99] = [0.5, 0.99].map((part) => sorted[Math.floor(part * sorted.length)]);
  const refunded = purchases.filter(({ refundedFee }) => refundedFee === 10).length;
  const fulfilled = { purchases: purchases.length, refunded };
  const counts = { events: events.length, attempts: attempts.length, ...fulfilled };
  console.log(JSON.stringify({ ...counts, kills, callbacks: sorted.length, p50, p99 }));
  expectSound(report);
  expect(Object.keys(kills), 'processes were killed').not.toEqual([]);
}, 3_600_000);
