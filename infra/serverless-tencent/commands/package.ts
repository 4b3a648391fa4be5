import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildFunctions } from '../../build/build.ts';
import { type Package, zipOf } from '../../build/zip.ts';
import type { Session } from '../context/framework.ts';
import { serviceOf } from '../context/open.ts';

/** A package with what the size report says of it. */
export interface Packed extends Package {
  name: string;
  /** Relative to the project. */
  file: string;
  bundleBytes: number;
  /** The sources in it, relative to the project. */
  sources: readonly string[];
}

/** Builds and packs functions to `dist/packages/<name>.zip`; their source maps stay in `dist/functions`. */
export async function pack(root: string, names: readonly string[]): Promise<Packed[]> {
  await mkdir(join(root, 'dist', 'packages'), { recursive: true });
  const built = await buildFunctions(root, { names });
  return Promise.all(
    built.map(async ({ name, code, sources }) => {
      const zip = zipOf(code);
      const path = join('dist', 'packages', `${name}.zip`);
      await writeFile(join(root, path), zip.bytes);
      return { ...zip, name, file: path, bundleBytes: code.length, sources };
    }),
  );
}

/** `serverless package`: also tells the framework, whose own packager would take the whole project. */
export async function packageAll(session: Session): Promise<Packed[]> {
  const { framework } = session;
  const packed = await pack(
    framework.serviceDir,
    serviceOf(session).functions.map(({ name }) => name),
  );
  framework.service.package.individually = true;
  for (const { name, file } of packed) {
    const described = framework.service.functions[name];
    if (described) described.package = { individually: true, artifact: file };
  }
  return packed;
}

/** The size report, for people. */
export function sizeReport(packed: readonly Packed[]): string {
  const kB = (bytes: number) => `${(bytes / 1000).toFixed(1).padStart(8)} kB`;
  const rows = packed.map(
    ({ name, bundleBytes, bytes, sha256 }) =>
      `  ${name.padEnd(20)}${kB(bundleBytes)}${kB(bytes.length)}  ${sha256.slice(0, 12)}`,
  );
  return [`  ${'函数 (function)'.padEnd(18)}  bundle         zip     sha256`, ...rows].join('\n');
}
