import { sideBySide } from './sideBySide.ts';

sideBySide([1, 2], 70);
