import { expect, test } from 'vitest';
import { runOfBefore } from './before.ts';
import { createSimulation, runOfToday, type TimerRun } from './simulate.ts';

async function after(run: TimerRun, minutes: number) {
  const simulation = createSimulation(run, { warmUpMinutes: 0 });
  for (let minute = 0; minute < minutes; minute += 1) await simulation.step();
  return simulation.seen();
}

// A whole day: npm run bench stale, with BENCH_STALE_HOURS=24.
test('under 100 orders a second the timer keeps up, where it fell behind before', async () => {
  const today = await after(runOfToday, 12);
  const before = await after(runOfBefore, 12);
  expect(today.lagMaxS).toBeLessThan(120);
  expect(today.urgentLagMaxS).toBeLessThan(120);
  expect(today.wechatPerSecondMax).toBeLessThanOrEqual(500);
  expect(before.lagMaxS).toBeGreaterThan(120);
  for (const { states } of [today, before]) {
    expect(Object.keys(states).sort()).toEqual(['closed', 'paid']);
  }
});
