import { expect, test } from 'vitest';
import { createPace } from './pace.ts';
import { slidingWindow } from './slidingWindow.ts';

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));
const clock = { monotonicMs: () => 0 };

test('a slow item keeps none of those behind it waiting', async () => {
  let release = () => {};
  const slow = new Promise<void>((resolve) => {
    release = resolve;
  });
  const ended: number[] = [];
  const pages = [
    [0, 1, 2, 3, 4, 5],
    [6, 7],
  ];
  const ends = slidingWindow(
    {
      list: async () => pages.shift() ?? [],
      concurrency: 2,
      mayGoOn: () => true,
      work: async (item) => {
        await (item === 0 ? slow : tick());
        ended.push(item);
      },
    },
    { monotonicMs: () => performance.now() * 1e6 },
  );
  for (let i = 0; i < 20; i += 1) await tick();
  expect(ended).toEqual([1, 2, 3, 4, 5, 6, 7]);
  release();
  expect(await ends).toEqual({ isDone: true });
});

test('nothing is begun once it may not go on, and what is left is known', async () => {
  const begun: number[] = [];
  const end = await slidingWindow(
    {
      list: async () => [1, 2, 3, 4],
      concurrency: 2,
      mayGoOn: () => begun.length < 3,
      work: async (item) => {
        begun.push(item);
        await tick();
      },
    },
    clock,
  );
  expect([begun, end]).toEqual([[1, 2, 3], { isDone: false }]);
});

test('while work is under way the list is not asked again at once, and at its end once more', async () => {
  let lists = 0;
  const pages = [[1, 2, 3]];
  await slidingWindow(
    {
      list: async () => {
        lists += 1;
        return pages.shift() ?? [];
      },
      concurrency: 8,
      mayGoOn: () => true,
      work: async (item) => {
        for (let i = 0; i < item; i += 1) await tick();
      },
    },
    clock,
  );
  expect(lists).toBe(2);
});

test('a pace gives so many turns at once, and then so many a second', async () => {
  let nowMs = 0;
  const turn = createPace(
    { perSecond: 50, atOnce: 3 },
    {
      monotonicMs: () => nowMs,
      wait: async (ms) => {
        nowMs += ms;
      },
    },
  );
  const times: number[] = [];
  for (let i = 0; i < 6; i += 1) {
    await turn();
    times.push(nowMs);
  }
  expect(times).toEqual([0, 0, 0, 20, 40, 60]);
});
