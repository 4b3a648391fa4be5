/** Sources that comments cite, held against the table of docs/sources.md. Pure. */
import type { File, Finding } from './house.ts';
import { linesOf } from './lines.ts';
import { quotedIn, rowsOf } from './tables.ts';

export const SOURCES = 'docs/sources.md';

/** Pages by number: of WeChat Pay's APIv3 and older manuals, and of Tencent Cloud. */
const NUMBERED = /\b[DP]?40\d{8}\b|\bV[23]:\w+|(?<![\d/.])\d{3}\/\d{4,6}\b/g;
const NAMED = /\bSources?: `?(?<cited>\S[^\n]*)/g;
/** Notes outside the project, which a reader of the project cannot open. */
const OUTSIDE = /\bfacts(?:\/|\s+§|\s+[A-Z]\.?\d)[^\s,;)]*|\bDESIGN\b(?: §\d+)?/g;

/** Reads the ids that the table explains. */
function idsOf(table: File): string[] {
  return rowsOf(table.text).flatMap(({ cells }) => quotedIn(cells[0] ?? ''));
}

/** Finds citations that the table does not explain, and those of notes outside the project. */
export function unknownSources(file: File, table: File): Finding[] {
  const ids = idsOf(table);
  const isKnown = (cited: string) => ids.some((id) => cited.startsWith(id));
  return linesOf(file.text).flatMap(({ comment, line }) => {
    const outside = [...comment.matchAll(OUTSIDE)].map(([cited]) => cited);
    const numbered = [...comment.matchAll(NUMBERED)].map(([cited]) => cited);
    const named = [...comment.matchAll(NAMED)].map(({ groups }) => groups?.cited ?? '');
    const unknown = [...outside, ...[...numbered, ...named].filter((cited) => !isKnown(cited))];
    return unknown.map((cited) => ({
      path: file.path,
      line,
      message: `"${cited}" is no id of ${SOURCES}`,
    }));
  });
}

/** Finds rows of the table whose id no comment cites. */
export function uncitedSources(files: File[], table: File): Finding[] {
  const comments = files
    .flatMap(({ text }) => linesOf(text).map(({ comment }) => comment))
    .join('\n');
  return rowsOf(table.text).flatMap(({ cells, line }) =>
    quotedIn(cells[0] ?? '')
      .filter((id) => !comments.includes(id))
      .map((id) => ({ path: table.path, line, message: `no comment cites "${id}"` })),
  );
}
