import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import type { Need } from '../../shared/contract/contract.ts';
import { contracts } from '../../shared/contract/contracts.ts';
import { cutUnused } from './cuts.ts';

/** One function, built: a single CommonJS file that exports `main`. */
export interface BuiltFunction {
  name: string;
  /** Where the bundle was written to; absolute. */
  file: string;
  code: Uint8Array;
  /** What is in it, for size reports. */
  metafile: Metafile;
}

/** Where a function's bundle lies under `dist`. */
export function bundleOf(dist: string, name: string): string {
  return join(dist, 'functions', name, 'index.js');
}

/** Every function of the contracts. */
export const functionNames: readonly string[] = Object.keys(contracts);

/** What a build may do otherwise. */
export interface BuildOptions {
  /** Default: every function of the contracts. */
  names?: readonly string[];
  /** Where to; default: `dist` under the root. */
  dist?: string;
  /** They see the sources first. */
  plugins?: Plugin[];
}

/**
 * Builds functions under `root` to `dist/functions/<name>/index.js`, the source map beside it (which is
 * not deployed).
 */
export async function buildFunctions(
  root: string,
  { names = functionNames, dist = join(root, 'dist'), plugins = [] }: BuildOptions = {},
): Promise<BuiltFunction[]> {
  await mkdir(dist, { recursive: true });
  // The package is ESM, its bundles are not; without this a require of one gives `{}`.
  await writeFile(join(dist, 'package.json'), '{ "type": "commonjs" }\n');
  return Promise.all(names.map((name) => buildFunction(root, name, { dist, plugins })));
}

async function buildFunction(
  root: string,
  name: string,
  { dist, plugins }: Required<Omit<BuildOptions, 'names'>>,
): Promise<BuiltFunction> {
  const file = bundleOf(dist, name);
  const needs = needsOf(name);
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [join(root, 'functions', name, 'index.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    legalComments: 'none',
    sourcemap: 'external',
    metafile: true,
    write: false,
    plugins: [...plugins, ...(needs ? [cutUnused(needs)] : [])],
    logLevel: 'warning',
  });
  await Promise.all(outputFiles.map(({ path, contents }) => replaceFile(path, contents)));
  const code = outputFiles.find(({ path }) => path === file)?.contents ?? new Uint8Array();
  return { name, file, code, metafile };
}

/** Another build may run beside this one: a reader gets the old file or the new one, whole. */
async function replaceFile(path: string, contents: Uint8Array): Promise<void> {
  const written = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(written, contents);
  await rename(written, path);
}

/** A function without a contract of ours keeps everything it imports. */
function needsOf(name: string): readonly Need[] | undefined {
  const known: Record<string, { needs: readonly Need[] }> = contracts;
  return Object.hasOwn(known, name) ? known[name]?.needs : undefined;
}
