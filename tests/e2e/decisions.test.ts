import { decisions } from './decisions.ts';
import { openInProcess } from './inProcess.ts';
import { openOverTheWire } from './overTheWire.ts';

decisions('what a person decides, inside one process', () => openInProcess('publicKey'));
decisions('what a person decides, under a provider', () => openInProcess('provider'));
decisions('what a person decides, over the wire', () => openOverTheWire());
