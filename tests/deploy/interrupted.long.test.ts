import { testInterruptedDeploys } from './interrupted.ts';

// After every call: npm run deaths (DEATHS_RUNS=all).
const stride = process.env.DEATHS_RUNS === 'all' ? 1 : 3;

testInterruptedDeploys({ stride, lose: ['lost_answer', 'lost_request'] });
