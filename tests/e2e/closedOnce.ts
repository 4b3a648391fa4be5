import { expect, test } from 'vitest';
import { openLocalCloud } from '../support/localCloud.ts';
import { closeStale } from './staleOrders.ts';

/** Tests that `count` unpaid orders are closed once when two runs of the timer overlap. */
export function closedOnce(count: number): void {
  test(`${count} stale orders are closed once each by two overlapping runs of the timer`, async () => {
    const cloud = await openLocalCloud();
    const report = await closeStale(cloud, count, { databaseMs: 3, wechatMs: 20 });
    await cloud.close();
    expect(report).toMatchObject({
      orders: count,
      states: { created: 0, paying: 0, paid: 0, closed: count },
      // Each by one run, however often it had to ask.
      closed: count,
      closedAgain: 0,
      doubled: 0,
      errors: [],
    });
    // How often WeChat hears a close depends on how many answers a busy machine sees in time.
    expect(report.closesAtWeChat).toBeGreaterThanOrEqual(count);
    expect(report.rounds).toBeLessThanOrEqual(10);
  });
}
