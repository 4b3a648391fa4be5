import { expect, test } from 'vitest';
import { chaos } from './chaos.ts';

// A campaign of its own: npm run chaos (CHAOS_KILLS=50).
const kills = Number(process.env.CHAOS_KILLS ?? 5);

test(`${kills} times kill -9 under load: nothing acknowledged is lost, every order ends`, async () => {
  const report = await chaos(kills, Math.random);
  console.log(JSON.stringify({ ...report, broken: report.broken.slice(0, 20) }));
  expect(report.broken).toEqual([]);
  expect(report.acknowledged).toBeGreaterThan(kills);
  expect(report.kills.cloud + report.kills.function).toBeGreaterThan(kills / 2);
}, 900_000);
