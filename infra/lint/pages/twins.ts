/** A page stands twice, in Chinese and in English: the same headings, tables and code. Pure. */
import type { Finding } from '../house.ts';
import type { Block, Page } from './page.ts';

/** Names the same page in the other language. */
export function twinOf(path: string): string | undefined {
  if (path === 'README.md') return 'README.en.md';
  if (path === 'README.en.md') return 'README.md';
  const [, language, name] = /^docs\/(zh|en)\/(.+)$/.exec(path) ?? [];
  return name && `docs/${language === 'zh' ? 'en' : 'zh'}/${name}`;
}

/** Finds pages that stand in one language alone, and where the two differ in their structure. */
export function differences(pages: readonly Page[]): Finding[] {
  return pages.flatMap((page) => {
    const path = twinOf(page.path);
    if (path === undefined) return [];
    const twin = pages.find((each) => each.path === path);
    if (!twin) return [{ path: page.path, message: `${path} is missing` }];
    if (page.path > path) return [];
    return [headingsApart, tablesApart, blocksApart].flatMap((compare) => compare(page, twin));
  });
}

function headingsApart(page: Page, twin: Page): Finding[] {
  const depths = twin.headings.map(({ depth }) => depth);
  const at = firstApart(
    page.headings.map(({ depth }) => depth),
    depths,
  );
  if (at === undefined) return [];
  const line = page.headings[at]?.line ?? 1;
  return [{ path: page.path, line, message: `its heading ${at + 1} is none of ${twin.path}` }];
}

function tablesApart(page: Page, twin: Page): Finding[] {
  const at = firstApart(page.tables, twin.tables);
  if (at === undefined) return [];
  const rows = `${page.tables[at] ?? 0} rows, in ${twin.path} ${twin.tables[at] ?? 0}`;
  return [{ path: page.path, message: `table ${at + 1} has ${rows}` }];
}

function blocksApart(page: Page, twin: Page): Finding[] {
  const at = firstApart(page.blocks.map(codeOf), twin.blocks.map(codeOf));
  if (at === undefined) return [];
  const line = page.blocks[at]?.line ?? 1;
  const there = `${twin.path}:${twin.blocks[at]?.line ?? 1}`;
  return [{ path: page.path, line, message: `code block ${at + 1} differs from ${there}` }];
}

/** Leaves out a block's comments, which are in the language of the page. */
export function codeOf({ info, text }: Block): string {
  const mark = /^(js|ts)\b/.test(info) ? /(^|\s)\/\/(\s.*)?$/gm : /(^|\s)#(\s.*)?$/gm;
  const code = info === 'text' ? text : text.replace(mark, '');
  return `${info}\n${code.replace(/[ \t]+$/gm, '')}`;
}

function firstApart(these: readonly unknown[], those: readonly unknown[]): number | undefined {
  const longer = these.length > those.length ? these : those;
  const at = longer.findIndex((_, index) => these[index] !== those[index]);
  return at < 0 ? undefined : at;
}
