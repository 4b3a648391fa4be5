/** Measures the frames of a page by the browser's own tracing, as its developer tools do. */
import type { Page } from 'playwright-core';
import { percentile, type Row } from './table.ts';

/** A frame lasts from its beginning on the page's main thread to the beginning of the next one. */
export interface Frame {
  /** By the clock: what other processes do on the machine is in it. */
  ms: number;
  /** For so long the main thread worked for it: the page's own part, whatever else runs. */
  cpuMs: number;
}

/** An event of a trace, as far as it is read. */
export interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** Microseconds, as all times of a trace are. */
  ts: number;
  dur?: number;
  tdur?: number;
  args?: { name?: string; data?: { frames?: { processId: number }[] } };
}

const CATEGORIES = [
  '__metadata',
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'disabled-by-default-devtools.timeline.frame',
];

/** The longest that a frame of the console may take. */
const LONG_MS = 100;

/** Traces the frames of a page while `work` is done with it; it is kept drawing, so that each delay is seen. */
export async function traceFrames(page: Page, work: () => Promise<unknown>): Promise<Frame[]> {
  const browser = page.context().browser();
  if (!browser) throw new Error('the page has no browser that can trace');
  await browser.startTracing(page, { categories: CATEGORIES });
  await page.evaluate(`(() => {
    window.isTraced = true;
    requestAnimationFrame(function again() {
      if (window.isTraced) requestAnimationFrame(again);
    });
  })()`);
  try {
    await work();
  } finally {
    await page.evaluate('window.isTraced = false');
  }
  const trace = await browser.stopTracing();
  return framesIn((JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] }).traceEvents);
}

/** Reads the frames out of the events of a trace of one page. */
export function framesIn(events: readonly TraceEvent[]): Frame[] {
  const pid = events.find(({ name }) => name === 'TracingStartedInBrowser')?.args?.data?.frames?.[0]
    ?.processId;
  const main = events.find(
    (event) =>
      event.name === 'thread_name' && event.pid === pid && event.args?.name === 'CrRendererMain',
  );
  if (!main) throw new Error('the trace has no main thread of a page');
  const ofMain = events.filter((event) => event.pid === main.pid && event.tid === main.tid);
  const tasks = ofMain.filter(({ name }) => name === 'RunTask').sort((a, b) => a.ts - b.ts);
  const begins = ofMain
    .filter(({ name }) => name === 'BeginMainThreadFrame')
    .map(({ ts }) => ts)
    .sort((a, b) => a - b);
  const starts = new Set(begins.map((ts) => tasks.findLastIndex((task) => task.ts <= ts)));
  const bounds = [...starts].filter((index) => index >= 0);
  return bounds.slice(0, -1).map((from, i) => {
    const to = bounds[i + 1] ?? tasks.length;
    const ms = ((tasks[to]?.ts ?? 0) - (tasks[from]?.ts ?? 0)) / 1000;
    const cpuUs = tasks.slice(from, to).reduce((sum, { tdur = 0 }) => sum + tdur, 0);
    return { ms, cpuMs: cpuUs / 1000 };
  });
}

/** Sums frames up as a line of a table. */
export function rowOfFrames(what: string, frames: readonly Frame[]): Row {
  const wall = frames.map(({ ms }) => ms);
  const cpu = frames.map(({ cpuMs }) => cpuMs);
  return {
    what,
    frames: frames.length,
    'p50 ms': percentile(wall, 0.5),
    'p99 ms': percentile(wall, 0.99),
    'longest ms': percentile(wall, 1),
    'over 100 ms': wall.filter((ms) => ms > LONG_MS).length,
    'CPU, p99 ms': percentile(cpu, 0.99),
    'CPU, longest ms': percentile(cpu, 1),
    'CPU, over 100 ms': cpu.filter((ms) => ms > LONG_MS).length,
  };
}
