import { interrupted } from './interrupted.ts';

interrupted({ stride: 1, lose: ['lost_answer', 'lost_request'] });
