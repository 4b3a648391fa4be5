import { execFile } from 'node:child_process';
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

const LIMIT_MS = 15_000;

/** Loads each bundle, one after another, and says of the first that fails where it threw. */
const PROGRAM = `
  for (const { name, file, environment } of JSON.parse(require('fs').readFileSync(0, 'utf8'))) {
    Object.assign(process.env, environment);
    try {
      if (typeof require(file).main !== 'function') throw new Error('main is not exported');
    } catch (error) {
      process.stdout.write(JSON.stringify({ name, file, text: String(error), stack: String(error?.stack) }));
      process.exit(1);
    }
  }
  process.exit(0);
`;

/**
 * Loads bundles on this machine, as the platform does at a function's first call; answers which
 * one throws, why and where in its source. Undefined: all of them load.
 */
export async function loadFault(
  root: string,
  loadings: readonly Loading[],
): Promise<string | undefined> {
  if (loadings.length === 0) return undefined;
  const env = { PATH: process.env.PATH, HOME: tmpdir(), TZ: 'UTC', TENCENTCLOUD_RUNENV: 'SCF' };
  const output = await new Promise<string | undefined>((finish) => {
    const args = ['--input-type=commonjs', '-e', PROGRAM];
    const options = { env, timeout: LIMIT_MS };
    const child = execFile(process.execPath, args, options, (error, stdout) =>
      finish(error ? stdout : undefined),
    );
    // Not as an argument, which every user of the machine can read.
    child.stdin?.end(JSON.stringify(loadings));
  });
  if (output === undefined) return undefined;
  // What a function prints as it loads comes before it.
  const report = output.slice(output.lastIndexOf('{"name"'));
  if (!report.startsWith('{')) return `函数加载未结束 (loading does not end): ${namesOf(loadings)}`;
  const { name, file, text, stack } = JSON.parse(report) as Record<string, string>;
  const place = await placeOf(root, file ?? '', stack ?? '');
  return `${name}: ${text}${place}`;
}

function namesOf(loadings: readonly Loading[]): string {
  return loadings.map(({ name }) => name).join(', ');
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
