import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** The client, built: a folder that npm packs, and the bytes that a mini program loads. */
export interface BuiltClient {
  folder: string;
  /** Of the file, minified and gzipped. */
  gzippedBytes: number;
}

/** Finds the export; it is written by hand into the CommonJS form, since esbuild's own wrapper is 200 bytes more. */
const EXPORTED = /export\s*\{\s*(\w+) as createPayClient\s*\};\s*$/;
const DECLARED = 'export declare const createPayClient: CreatePayClient;\n';

/**
 * Builds the client to `dist/client`: `miniprogram_dist/index.js`, which 构建 npm of WeChat DevTools copies by the field
 * `miniprogram`; `index.mjs` for Taro, uni-app and whatever else bundles; types. Source: `miniprogram npm`.
 */
export async function buildClient(root: string, dist = join(root, 'dist')): Promise<BuiltClient> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['client/index.ts'],
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
  const cjs = `"use strict";${esm.replace(EXPORTED, 'exports.createPayClient=$1;\n')}`;
  if (!EXPORTED.test(esm)) throw new Error('the client does not export createPayClient alone');
  const folder = join(dist, 'client');
  await mkdir(join(folder, 'miniprogram_dist'), { recursive: true });
  const types = await readFile(join(root, 'client', 'types.ts'), 'utf8');
  const { type, ...manifest } = JSON.parse(
    await readFile(join(root, 'client', 'package.json'), 'utf8'),
  ) as Record<string, unknown>;
  await Promise.all([
    writeFile(join(folder, 'miniprogram_dist', 'index.js'), cjs),
    writeFile(join(folder, 'index.mjs'), esm),
    writeFile(join(folder, 'index.d.ts'), `${types}\n${DECLARED}`),
    // The sources are ES modules; what is packed says so by its extension.
    writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`),
    writeFile(join(folder, 'README.md'), await readFile(join(root, 'client', 'README.md'))),
  ]);
  return { folder, gzippedBytes: gzipSync(cjs, { level: 9 }).length };
}
