/** Measures what memory a page and the local cloud hold once their garbage is gone. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Page } from 'playwright-core';

/** Megabytes that are held, and of pages how many nodes and listeners beside. */
export interface Held {
  pageMb: number;
  nodes: number;
  listeners: number;
  cloudMb: number;
}

const MB = 1_000_000;

/** Lets the garbage of pages and of this process go, and reads what is left; of the pages the sum. */
export async function heldBy(pages: readonly Page[]): Promise<Held> {
  const figures = await Promise.all(pages.map(metricsOf));
  const sum = (name: string) =>
    figures.reduce((all, each) => all + (each.get(name) ?? Number.NaN), 0);
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return {
    pageMb: sum('JSHeapUsedSize') / MB,
    nodes: sum('Nodes'),
    listeners: sum('JSEventListeners'),
    cloudMb: (heapUsed + external) / MB,
  };
}

async function metricsOf(page: Page): Promise<Map<string, number>> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  await devtools.send('Performance.enable');
  const { metrics } = await devtools.send('Performance.getMetrics');
  await devtools.detach();
  return new Map(metrics.map(({ name, value }) => [name, value]));
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // What a finalizer lets go of is garbage of the next round.
  collect();
  collect();
}
