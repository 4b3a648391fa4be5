import { testSideBySide } from './sideBySide.ts';

testSideBySide([1, 2], 70);
