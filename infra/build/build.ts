import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { callersOfSamples } from '../../shared/contract/callers.ts';
import type { Dependency } from '../../shared/contract/contract.ts';
import { contracts } from '../../shared/contract/contracts.ts';
import { cutUnused } from './cuts.ts';
import { usesDocumentsAlone } from './documentsAlone.ts';
import { entryOf, refuseLostExports } from './entries.ts';

/** One function, built: a single CommonJS file that exports `main`. */
export interface BuiltFunction {
  name: string;
  /** The bundle's absolute path. */
  file: string;
  code: Uint8Array;
  /**
   * The files that it is made of, imports of imports too, relative to the project.
   */
  sources: readonly string[];
  /** The bytes that each of them takes in the bundle, for size reports. */
  weights: Metafile['outputs'][string]['inputs'];
}

/** Tells where a function's bundle lies under `dist`. */
export function bundleOf(dist: string, name: string): string {
  return join(dist, 'functions', name, 'index.js');
}

/** Names every function of the contracts, then the samples. */
export const functionNames: readonly string[] = [contracts, callersOfSamples].flatMap((names) =>
  Object.keys(names),
);

/** The choices of whoever builds. */
export interface BuildOptions {
  /** Default: all of ours. */
  names?: readonly string[];
  /** The folder to build to; default: `dist` under the root. */
  dist?: string;
  /** Plugins that see the sources before ours. */
  plugins?: Plugin[];
}

/**
 * Builds functions under `root` to `dist/functions/<name>/index.js`, the source map beside it
 * (which is not deployed). Functions that work with the same things are built together, which saves
 * more than half of the time; the bytes are those of a build of each alone.
 */
export async function buildFunctions(
  root: string,
  { names = functionNames, dist = join(root, 'dist'), plugins = [] }: BuildOptions = {},
): Promise<BuiltFunction[]> {
  await mkdir(dist, { recursive: true });
  // The package is ESM, its bundles are not; without this a require of one gives `{}`.
  await writeFile(join(dist, 'package.json'), '{ "type": "commonjs" }\n');
  const groups = [...new Set(names.map((name) => String(dependenciesOf(root, name))))].map(
    (dependencies) => names.filter((name) => String(dependenciesOf(root, name)) === dependencies),
  );
  const built = await Promise.all(groups.map((group) => buildGroup(root, group, dist, plugins)));
  return built.flat().sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
}

async function buildGroup(
  root: string,
  names: readonly string[],
  dist: string,
  plugins: Plugin[],
): Promise<BuiltFunction[]> {
  const dependencies = dependenciesOf(root, names[0] ?? '');
  const entries = new Map(names.map((name) => [name, entryOf(root, name)]));
  const owner = Object.hasOwn(contracts, names[0] ?? '') ? 'ours' : 'merchant';
  const { metafile, outputFiles, warnings } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(
      [...entries].map(([name, file]) => [`functions/${name}/index`, file]),
    ),
    outdir: dist,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // An import() finds nothing in a script that came from a code cache; a require() does.
    supported: { 'dynamic-import': false },
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    sourcemap: 'external',
    metafile: true,
    write: false,
    plugins: [...plugins, ...(dependencies ? [cutUnused(dependencies, owner)] : [])],
    logLevel: 'warning',
  });
  refuseLostExports(warnings);
  await Promise.all(outputFiles.map(({ path, contents }) => replaceFile(path, contents)));
  return names.map((name) => {
    const file = bundleOf(dist, name);
    const code = outputFiles.find(({ path }) => path === file)?.contents ?? new Uint8Array();
    const weights = metafile.outputs[relative(root, file)]?.inputs ?? {};
    return { name, file, code, weights, sources: reachedFrom(entries.get(name) ?? '', metafile) };
  });
}

/**
 * Builds the single file that merchants copy beside functions of their own to `dist/merchant/merchant.js`: CommonJS,
 * not minified, since people read what they copy.
 */
export async function buildMerchantFile(root: string, dist = join(root, 'dist')): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { merchant: 'shared/merchant/merchant.ts' },
    outdir: join(dist, 'merchant'),
    bundle: true,
    platform: 'node',
    // Older functions run on Node 16.
    target: 'node16',
    format: 'cjs',
    charset: 'utf8',
    write: false,
    logLevel: 'warning',
  });
  await Promise.all(outputFiles.map(({ path, contents }) => replaceFile(path, contents)));
  return join(dist, 'merchant', 'merchant.js');
}

/** Lists every file that `entry` imports, itself among them. */
function reachedFrom(entry: string, { inputs }: Metafile): string[] {
  const reached = new Set([entry]);
  for (const file of reached) {
    for (const { path } of inputs[file]?.imports ?? []) reached.add(path);
  }
  return [...reached];
}

/**
 * Replaces a file at once, since another build may run beside this one: a reader gets the old or
 * the new one, whole.
 */
async function replaceFile(path: string, contents: Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(temporary, contents);
  await rename(temporary, path);
}

/**
 * Tells what a function depends on; one without a contract of ours keeps everything that it imports, unless its
 * text shows that documents are all it uses of the CloudBase SDK.
 */
function dependenciesOf(root: string, name: string): readonly Dependency[] | undefined {
  const byName: Record<string, { dependsOn: readonly Dependency[] }> = contracts;
  if (Object.hasOwn(byName, name)) return byName[name]?.dependsOn;
  return usesDocumentsAlone(root, name) ? [] : undefined;
}
