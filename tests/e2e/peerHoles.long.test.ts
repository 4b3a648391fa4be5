import { openOverTheWire } from './overTheWire.ts';
import { peerHoles } from './peerHoles.ts';

peerHoles('holes of another backend, over the wire', () => openOverTheWire());
