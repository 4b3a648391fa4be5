/**
 * Measures the console in a real Chromium over 10,000 orders and 100,000 entries of the timeline: until a payer can
 * buy, the frames of its pages, and what memory an hour of virtual traffic takes.
 */
import type { Browser, Page } from 'playwright-core';
import type { LocalCloud } from '../emulator/main.ts';
import { SCENES } from './console/scenes.ts';
import { seed } from './console/seed.ts';
import { beginTraffic, letHourPass, rowsOfTraffic } from './console/traffic.ts';
import { withBrowser } from './console/withBrowser.ts';
import { type Bench, runBench } from './harness/bench.ts';
import { withCloud } from './harness/cloud.ts';
import { type Frame, rowOfFrames, traceFrames } from './harness/frames.ts';
import type { Series } from './harness/series.ts';
import { percentile, type Row } from './harness/table.ts';

const SIZE = { count: 10_000, entries: 100_000 };
const LOADS = 7;
/** Room for what only hangs. */
const PATIENCE_MS = 120_000;
const ENV = { LOCAL_DEMO_GOODS: '1', WXPAY_PRICE_SOURCE: 'quote', LOCAL_TIMERS: 'held' };

/** How long it takes until the buy button answers, with nothing in the browser's cache and with all of it. */
interface Loads {
  cold: Series<number>;
  warm: Series<number>;
}

await runBench('console', (bench) => {
  const loads: Loads = { cold: bench.series(LOADS), warm: bench.series(LOADS) };
  const frames = Object.entries(SCENES).map(([what, play]) => {
    return { what, play, taken: bench.series<readonly Frame[]>(1) };
  });
  const traffic = beginTraffic(bench);
  return {
    measure: () =>
      withBrowser((browser) =>
        withCloud(bench, ENV, async (cloud) => {
          await bench.prepare('making orders', () => seed(cloud, SIZE));
          await load(bench, cloud, { browser, loads });
          const page = await browser.newPage();
          page.setDefaultTimeout(PATIENCE_MS);
          for (const { what, play, taken } of frames) {
            bench.doing(what);
            await taken.take(() => play(page, cloud, (work) => traceFrames(page, work)));
          }
          const pages = await Promise.all(
            ['orders', 'timeline'].map((name) => openedAt(browser, `${cloud.url}/#/${name}`)),
          );
          await letHourPass(bench, cloud, { pages, ...traffic });
        }),
      ),
    rows: () => [
      rowOfLoads('page usable, nothing cached', loads.cold),
      rowOfLoads('page usable, cached', loads.warm),
      ...frames.flatMap(({ what, taken }) => taken.values.map((each) => rowOfFrames(what, each))),
      ...rowsOfTraffic(traffic),
    ],
  };
});

async function openedAt(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(url);
  return page;
}

async function load(
  bench: Bench,
  cloud: LocalCloud,
  { browser, loads }: { browser: Browser; loads: Loads },
): Promise<void> {
  for (let turn = 0; turn < LOADS; turn += 1) {
    bench.doing(`loading the page, ${turn + 1} of ${LOADS}`);
    const context = await browser.newContext();
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await loads.cold.take(() => usableMs(page, cloud.url));
    await loads.warm.take(() => usableMs(page, cloud.url));
    await context.close();
  }
}

/** Loads the page, and presses the buy button as soon as it is there: how long until the sheet opens. */
async function usableMs(page: Page, url: string): Promise<number> {
  await page.goto('about:blank');
  const begun = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page.getByRole('button', { name: /^购买 拿铁/ }).click();
  return performance.now() - begun;
}

function rowOfLoads(what: string, { values }: Series<number>): Row {
  return {
    what,
    loads: values.length,
    'p50 ms': percentile(values, 0.5),
    'longest ms': percentile(values, 1),
  };
}
