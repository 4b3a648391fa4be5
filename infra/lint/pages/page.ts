import type { File } from '../house.ts';

/** A part of a page, at the line where it begins. */
export type Part = { line: number; text: string };

/** A heading: how deep, and its text as it is written. */
export type Heading = Part & { depth: number };

/** A block of code, with the words after its fence (`sh account`). */
export type Block = Part & { info: string };

/** A page of Markdown, cut into what the checks ask about. */
export interface Page {
  path: string;
  headings: Heading[];
  blocks: Block[];
  /** How many rows each table has, with its head. */
  tables: number[];
  /** The lines outside blocks: headings, paragraphs, items, cells. */
  prose: Part[];
}

const FENCE = /^(?<indent>\s*)```(?<info>.*)$/;
const RULE = /^\|(?:\s*:?-+:?\s*\|)+$/;

/** Reads a page of Markdown. */
export function pageOf({ path, text }: File): Page {
  const page: Page = { path, headings: [], blocks: [], tables: [], prose: [] };
  const lines = text.split('\n');
  let isTable = false;
  for (let index = 0; index < lines.length; index += 1) {
    const whole = lines[index] ?? '';
    const fence = FENCE.exec(whole)?.groups;
    if (fence) {
      const block = blockAt(lines, index, fence.info ?? '');
      page.blocks.push(block);
      index += block.text.split('\n').length;
      continue;
    }
    const row = whole.trim().startsWith('|');
    if (row && !isTable) page.tables.push(0);
    if (row && !RULE.test(whole.trim())) page.tables.push((page.tables.pop() ?? 0) + 1);
    isTable = row;
    const [, marks, title] = /^(#{1,6}) (.*)$/.exec(whole) ?? [];
    if (marks && title) page.headings.push({ line: index + 1, depth: marks.length, text: title });
    if (whole.trim()) page.prose.push({ line: index + 1, text: whole });
  }
  return page;
}

/** Reads a block up to its closing fence, without the indent of its first one. */
function blockAt(lines: readonly string[], start: number, info: string): Block {
  const indent = /^\s*/.exec(lines[start] ?? '')?.[0] ?? '';
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.trim() === '```');
  const inside = (end < 0 ? rest : rest.slice(0, end)).map((line) =>
    line.startsWith(indent) ? line.slice(indent.length) : line,
  );
  return { line: start + 1, info: info.trim(), text: `${inside.join('\n')}\n` };
}

/** Takes away what a reader does not read as prose: code, and where links lead. */
export function withoutCode(text: string): string {
  return text.replace(/`[^`]*`/g, '`').replace(/\]\([^)]*\)/g, ']');
}

/** Makes the anchors of a page's headings, as GitHub does. */
export function anchorsOf({ headings }: Page): Set<string> {
  const anchors = new Set<string>();
  for (const { text } of headings) {
    const slug = slugOf(text);
    let anchor = slug;
    for (let again = 1; anchors.has(anchor); again += 1) anchor = `${slug}-${again}`;
    anchors.add(anchor);
  }
  return anchors;
}

function slugOf(heading: string): string {
  const shown = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');
  return shown
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}
