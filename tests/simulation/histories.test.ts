import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openInProcess } from '../e2e/inProcess.ts';
import { history, play } from './histories.ts';

// A campaign of its own: npm run histories (HISTORY_RUNS=3000); HISTORY_SEED replays one.
const runs = Number(process.env.HISTORY_RUNS ?? 60);
const seed =
  process.env.HISTORY_SEED === undefined ? {} : { seed: Number(process.env.HISTORY_SEED) };

test.each(['publicKey', 'cloudPay'] as const)(
  `whatever happens to three orders, ours and WeChat’s agree in the end (%s, ${runs} histories)`,
  async (mode) => {
    const stage = await openInProcess(mode);
    let serial = 0;
    const property = fc.asyncProperty(history, async (steps) => {
      serial += 1;
      await play(stage, steps, serial);
    });
    await fc.assert(property, { numRuns: runs, ...seed });
    expect(serial).toBeGreaterThanOrEqual(runs);
    await stage.close();
  },
  1_800_000,
);
