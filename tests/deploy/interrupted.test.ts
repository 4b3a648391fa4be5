import { interrupted } from './interrupted.ts';

// Death after more calls, and lost requests too: interrupted.long.test.ts (npm run test:all).
interrupted({ stride: 12, lose: ['lost_answer'] });
