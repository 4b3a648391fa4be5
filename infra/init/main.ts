import { createRequire } from 'node:module';
import { leaveDoctorHint } from '../serverless-tencent/context/terminal.ts';
import { terminalAskLine } from '../terminal.ts';
import { InitRefusal, runInit } from './init.ts';

leaveDoctorHint(createRequire(import.meta.url).resolve('serverless/bin/serverless.js'));
try {
  await runInit(process.argv.slice(2), {
    root: process.cwd(),
    ask: terminalAskLine(process.stdout),
    write: (text) => void process.stdout.write(text),
  });
} catch (error) {
  if (!(error instanceof InitRefusal)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
