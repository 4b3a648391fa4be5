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
    closesAtWeChat: 500,
    doubled: 0,
    errors: [],
  });
  expect(report.rounds).toBeLessThanOrEqual(10);
}, 120_000);
