import { expect, test } from 'vitest';
import { cpuSecondsOf, summaryOf } from './summary.ts';

test.each([
  ['0m0.01s 0m0.02s\n1m38.60s 0m15.20s\n', 113.8],
  ['0m0.00s 0m0.00s\n0m0.00s 0m0.00s\n', 0],
  ['', 0],
])('the shell’s %j are %d s of CPU', (times, seconds) => {
  expect(cpuSecondsOf(times)).toBe(seconds);
});

test('a summary shows the worst run, so that one red run of twenty is seen', () => {
  const run = (wallS: number, failed: number) => ({ wallS, cpuS: 1, passed: 9, failed });
  expect(summaryOf([run(3, 0), run(1, 2), run(2, 0)])).toMatchObject({
    'wall s': { least: 1, middle: 2, most: 3 },
    failed: { least: 0, middle: 0, most: 2 },
  });
});
