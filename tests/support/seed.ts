import fc from 'fast-check';
import { seedOfRun } from './chance.ts';

fc.configureGlobal({ seed: seedOfRun() });
