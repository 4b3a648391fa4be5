import { cloudPayRefundScenarios } from './cloudPayRefundScenarios.ts';
import { openInProcess } from './inProcess.ts';
import { readings } from './readings.ts';
import { scenarios } from './scenarios.ts';

// The scenarios in which a timer decides, or who has a token. All of them under each reading:
// readings.long.test.ts (npm run test:all).
for (const [reading, switches] of readings.cloudPay) {
  const open = () => openInProcess('cloudPay', switches);
  scenarios(`a payment, cloud pay; ${reading}`, open, {
    link: 'cloudPay',
    only: /^(3|4|5|21) |^9 (a callback with no secret|without a token)|^a bill|token|server/,
  });
  cloudPayRefundScenarios(`refunds on cloud pay; ${reading}`, open, /server|timer without/);
}

for (const [reading, switches] of readings.apiV3) {
  scenarios(`a payment; ${reading}`, () => openInProcess('publicKey', switches), {
    only: /^(3|4|5|21) |^a bill/,
  });
}
