import { openOverTheWire } from './overTheWire.ts';
import { refundScenarios } from './refundScenarios.ts';
import { scenarios } from './scenarios.ts';

scenarios('a payment over the wire', openOverTheWire);

refundScenarios('refunds over the wire', openOverTheWire);
