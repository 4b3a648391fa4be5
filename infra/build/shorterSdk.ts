import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PluginBuild } from 'esbuild';

const INTEROP = fileURLToPath(new URL('./standIns/interop.cjs', import.meta.url));

/** Matches what TypeScript writes at the head of a file that imports CommonJS, one definition after another. */
const HELPERS =
  /^var (__createBinding|__setModuleDefault|__importStar|__importDefault) = \(this && this\.\1\) \|\| [\s\S]*?^\}\)?\)?;\n/gm;

/** Makes a build take the shorter form of what remains of the CloudBase SDK; what it does stays the same. */
export function takeShorterSdk(build: PluginBuild): void {
  // The same sources, compiled to modules that esbuild can join.
  build.onResolve({ filter: /^@cloudbase\/database$/ }, ({ path, importer }) => {
    const file = createRequire(importer).resolve(path);
    return {
      path: file.replace(/([\\/])commonjs([\\/]index\.js)$/, '$1esm$2'),
      sideEffects: false,
    };
  });
  // Else it looks for a package.json beside the bundle, and calls itself "unknow".
  build.onLoad({ filter: /node-sdk[\\/]dist[\\/]utils[\\/]version\.js$/ }, ({ path }) => {
    const { version } = JSON.parse(readFileSync(join(path, '../../../package.json'), 'utf8')) as {
      version: string;
    };
    return { contents: `exports.version = ${JSON.stringify(version)};` };
  });
  build.onLoad({ filter: /@cloudbase[\\/]node-sdk[\\/]dist[\\/].*\.js$/ }, async ({ path }) => ({
    contents: withSharedHelpers(await readFile(path, 'utf8')),
  }));
}

function withSharedHelpers(code: string): string {
  const short = code.replace(HELPERS, '');
  if (short === code) return code;
  const names = ['__importStar', '__importDefault'].filter((name) => short.includes(name));
  return `const { ${names.join(', ')} } = require(${JSON.stringify(INTEROP)});\n${short}`;
}
