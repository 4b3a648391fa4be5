/** A row of a Markdown table. */
export type Row = { line: number; cells: string[] };

/** Reads the rows of every table in a page, without their heads. */
export function rowsOf(markdown: string): Row[] {
  const lines = markdown.split('\n');
  const isRule = (text: string | undefined) => /^\|(?:\s*:?-+:?\s*\|)+$/.test(text ?? '');
  return lines.flatMap((text, index) => {
    if (!text.startsWith('|') || isRule(text) || isRule(lines[index + 1])) return [];
    const cells = text.split('|').slice(1, -1);
    return [{ line: index + 1, cells: cells.map((cell) => cell.trim()) }];
  });
}

/** Reads what stands in backquotes. */
export function quotedIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, quoted]) => quoted ?? '');
}
