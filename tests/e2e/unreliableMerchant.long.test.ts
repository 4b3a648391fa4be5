import { test } from 'vitest';
import { expectSound, payUnreliably } from './unreliableMerchant.ts';

const ORDERS = Number(process.env.UNRELIABLE_ORDERS ?? 10);

test(`${ORDERS} orders reach a merchant who fails, dies and times out`, async () => {
  expectSound(await payUnreliably(ORDERS));
}, 3_600_000);
