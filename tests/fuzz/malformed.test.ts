import { expect, test } from 'vitest';
import { openInProcess } from '../e2e/inProcess.ts';
import { seedOfRun } from '../support/chance.ts';
import { fuzzMalformed } from './malformed.ts';

// A campaign of its own: npm run fuzz (FUZZ_RUNS=100000).
const runs = Number(process.env.FUZZ_RUNS ?? 20_000);
const seed = seedOfRun();

test(`malformed input of any shape is refused well-formed, nothing written (${runs})`, async () => {
  const stage = await openInProcess();
  const sent = await fuzzMalformed(stage, runs, seed);
  expect(Object.values(sent).reduce((sum, n) => sum + n, 0)).toBeGreaterThan(runs * 0.8);
  expect(await stage.documents()).toBe(0);
  await stage.close();
}, 600_000);
