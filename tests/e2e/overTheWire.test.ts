import { openOverTheWire } from './overTheWire.ts';
import { refundScenarios } from './refundScenarios.ts';
import { scenarios } from './scenarios.ts';

// Where a process, a socket or the real SDK may make a difference. Every scenario over the wire, on both
// links: overTheWire.long.test.ts (npm run test:all).
scenarios('a payment over the wire', () => openOverTheWire(), {
  only: /^(1|3|8 a callback|9|11|14|15 the placer dies after|17|21) |^a bill/,
});

scenarios('a payment over the wire, cloud pay', () => openOverTheWire(undefined, 'cloudPay'), {
  link: 'cloudPay',
  only: /^(1|3|9 without a token|17) |^a bill|^a timer without token pays/,
});

refundScenarios('refunds over the wire', () => openOverTheWire(), /^accepted/);
