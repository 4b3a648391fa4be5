import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** The client, built: a folder that npm packs, and the bytes that a mini program loads. */
export interface BuiltClient {
  folder: string;
  /** Of the client itself, minified and gzipped. */
  gzippedBytes: number;
}

/** The files of the package: each exports one function. */
const ENTRIES = [
  {
    name: 'index',
    source: 'client/index.ts',
    types: 'client/types.ts',
    exported: 'createPayClient',
    creator: 'CreatePayClient',
  },
  {
    name: 'local',
    source: 'client/local/index.ts',
    types: 'client/local/types.ts',
    exported: 'localHost',
    creator: 'CreateLocalHost',
  },
] as const;

type Entry = (typeof ENTRIES)[number];

/**
 * Builds the client to `dist/client`: `miniprogram_dist/`, which 构建 npm of WeChat DevTools copies by the field
 * `miniprogram`; ES modules for Taro, uni-app and whatever else bundles; types. Source: `miniprogram npm`.
 */
export async function buildClient(root: string, dist = join(root, 'dist')): Promise<BuiltClient> {
  const folder = join(dist, 'client');
  await mkdir(join(folder, 'miniprogram_dist'), { recursive: true });
  const manifest = await readFile(join(root, 'client', 'package.json'), 'utf8');
  const [gzippedBytes = 0] = await Promise.all(
    ENTRIES.map((entry) => buildEntry(root, folder, entry)),
  );
  // The sources are ES modules; what is packed says so by its extension.
  const { type, ...packed } = JSON.parse(manifest) as Record<string, unknown>;
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(packed, undefined, 2)}\n`);
  await writeFile(join(folder, 'README.md'), await readFile(join(root, 'client', 'README.md')));
  return { folder, gzippedBytes };
}

/** Builds one file in its three forms; answers how many bytes a mini program loads, gzipped. */
async function buildEntry(root: string, folder: string, entry: Entry): Promise<number> {
  const { name, source, types, exported, creator } = entry;
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [source],
    bundle: true,
    minify: true,
    // Names between our own files; what the host, the server and the storage see is none of them.
    mangleProps: /^(callRepeatedly|functions|pending|payments|resuming|isNone)$/,
    format: 'esm',
    // The oldest engines that mini programs run on.
    target: 'es2018',
    charset: 'utf8',
    write: false,
    logLevel: 'warning',
  });
  const esm = outputFiles[0]?.text ?? '';
  const cjs = commonJsOf(esm, exported);
  const declared = (await readFile(join(root, types), 'utf8')).replace('../types.ts', './index.js');
  await Promise.all([
    writeFile(join(folder, 'miniprogram_dist', `${name}.js`), cjs),
    writeFile(join(folder, `${name}.mjs`), esm),
    writeFile(
      join(folder, `${name}.d.ts`),
      `${declared}\nexport declare const ${exported}: ${creator};\n`,
    ),
  ]);
  return gzipSync(cjs, { level: 9 }).length;
}

/** Writes the export as CommonJS has it; esbuild's own wrapper is 200 bytes more. */
function commonJsOf(esm: string, exported: string): string {
  const end = new RegExp(`export\\s*\\{\\s*(\\w+) as ${exported}\\s*\\};\\s*$`);
  if (!end.test(esm)) throw new Error(`it does not export ${exported} alone`);
  return `"use strict";${esm.replace(end, `exports.${exported}=$1;\n`)}`;
}
