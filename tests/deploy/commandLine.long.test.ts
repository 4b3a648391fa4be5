import { testCommandLine } from './commandLine.ts';

testCommandLine();
