import { cloudPayRefundScenarios } from './cloudPayRefundScenarios.ts';
import { linkMoves } from './linkMoves.ts';
import { openOverTheWire } from './overTheWire.ts';
import { refundScenarios } from './refundScenarios.ts';
import { scenarios } from './scenarios.ts';

scenarios('a payment over the wire', () => openOverTheWire());

scenarios('a payment over the wire, cloud pay', () => openOverTheWire(undefined, 'cloudPay'), {
  link: 'cloudPay',
});

// The platform in every way in which it may differ from that; the rest of it: readings.long.test.ts.
scenarios(
  'a payment over the wire, cloud pay, the platform read otherwise',
  () =>
    openOverTheWire(undefined, 'cloudPay', {
      LOCAL_DEVTOOLS_TRIGGER: 'timer',
      LOCAL_BOTH_TIMERS: '1',
      LOCAL_EMPTY_VARIABLES: '1',
      LOCAL_TIME_EXPIRE: 'refused',
    }),
  { link: 'cloudPay', only: /^(1|3|4|5|9|17|21) |^a bill|token/ },
);

// Instances freeze after their answer in all of these: nothing of ours relies on running on, nor on freezing.
// Whoever is ended has a cold start in each call, so that these are a choice.
for (const afterAnswer of ['ended', 'running']) {
  for (const link of ['apiV3', 'cloudPay'] as const) {
    const open = () => openOverTheWire(undefined, link, { LOCAL_AFTER_ANSWER: afterAnswer });
    const reading = `${link}, instances are ${afterAnswer} after their answer`;
    scenarios(`a payment over the wire, ${reading}`, open, {
      link,
      only: /^(1|3|4|5|9|17|21) |^a bill|token/,
    });
    linkMoves(`to the other link over the wire, ${reading}`, open);
  }
}

scenarios(
  'a payment over the wire, WeChat Pay read otherwise',
  () =>
    openOverTheWire(undefined, 'apiV3', {
      LOCAL_TIME_EXPIRE: 'refused',
      LOCAL_ANSWER_PROBES: '1',
    }),
  { only: /^(1|3|4|5|9|17|21) |^a bill/ },
);

cloudPayRefundScenarios('refunds on cloud pay, over the wire', () =>
  openOverTheWire(undefined, 'cloudPay'),
);
refundScenarios('refunds over the wire', () => openOverTheWire());

linkMoves('from the direct link to cloud pay, over the wire', () => openOverTheWire());
linkMoves('from cloud pay to the direct link, over the wire', () =>
  openOverTheWire(undefined, 'cloudPay'),
);
