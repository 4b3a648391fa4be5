import type { Block, Page } from '../../infra/lint/pages/page.ts';

/** Reads what a page shows as the output of a block: the `text` block right after it. */
export function shownAfter({ blocks, prose }: Page, block: Block): string | undefined {
  const next = blocks[blocks.indexOf(block) + 1];
  if (next?.info !== 'text') return undefined;
  const isBetween = ({ line }: { line: number }) => line > block.line && line < next.line;
  return prose.some(isBetween) ? undefined : next.text;
}

/** Makes a pattern of shown output: each line as it is, `…` for ids, times, numbers or more lines. */
export function patternOf(shown: string): RegExp {
  const escaped = shown.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^[ \\t]*${escaped.replaceAll('…', '[\\s\\S]*?')}[ \\t]*$`, 'm');
}
