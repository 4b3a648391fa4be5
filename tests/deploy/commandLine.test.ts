import { testCommandLine } from './commandLine.ts';

// Every command, and every refusal: commandLine.long.test.ts (npm run test:all).
testCommandLine(/^(deploy prints|invoke reaches|remove|no command)/);
