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
      doubled: 0,
      errors: [],
    });
    // A close whose answer a busy machine did not see in time is sent again; two runs that did not lease
    // would send every one twice.
    expect(report.closesAtWeChat).toBeGreaterThanOrEqual(count);
    expect(report.closesAtWeChat).toBeLessThanOrEqual(1.2 * count);
    expect(report.rounds).toBeLessThanOrEqual(10);
  });
}
