/**
 * Runs `npm test` again and again, or beside busy loops, and measures it:
 * `npm run test:repeat [-- --runs 20]`, `npm run test:busy [-- --runs 3]`. Fails if any run is red.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cpuSecondsOf, type Run, summaryOf } from './summary.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1' },
    busy: { type: 'string', default: '0' },
    project: { type: 'string', default: 'quick' },
  },
});
const count = Number(values.runs);
const loops = Number(values.busy);
const FOLDER = join('.local', 'runs', loops > 0 ? 'busy' : 'quiet');

/** It ends by itself when its parent is gone, however that ended. */
const LOOP = 'const parent = process.ppid; while (process.ppid === parent);';
const busy = Array.from({ length: loops }, () => spawn(process.execPath, ['-e', LOOP]));
const endBusy = () => {
  for (const loop of busy) loop.kill('SIGKILL');
};
process.once('exit', endBusy);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => process.exit(130));

await mkdir(FOLDER, { recursive: true });
const runs: Run[] = [];
for (let number = 1; number <= count; number += 1) {
  const run = await runOnce(number);
  runs.push(run);
  const { wallS, cpuS, passed, failed } = run;
  const figures = `${wallS} s, CPU ${cpuS} s, ${passed} passed, ${failed} failed`;
  process.stdout.write(`${number}/${count}  ${figures}${failed > 0 ? `  ${logOf(number)}` : ''}\n`);
}
endBusy();
console.table(summaryOf(runs));
process.exitCode = runs.every(({ failed, passed }) => failed === 0 && passed > 0) ? 0 : 1;

function logOf(number: number): string {
  return join(FOLDER, `${number}.log`);
}

/** Runs the suite once and stores its output; the shell measures it with all that it started. */
async function runOnce(number: number): Promise<Run> {
  const report = join(FOLDER, `${number}.json`);
  const reporters = `--reporter=default --reporter=./tests/support/repeatAlone.ts --reporter=json`;
  const vitest = `npx vitest run --project ${values.project} ${reporters} --outputFile.json=${report}`;
  await writeFile(report, '{}');
  const beganMs = performance.now();
  const shell = spawn('sh', ['-c', `${vitest}; code=$?; times >&3; exit $code`], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const ended = once(shell, 'exit');
  const [out, err, times] = await Promise.all([1, 2, 3].map((pipe) => textOf(shell, pipe)));
  await ended;
  await writeFile(logOf(number), `${out}${err}`);
  const { numPassedTests: passed = 0, numFailedTests: failed = 0 } = JSON.parse(
    await readFile(report, 'utf8'),
  ) as Record<string, number>;
  const wallS = Math.round((performance.now() - beganMs) / 100) / 10;
  // Red without a failed test: a file that does not load, a worker that died, a set-up that fails.
  const isRed = shell.exitCode !== 0;
  return { wallS, cpuS: cpuSecondsOf(times ?? ''), passed, failed: Math.max(failed, +isRed) };
}

async function textOf(child: ChildProcess, pipe: number): Promise<string> {
  const stream = child.stdio[pipe] as NodeJS.ReadableStream;
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  await once(stream, 'close');
  return text;
}
