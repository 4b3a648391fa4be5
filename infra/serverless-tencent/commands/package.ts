import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildFunctions } from '../../build/build.ts';
import { type Package, zipBundle } from '../../build/zip.ts';
import type { CommandContext } from '../context/framework.ts';
import { serviceOf } from '../context/open.ts';

/** A function's package with the facts that the size report prints. */
export interface FunctionPackage extends Package {
  name: string;
  /** The zip's path, relative to the project. */
  file: string;
  bundleBytes: number;
  /** The paths of the sources in it, relative to the project. */
  sources: readonly string[];
}

/**
 * Builds and packs functions to `dist/packages/<name>.zip`; their source maps stay in
 * `dist/functions`.
 */
export async function packFunctions(
  root: string,
  names: readonly string[],
): Promise<FunctionPackage[]> {
  await mkdir(join(root, 'dist', 'packages'), { recursive: true });
  const built = await buildFunctions(root, { names });
  return Promise.all(
    built.map(async ({ name, code, sources }) => {
      const zipped = zipBundle(code);
      const path = join('dist', 'packages', `${name}.zip`);
      await writeFile(join(root, path), zipped.bytes);
      return { ...zipped, name, file: path, bundleBytes: code.length, sources };
    }),
  );
}

/** Looks packages up by the name of their function. */
export function packagesByName(packages: readonly FunctionPackage[]): Map<string, FunctionPackage> {
  return new Map(packages.map((functionPackage) => [functionPackage.name, functionPackage]));
}

/**
 * Runs `serverless package`; also tells the framework, whose own packager would take the whole
 * project.
 */
export async function packageAll(context: CommandContext): Promise<FunctionPackage[]> {
  const { framework } = context;
  const packages = await packagesOf(context);
  framework.service.package.individually = true;
  for (const { name, file } of packages) {
    const fn = framework.service.functions[name];
    if (fn) fn.package = { individually: true, artifact: file };
  }
  return packages;
}

/** Builds and packs every function of `serverless.yml`. */
export function packagesOf(context: CommandContext): Promise<FunctionPackage[]> {
  const names = serviceOf(context).functions.map(({ name }) => name);
  return packFunctions(context.framework.serviceDir, names);
}

/** Writes the size report, for people. */
export function writeSizeReport(packages: readonly FunctionPackage[]): string {
  const kB = (bytes: number) => `${(bytes / 1000).toFixed(1).padStart(8)} kB`;
  const rows = packages.map(
    ({ name, bundleBytes, bytes, sha256 }) =>
      `  ${name.padEnd(20)}${kB(bundleBytes)}${kB(bytes.length)}  ${sha256.slice(0, 12)}`,
  );
  return [`  ${'函数 (function)'.padEnd(18)}  bundle         zip     sha256`, ...rows].join('\n');
}
