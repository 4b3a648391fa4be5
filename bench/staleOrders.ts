/** Ten thousand stale orders on a slow day: database at 30 ms, WeChat at 200 ms a call. */
import { closeStale } from '../tests/e2e/staleOrders.ts';
import { withCloud } from './cloud.ts';
import { report } from './table.ts';

const COUNT = Number(process.env.BENCH_STALE ?? 10_000);

await withCloud({}, async (cloud) => {
  const begun = performance.now();
  const { states, errors, ...rest } = await closeStale(cloud, COUNT, {
    databaseMs: 30,
    wechatMs: 200,
  });
  const seconds = Math.round((performance.now() - begun) / 1000);
  await report('stale-orders', [{ ...rest, ...states, errors: errors.length, seconds }]);
});
