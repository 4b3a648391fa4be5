import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';

/** A bundle that is loaded with the variables that it will have. */
export interface Loading {
  name: string;
  file: string;
  environment: Readonly<Record<string, string>>;
}

/**
 * Loads one bundle and reports on a channel of its own, which no print of the function reaches. A
 * promise that is rejected and a timer that throws as it loads end the platform's process too.
 */
const PROGRAM = `
  const report = (error) => {
    const fault = error && { text: String(error), stack: String(error.stack) };
    require('fs').writeSync(3, JSON.stringify({ fault }));
    process.exit();
  };
  process.on('uncaughtException', (error) => report(error ?? new Error('threw ' + error)));
  if (typeof require(process.argv[1]).main !== 'function') throw new Error('main is not exported');
  setTimeout(report, 20);
`;

/**
 * Loads bundles on this machine, as the platform does at a function's first call: each in a process
 * of its own. Answers which one throws or ends its process, why and where in its source.
 * Undefined: all of them load.
 */
export async function loadFault(
  root: string,
  loadings: readonly Loading[],
  limitMs = 15_000,
): Promise<string | undefined> {
  for (const loading of loadings) {
    const { report, end } = await load(loading, limitMs);
    if (report === '') return `${loading.name}: ${end}`;
    const { fault } = JSON.parse(report) as { fault?: { text: string; stack: string } };
    if (fault) {
      return `${loading.name}: ${fault.text}${await placeOf(root, loading.file, fault.stack)}`;
    }
  }
  return undefined;
}

/** Loads one bundle; answers what it reported, and how its process ended. */
async function load(
  { file, environment }: Loading,
  limitMs: number,
): Promise<{ report: string; end: string }> {
  const base = { PATH: process.env.PATH, HOME: tmpdir(), TZ: 'UTC', TENCENTCLOUD_RUNENV: 'SCF' };
  const child = spawn(process.execPath, ['--input-type=commonjs', '-e', PROGRAM, file], {
    // Not as an argument, which every user of the machine can read.
    env: { ...base, ...environment },
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  let report = '';
  child.stdio[3]?.on('data', (chunk: Buffer) => {
    report += chunk;
  });
  const [code] = await once(child, 'close');
  const end =
    code === null
      ? '函数加载未结束 (loading does not end)'
      : `函数加载时结束了进程 (it ends the process as it loads), exit ${code}`;
  return { report, end };
}

/** Finds the place in the source that a stack begins at, by the map beside the bundle. */
async function placeOf(root: string, file: string, stack: string): Promise<string> {
  const [, line = '', column = ''] = /index\.js:(\d+):(\d+)/.exec(stack) ?? [];
  try {
    const map = new SourceMap(JSON.parse(await readFile(`${file}.map`, 'utf8')));
    const entry = map.findEntry(Number(line) - 1, Number(column) - 1);
    if (!('originalSource' in entry)) return '';
    const source = relative(root, resolve(join(file, '..'), entry.originalSource));
    return `，${source}:${entry.originalLine + 1}`;
  } catch {
    return ''; // Without a map the message has to do.
  }
}
