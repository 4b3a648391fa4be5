import { closedOnce } from './closedOnce.ts';

closedOnce(500);
