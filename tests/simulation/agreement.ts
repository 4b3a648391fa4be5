import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openInProcess } from '../e2e/inProcess.ts';
import { play } from './histories.ts';
import { history } from './steps.ts';

/** Tests so many random histories on each link; fast-check finds the shortest that breaks a rule. */
export function testAgreement(runs: number): void {
  test.each(['publicKey', 'cloudPay'] as const)(
    `whatever happens to three orders and a purchase, ours and WeChat’s agree in the end (%s, ${runs} histories)`,
    async (mode) => {
      const stage = await openInProcess(mode);
      let serial = 0;
      const property = fc.asyncProperty(history, async (steps) => {
        serial += 1;
        await play(stage, steps, serial);
      });
      await fc.assert(property, { numRuns: runs });
      expect(serial).toBeGreaterThanOrEqual(runs);
      await stage.close();
    },
    3_600_000,
  );
}
