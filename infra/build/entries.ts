import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Message } from 'esbuild';

/** The kinds of file that a function may be; ours are TypeScript. */
const EXTENSIONS = ['ts', 'js', 'cjs', 'mjs'];

/** Finds the file of a function, relative to the project; throws where there is none, or several. */
export function entryOf(root: string, name: string): string {
  const candidates = EXTENSIONS.map((extension) => `functions/${name}/index.${extension}`);
  const [found, ...more] = candidates.filter((file) => existsSync(join(root, file)));
  if (found === undefined) {
    throw new Error(
      `找不到函数 ${name} 的源文件 functions/${name}/index.ts，也可为 .js、.cjs、.mjs (its source is missing: index.ts, .js, .cjs or .mjs)`,
    );
  }
  if (more.length > 0) {
    throw new Error(
      `函数 ${name} 有多个源文件，只留一个：${[found, ...more].join('、')} (leave one of them)`,
    );
  }
  return found;
}

/**
 * Refuses a `.js` file that is written as CommonJS in a package of ES modules: its `exports` would
 * be lost, and no caller would find `main`.
 */
export function refuseLostExports(warnings: readonly Message[]): void {
  const lost = warnings.find(({ id }) => id === 'commonjs-variable-in-esm');
  if (!lost) return;
  const file = lost.location?.file ?? '';
  throw new Error(
    `${file}: 本项目是 ES 模块，exports 在 .js 中无效：改用 export，或改名为 ${file.replace(/\.js$/, '.cjs')} (exports means nothing in an ES module: export, or rename it)`,
  );
}
