import { expect, test } from 'vitest';
import { framesIn, rowOfFrames, type TraceEvent } from './frames.ts';

const PAGE = { pid: 2, tid: 7 };
const beginning: TraceEvent[] = [
  {
    name: 'TracingStartedInBrowser',
    pid: 1,
    tid: 1,
    ts: 0,
    args: { data: { frames: [{ processId: 2 }] } },
  },
  // A second page's and the compositor's threads are none of the page's main thread.
  { name: 'thread_name', pid: 3, tid: 7, ts: 0, args: { name: 'CrRendererMain' } },
  { name: 'thread_name', pid: 2, tid: 8, ts: 0, args: { name: 'Compositor' } },
  { name: 'thread_name', ...PAGE, ts: 0, args: { name: 'CrRendererMain' } },
];
const task = (ts: number, dur: number, tdur: number): TraceEvent => {
  return { name: 'RunTask', ...PAGE, ts, dur, tdur };
};
const begin = (ts: number): TraceEvent => {
  return { name: 'BeginMainThreadFrame', ...PAGE, ts };
};

test('a frame lasts until the next one begins, with the work of all tasks until then', () => {
  const frames = framesIn([
    ...beginning,
    task(900, 10, 9),
    task(1000, 500, 400),
    begin(1001),
    // The work that a timer does after it delays the next one.
    task(2000, 150_000, 40_000),
    task(160_000, 500, 300),
    begin(160_002),
    task(176_000, 400, 200),
    begin(176_001),
    { name: 'RunTask', pid: 3, tid: 7, ts: 1500, dur: 1, tdur: 900_000 },
  ]);
  expect(frames).toEqual([
    { ms: 159, cpuMs: 40.4 },
    { ms: 16, cpuMs: 0.3 },
  ]);
  expect(rowOfFrames('scrolling', frames)).toMatchObject({
    frames: 2,
    'longest ms': 159,
    'over 100 ms': 1,
    'CPU, longest ms': 40.4,
    'CPU, over 100 ms': 0,
  });
});

test('a trace without the page’s main thread is refused, and never no long frame', () => {
  expect(() => framesIn(beginning.slice(0, 3))).toThrow('no main thread');
});
