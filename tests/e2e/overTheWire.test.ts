import { openOverTheWire } from './overTheWire.ts';
import { scenarios } from './scenarios.ts';

scenarios('a payment over the wire', openOverTheWire);
