import { expect, test } from 'vitest';
import { chanceOf, seedOfRun } from '../support/chance.ts';
import { chaos } from './chaos.ts';

// A campaign of its own: npm run chaos (CHAOS_KILLS=50).
const kills = Number(process.env.CHAOS_KILLS ?? 5);

test(`${kills} times kill -9 under load: nothing acknowledged is lost, every order ends`, async () => {
  const chance = chanceOf(seedOfRun());
  const report = await chaos(kills, () => chance(2 ** 32) / 2 ** 32);
  console.log(JSON.stringify({ ...report, broken: report.broken.slice(0, 20) }));
  expect(report.broken).toEqual([]);
  // Each kill waited for orders to be acknowledged since the one before, so there was something to lose.
  expect(report.paid).toBeGreaterThan(0);
  expect(report.closed).toBeGreaterThan(0);
});
