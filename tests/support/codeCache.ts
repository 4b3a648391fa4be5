import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import {
  type CodeCache,
  cachedZip,
  makerZip,
  readMade,
} from '../../infra/build/codeCache/packages.ts';
import type { Zip } from '../../infra/build/zip.ts';

/** A process of a function: which Node runs it, with what. */
export interface Runtime {
  node?: string;
  flags?: readonly string[];
  env?: Readonly<Record<string, string>>;
}

/** The end of a process: what it answered and printed, or the signal that killed it. */
export interface Ended {
  answer?: unknown;
  /** The stack of what was thrown, by loading or by running. */
  thrown?: string;
  printed: string[];
  exit: number | string | null;
}

const PROGRAM = `
  const [folder, event] = process.argv.slice(1);
  const end = (result) => process.stderr.write(JSON.stringify(result));
  (async () => require(folder + '/index.js').main(JSON.parse(event)))().then(
    (answer) => end({ answer }),
    (error) => end({ thrown: String(error.stack) }),
  );
`;

/** Unpacks a package, as the platform does; a folder of the repository would make it an ES module. */
export function unpackTo(folder: string, { bytes }: Zip): string {
  mkdirSync(folder, { recursive: true });
  for (const [path, content] of Object.entries(unzipSync(bytes))) {
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** Loads an unpacked package in a fresh process, as a cold start does, and calls it once. */
export function callOnce(
  folder: string,
  event: unknown = {},
  { node = process.execPath, flags = [], env = {} }: Runtime = {},
): Promise<Ended> {
  const args = [...flags, '--input-type=commonjs', '-e', PROGRAM, folder, JSON.stringify(event)];
  const options = { env: { PATH: process.env.PATH, ...env }, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve) => {
    const child = execFile(node, args, options, (_error, stdout, stderr) => {
      const printed = stdout.split('\n').filter(Boolean);
      const exit = child.signalCode ?? child.exitCode;
      const end = stderr.lastIndexOf('{"');
      const result = end < 0 ? {} : (JSON.parse(stderr.slice(stderr.indexOf('{"'))) as object);
      resolve({ ...result, printed, exit });
    });
  });
}

/** Runs a function for `InvokeFunction` of a cloud, in a process of its own. */
export async function runFolder(folder: string, event: unknown) {
  const { answer: result, thrown } = await callOnce(folder, event);
  if (thrown === undefined) return { result };
  return { error: { code: 'FUNCTIONS_EXECUTE_FAIL', message: thrown.split('\n')[0] ?? '' } };
}

/** Makes the code cache of a bundle in a process of its own, as the deploy has it made. */
export async function makeCache(
  folder: string,
  bundle: Uint8Array,
  runtime: Runtime = {},
): Promise<CodeCache> {
  const secret = 'a secret of this test';
  unpackTo(folder, makerZip(bundle, secret));
  const ended = await callOnce(folder, { secret }, runtime);
  const made = readMade(ended.answer, bundle);
  if (!made) throw new Error(`no cache was made: ${ended.exit} ${ended.thrown}`);
  return made;
}

/** Unpacks a bundle with a cache that was made for it in `runtime`. */
export async function unpackCached(
  folder: string,
  bundle: Uint8Array,
  runtime: Runtime = {},
): Promise<string> {
  const cache = await makeCache(join(folder, 'maker'), bundle, runtime);
  return unpackTo(join(folder, 'cached'), cachedZip(bundle, cache));
}
