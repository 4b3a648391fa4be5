import { testInterruptedDeploys } from './interrupted.ts';

// Death after more calls, and lost requests too: interrupted.long.test.ts (npm run test:all).
testInterruptedDeploys({ stride: 12, lose: ['lost_answer'] });
