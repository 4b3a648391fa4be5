import { expect, test } from 'vitest';
import { seedOfRun } from '../support/chance.ts';
import { forge } from './forgeries.ts';

// A campaign of its own: npm run forgeries (FORGERIES=1000000).
const count = Number(process.env.FORGERIES ?? 20_000);
const seed = seedOfRun();

test(`of ${count} forged callbacks none is accepted, and the unchanged ones are`, async () => {
  const { sent, accepted, unchanged, looks, seconds } = await forge(count, seed);
  const total = Object.values(sent).reduce((sum, n) => sum + n, 0);
  console.log(`${total} forgeries in ${seconds.toFixed(1)} s, ${accepted.length} accepted`, sent);
  expect(accepted).toEqual([]);
  expect(total).toBeGreaterThanOrEqual(count);
  expect(unchanged).toEqual([64, 64]);
  // Thousands of unknown serials at one instant: a single look for a key.
  expect(looks).toBe(1);
}, 1_800_000);
