/** Names that pages quote, held against the project: files, scripts, settings. Pure. */
import type { Finding } from '../house.ts';
import { quotedIn } from '../tables.ts';
import type { Page, Part } from './page.ts';

/** The project, as far as pages name parts of it. */
export interface Project {
  exists(path: string): boolean;
  /** The scripts of package.json. */
  scripts: ReadonlySet<string>;
  /** Every identifier of the code. */
  names: ReadonlySet<string>;
}

const OURS = /^(?:shared|infra|emulator|examples|bench|tests|docs)\/[\w./-]+$/;
const SETTING = /\b(?:WXPAY|LOCAL|BENCH)_[A-Z0-9_]*[A-Z0-9]\b/g;
const SCRIPT = /\bnpm run (\w+(?::\w+)*)(?![\w:])/g;

/** Finds files, scripts and settings that a page quotes and that the project does not have. */
export function goneNames(page: Page, { exists, scripts, names }: Project): Finding[] {
  const isFile = (path: string) =>
    ['', '.ts', '.test.ts', '.long.test.ts'].some((end) => exists(`${path}${end}`));
  const quoted = page.prose.flatMap(({ line, text }) =>
    quotedIn(text).map((each): Part => ({ line, text: each })),
  );
  const files = quoted.filter(({ text }) => OURS.test(text) && !isFile(text));
  const code = [...quoted, ...page.blocks];
  return [
    ...files,
    ...code.flatMap((part) => partsOf(part, SETTING, 0)).filter(({ text }) => !names.has(text)),
    ...code.flatMap((part) => partsOf(part, SCRIPT, 1)).filter(({ text }) => !scripts.has(text)),
  ].map(({ line, text }) => ({
    path: page.path,
    line,
    message: `"${text}" is nothing that the project has`,
  }));
}

function partsOf({ line, text }: Part, pattern: RegExp, group: number): Part[] {
  return [...text.matchAll(pattern)].map((match) => ({ line, text: match[group] ?? '' }));
}
