import { interrupted } from './interrupted.ts';

// Death after every call, and lost requests too: interrupted.long.test.ts (npm run test:all).
interrupted({ stride: 12, lose: ['lost_answer'] });
