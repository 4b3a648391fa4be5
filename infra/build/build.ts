import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import type { FunctionName } from '../../shared/contract/callers.ts';
import { contracts } from '../../shared/contract/contracts.ts';
import { cutUnused } from './cuts.ts';

/** One function, built: a single CommonJS file that exports `main`. */
export interface BuiltFunction {
  name: FunctionName;
  /** Absolute. */
  file: string;
  bytes: number;
  /** What is in it, for size reports. */
  metafile: Metafile;
}

/** Where a function's bundle lies under `dist`. */
export function bundleOf(dist: string, name: string): string {
  return join(dist, 'functions', name, 'index.js');
}

/** Builds every function under `root` to `dist/functions/<name>/index.js`. */
export async function buildFunctions(root: string): Promise<BuiltFunction[]> {
  const dist = join(root, 'dist');
  await mkdir(dist, { recursive: true });
  // The package is ESM, its bundles are not; without this a require of one gives `{}`.
  await writeFile(join(dist, 'package.json'), '{ "type": "commonjs" }\n');
  const names = Object.keys(contracts) as FunctionName[];
  return Promise.all(names.map((name) => buildFunction(root, dist, name)));
}

async function buildFunction(
  root: string,
  dist: string,
  name: FunctionName,
): Promise<BuiltFunction> {
  const outfile = bundleOf(dist, name);
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [join(root, 'functions', name, 'index.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    legalComments: 'none',
    metafile: true,
    plugins: [cutUnused(contracts[name].needs)],
    logLevel: 'warning',
  });
  const bytes = Object.values(metafile.outputs)[0]?.bytes ?? 0;
  return { name, file: outfile, bytes, metafile };
}
