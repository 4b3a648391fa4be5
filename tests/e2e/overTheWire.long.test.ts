import { cloudPayRefundScenarios } from './cloudPayRefundScenarios.ts';
import { linkMoves } from './linkMoves.ts';
import { openOverTheWire } from './overTheWire.ts';
import { refundScenarios } from './refundScenarios.ts';
import { scenarios } from './scenarios.ts';

// Instances freeze after their answer in all of these. Other readings of the platform: wireReadings.long.test.ts.
scenarios('a payment over the wire', () => openOverTheWire());

scenarios('a payment over the wire, cloud pay', () => openOverTheWire(undefined, 'cloudPay'), {
  link: 'cloudPay',
});

cloudPayRefundScenarios('refunds on cloud pay, over the wire', () =>
  openOverTheWire(undefined, 'cloudPay'),
);
refundScenarios('refunds over the wire', () => openOverTheWire());

linkMoves('from the direct link to cloud pay, over the wire', () => openOverTheWire());
linkMoves('from cloud pay to the direct link, over the wire', () =>
  openOverTheWire(undefined, 'cloudPay'),
);
