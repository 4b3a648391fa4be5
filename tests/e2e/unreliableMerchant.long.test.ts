import { expect, test } from 'vitest';
import { percentile } from '../../bench/harness/table.ts';
import { expectSound, payUnreliably } from './unreliableMerchant.ts';

const ORDERS = Number(process.env.UNRELIABLE_ORDERS ?? 1000);

test('a thousand orders reach a merchant who fails, dies and times out; callbacks do not wait', async () => {
  const report = await payUnreliably(ORDERS);
  expectSound(report);
  expect(percentile(report.callbackMs, 0.99)).toBeLessThan(1000);
}, 3_600_000);
