/** Links of pages, and pages that the code names, held against the pages that exist. Pure. */
import type { File, Finding } from '../house.ts';
import { languageOf } from './language.ts';
import { anchorsOf, type Page } from './page.ts';
import { twinOf } from './twins.ts';

/** Answers whether a path of the project exists. */
type Exists = (path: string) => boolean;

const LINK = /\]\((?!https?:|mailto:)(?<target>[^)\s]+)\)/g;
const NAMED =
  /(?<![\w/.-])(?<target>(?:docs\/[\w/-]+|README(?:\.[\w-]+)?)\.md(?:#[\p{L}\p{N}_-]+)?)/gu;

/** Finds links that lead nowhere: no such file, or no such heading in it. */
export function deadLinks(pages: readonly Page[], exists: Exists): Finding[] {
  return pages.flatMap(({ path, prose }) =>
    prose.flatMap(({ line, text }) =>
      targetsIn(text.replace(/`[^`]*`/g, '`'), LINK)
        .filter((target) => !leads(target, path, pages, exists))
        .map((target) => ({ path, line, message: `"${target}" leads nowhere` })),
    ),
  );
}

/** Finds pages that a file names, by their path from the root, and that do not exist. */
export function deadNames(file: File, pages: readonly Page[], exists: Exists): Finding[] {
  return file.text.split('\n').flatMap((text, index) =>
    targetsIn(text, NAMED)
      .filter((target) => !leads(target, '', pages, exists))
      .map((target) => ({
        path: file.path,
        line: index + 1,
        message: `"${target}" is no page of ours`,
      })),
  );
}

/** Finds links from a guide to one in the other language, but for that to its twin. */
export function strayLinks(guides: readonly Page[]): Finding[] {
  const isGuide = (path: string) => guides.some((guide) => guide.path === path);
  return guides.flatMap(({ path, prose }) =>
    prose.flatMap(({ line, text }) =>
      targetsIn(text, LINK)
        .filter((target) => {
          const to = resolve(path, target.split('#')[0] ?? '');
          return isGuide(to) && languageOf(to) !== languageOf(path) && to !== twinOf(path);
        })
        .map((target) => ({ path, line, message: `"${target}" leads to the other language` })),
    ),
  );
}

/** Finds pages that no other page links to: nobody gets there. */
export function lonelyPages(pages: readonly Page[]): Finding[] {
  const linked = new Set(
    pages.flatMap(({ path, prose }) =>
      prose.flatMap(({ text }) =>
        targetsIn(text, LINK).map((target) => resolve(path, target.split('#')[0] ?? '')),
      ),
    ),
  );
  return pages
    .filter(({ path }) => path.includes('/') && !linked.has(path))
    .map(({ path }) => ({ path, message: 'no page links to it' }));
}

function targetsIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(({ groups }) => decodeURI(groups?.target ?? ''));
}

function leads(target: string, from: string, pages: readonly Page[], exists: Exists): boolean {
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? from : resolve(from, file);
  if (!exists(path)) return false;
  const page = pages.find((each) => each.path === path);
  return anchor === undefined || (page !== undefined && anchorsOf(page).has(anchor));
}

/** Resolves a link from a page to a path from the root. */
function resolve(from: string, to: string): string {
  const folders = from.split('/').slice(0, -1);
  for (const part of to.split('/')) {
    if (part === '..') folders.pop();
    else if (part !== '.' && part !== '') folders.push(part);
  }
  return folders.join('/');
}
