import { closedOnce } from './closedOnce.ts';

// 500: staleOrders.long.test.ts. Ten thousand, with the latencies of a bad day: npm run bench.
closedOnce(100);
