import { commandLine } from './commandLine.ts';

// Every command, and every refusal: commandLine.long.test.ts (npm run test:all).
commandLine(/^(deploy prints|invoke reaches|remove|no command)/);
