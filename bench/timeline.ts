/** Measures the console's timeline in a real Chromium over 100,000 entries: until one is seen, and its frames. */
import { withBrowser } from './console/withBrowser.ts';
import { runBench } from './harness/bench.ts';
import { withCloud } from './harness/cloud.ts';
import { type Frame, rowOfFrames, traceFrames } from './harness/frames.ts';
import { percentile } from './harness/table.ts';
import { fillTimeline } from './timeline/fill.ts';
import { SCENES } from './timeline/scenes.ts';
import { takeUntilSeen } from './timeline/seen.ts';

const ENTRIES = 100_000;
const SEEN = 100;
/** Room for what only hangs. */
const PATIENCE_MS = 120_000;
const SIZE = { width: 1440, height: 900 };

await runBench('timeline', (bench) => {
  const few = { what: 'seen, the newest 2,000 read', taken: bench.series<number>(SEEN) };
  const all = { what: 'seen, all 100,000 read', taken: bench.series<number>(SEEN) };
  const frames = Object.entries(SCENES).map(([what, play]) => {
    return { what, play, taken: bench.series<readonly Frame[]>(1) };
  });
  return {
    measure: () =>
      withBrowser((browser) =>
        withCloud(bench, { LOCAL_TIMERS: 'held' }, async (cloud) => {
          fillTimeline(cloud, ENTRIES);
          const page = await browser.newPage({ viewport: SIZE });
          page.setDefaultTimeout(PATIENCE_MS);
          await page.goto(`${cloud.url}/#/timeline`);
          await page.locator('.waterfall-row').first().waitFor();
          bench.doing(few.what);
          await takeUntilSeen(page, cloud, few.taken);
          const [older, ...others] = frames;
          for (const { what, play, taken } of older ? [older] : []) {
            bench.doing(what);
            await taken.take(() => play(page, cloud, (work) => traceFrames(page, work)));
          }
          await page.evaluate(`document.querySelector('.waterfall-rows').scrollTop = 1e9`);
          bench.doing(all.what);
          await takeUntilSeen(page, cloud, all.taken);
          for (const { what, play, taken } of others) {
            bench.doing(what);
            await taken.take(() => play(page, cloud, (work) => traceFrames(page, work)));
          }
        }),
      ),
    rows: () => [
      ...[few, all].map(({ what, taken: { values } }) => ({
        what,
        entries: values.length,
        'p50 ms': percentile(values, 0.5),
        'p99 ms': percentile(values, 0.99),
        'longest ms': percentile(values, 1),
      })),
      ...frames.flatMap(({ what, taken }) => taken.values.map((each) => rowOfFrames(what, each))),
    ],
  };
});
