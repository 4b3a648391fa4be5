import { expect, test } from 'vitest';
import { anInvocation } from '../../../tests/support/useCases.ts';
import { callTimeLeftMs, callTimeoutMs, hasTimeForCheck } from './deadline.ts';
import { inParallel } from './inParallel.ts';

const withLeft = (ms: number) => anInvocation(undefined, () => ms);

// What is left of the invocation, and how long one call to WeChat may take; the write keeps 1.5 s.
test.each([
  [60_000, 5000],
  [6500, 5000],
  [6499, 4999],
  [3000, 1500],
  [1501, 1],
  [1500.5, 0.5],
])('with %d ms left one call takes %d at most', (leftMs, callMs) => {
  expect(callTimeoutMs(withLeft(leftMs))).toBe(callMs);
  expect(callTimeLeftMs(withLeft(leftMs))).toBe(leftMs - 1500);
});

test.each([1500, 1499, 0, -1])('with %d ms left none is begun', (leftMs) => {
  const call = () => callTimeoutMs(withLeft(leftMs));
  expect(call).toThrow(expect.objectContaining({ code: 'DEADLINE', retry: 'query_first' }));
});

test.each([
  [8001, true],
  [8000, false],
  [7999, false],
])('with %d ms left a timer may begin another order: %s', (leftMs, isBegun) => {
  expect(hasTimeForCheck(withLeft(leftMs))).toBe(isBegun);
});

test('work in parallel begins in order, each once, and is waited for', async () => {
  const begun: number[] = [];
  const done: number[] = [];
  let underWay = 0;
  await inParallel([1, 2, 3, 4, 5], 2, async (item) => {
    begun.push(item);
    underWay += 1;
    expect(underWay).toBeLessThanOrEqual(2);
    await new Promise((resolve) => setImmediate(resolve));
    underWay -= 1;
    done.push(item);
  });
  expect([begun, done]).toEqual([
    [1, 2, 3, 4, 5],
    [1, 2, 3, 4, 5],
  ]);
  await expect(inParallel([1], 2, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
});
