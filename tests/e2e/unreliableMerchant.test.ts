import { test } from 'vitest';
import { expectSound, payUnreliably } from './unreliableMerchant.ts';

test('a merchant who fails, dies and times out gets every event all the same, while processes are killed', async () => {
  expectSound(await payUnreliably(12));
}, 240_000);
