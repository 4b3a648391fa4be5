import { commandLine } from './commandLine.ts';

commandLine();
