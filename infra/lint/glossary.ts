/** The rows of docs/glossary.md, held against the code. Pure. */
import type { File, Finding } from './house.ts';
import { linesOf, tokensOf } from './lines.ts';
import { quotedIn, rowsOf } from './tables.ts';

const ROWS_MAX = 52;

/**
 * Finds rows that have gone stale: a first cell whose quoted names no code uses, a last cell whose
 * quoted paths do not exist; and rows beyond the number that a newcomer reads.
 */
export function staleRows(files: File[], glossary: File): Finding[] {
  const rows = rowsOf(glossary.text);
  const used = namesIn(files);
  const exists = (path: string) =>
    files.some((file) => (path.endsWith('/') ? file.path.startsWith(path) : file.path === path));
  const findings = rows.flatMap(({ cells, line }) => {
    const names = quotedIn(cells[0] ?? '');
    const messages = names.length === 0 ? ['name the word as the code writes it, in `…`'] : [];
    messages.push(
      ...names.filter((name) => !used.has(name)).map((name) => `no code uses "${name}"`),
    );
    const paths = quotedIn(cells.at(-1) ?? '').filter((path) => path.includes('/'));
    messages.push(
      ...paths.filter((path) => !exists(path)).map((path) => `"${path}" does not exist`),
    );
    return messages.map((message) => ({ path: glossary.path, line, message }));
  });
  if (rows.length <= ROWS_MAX) return findings;
  return [...findings, { path: glossary.path, message: `more than ${ROWS_MAX} rows` }];
}

function namesIn(files: File[]): Set<string> {
  const codes = files.flatMap(({ text }) => linesOf(text).map(({ code }) => code));
  return new Set(codes.flatMap(tokensOf));
}
