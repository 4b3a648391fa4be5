import { openInProcess } from './inProcess.ts';
import { peerHoles } from './peerHoles.ts';

peerHoles('holes of another backend, inside one process', () => openInProcess('publicKey'));
peerHoles('holes of another backend, on cloud pay', () => openInProcess('cloudPay'));
