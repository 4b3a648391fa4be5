import { openInProcess } from './inProcess.ts';
import { scenarios } from './scenarios.ts';

scenarios('a payment inside one process', openInProcess);
