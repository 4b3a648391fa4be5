import { sideBySide } from './sideBySide.ts';

// More and longer histories: sideBySide.long.test.ts (npm run test:all).
sideBySide([1], 40);
