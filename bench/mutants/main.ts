/**
 * Changes the code in small ways and counts which changes the tests beside it see (mutation testing):
 * npm run mutants [-- [--again] folder or file …]. `--again` tries only what changed since the last run of
 * the same path, as far as Stryker can tell: helpers of tests are not watched. Prints the score of each folder and the mutants that survive;
 * exits 1 where a score is below what its folder owes. Stryker is fetched by npm at its first use.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keepKilled, scoreOf } from './report.ts';
import { patternsOf, type Room, roomsOf, testsOf } from './rooms.ts';

const VERSION = '9.6.1';
/** The day whose versions of Stryker's own dependencies are taken, so that each fetch gives the same. */
const BEFORE = '2026-11-30';

const stryker = join('node_modules', '.cache', `stryker-${VERSION}`);
const reports = join('.local', 'mutants');

fetchStryker();
const given = process.argv.slice(2);
const isAgain = given.includes('--again');
const rows = roomsOf(given.filter((path) => path !== '--again')).map(measure);
console.table(rows);
if (rows.some(({ score, 'at least': min }) => score < Number(min))) process.exitCode = 1;

function fetchStryker(): void {
  if (existsSync(join(stryker, 'node_modules'))) return;
  mkdirSync(stryker, { recursive: true });
  const names = ['core', 'vitest-runner'].map((name) => `@stryker-mutator/${name}@${VERSION}`);
  // The runner takes the project's own vitest: no peers here.
  const flags = ['--no-save', '--ignore-scripts', '--legacy-peer-deps', `--before=${BEFORE}`];
  run('npm', ['install', '--prefix', stryker, ...flags, ...names]);
}

/** Runs Stryker on one room, says which mutants survive, and gives its row of the table. */
function measure(room: Room) {
  const name = room.path.replaceAll('/', '-');
  mkdirSync(reports, { recursive: true });
  const config = join(reports, `${name}.config.json`);
  const report = join(reports, `${name}.report.json`);
  const known = join(reports, `${name}.known.json`);
  const options = optionsOf(patternsOf(room), { report, known });
  writeFileSync(config, JSON.stringify(options, undefined, 2));
  const bin = join(stryker, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
  if (isAgain) keepKilled(report, known);
  run(process.execPath, [bin, 'run', config], { MUTANTS_TESTS: testsOf(room) });
  const { percent, survivors, ...counts } = scoreOf(report);
  for (const survivor of survivors) console.log(survivor);
  return { path: room.path, ...counts, score: percent, 'at least': room.scoreMin ?? '' };
}

function optionsOf(mutate: string[], files: { report: string; known: string }) {
  return {
    mutate,
    testRunner: 'vitest',
    plugins: [
      '@stryker-mutator/vitest-runner',
      join(process.cwd(), 'bench', 'mutants', 'texts.mjs'),
    ],
    ignorers: ['texts'],
    vitest: { configFile: join('bench', 'mutants', 'vitest.config.ts'), related: false },
    // TypeScript 7 has no API that Stryker could read a tsconfig with; none is needed.
    tsconfigFile: 'none.json',
    coverageAnalysis: 'perTest',
    concurrency: 1,
    // Longer than a busy machine needs: it ends only what hangs, and that counts as seen.
    timeoutMS: 20_000,
    dryRunTimeoutMinutes: 30,
    reporters: ['json', 'progress-append-only'],
    jsonReporter: { fileName: files.report },
    incremental: isAgain,
    // Stryker writes it anew at its end, as it does the report: one file cannot be both.
    incrementalFile: files.known,
    tempDirName: join('.local', 'stryker'),
    ignorePatterns: ['dist', 'docs', '.local*'],
  };
}

function run(command: string, args: string[], env: NodeJS.ProcessEnv = {}): void {
  const { status, error } = spawnSync(command, args, {
    // Its progress is no part of the result.
    stdio: ['ignore', process.stderr, process.stderr],
    env: { ...process.env, ...env },
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: exit ${status}`);
}
