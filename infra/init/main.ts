import { createRequire } from 'node:module';
import { createInterface } from 'node:readline/promises';
import { leaveDoctorHint } from '../serverless-tencent/context/terminal.ts';
import { InitRefusal, runInit } from './init.ts';

leaveDoctorHint(createRequire(import.meta.url).resolve('serverless/bin/serverless.js'));
const hasTerminal = process.stdin.isTTY && process.stdout.isTTY;
const lines = hasTerminal
  ? createInterface({ input: process.stdin, output: process.stdout })
  : undefined;
lines?.once('SIGINT', () => {
  process.stderr.write('\n未写入 (nothing was written)\n');
  process.exit(130);
});
try {
  await runInit(process.argv.slice(2), {
    root: process.cwd(),
    ask: lines && ((question) => lines.question(question)),
    write: (text) => void process.stdout.write(text),
  });
} catch (error) {
  if (!(error instanceof InitRefusal)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  lines?.close();
}
