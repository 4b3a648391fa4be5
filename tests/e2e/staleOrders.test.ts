import { expect, test } from 'vitest';
import { openLocalCloud } from '../support/localCloud.ts';
import { closeStale } from './staleOrders.ts';

// Ten thousand, with the latencies of a bad day: npm run bench.
test('500 stale orders are closed once each by two overlapping runs of the timer', async () => {
  const cloud = await openLocalCloud();
  const report = await closeStale(cloud, 500, { databaseMs: 3, wechatMs: 20 });
  await cloud.close();
  expect(report).toMatchObject({
    orders: 500,
    states: { created: 0, paying: 0, paid: 0, closed: 500 },
    // Each by one run, however often it had to ask.
    closed: 500,
    doubled: 0,
    errors: [],
  });
  // A close whose answer a busy machine did not see in time is sent again; two runs that did not lease
  // would send twice as many.
  expect(report.closesAtWeChat).toBeGreaterThanOrEqual(500);
  expect(report.closesAtWeChat).toBeLessThanOrEqual(600);
  expect(report.rounds).toBeLessThanOrEqual(10);
}, 120_000);
