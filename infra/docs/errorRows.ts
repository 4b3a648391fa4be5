/** A text in both languages of the documents. */
export interface Bilingual {
  zh: string;
  en: string;
}

/** A language of the documents, by the name of its folder. */
export type Language = keyof Bilingual;

/** One code of the errors page. */
export interface ErrorRow {
  code: string;
  /** Gives the `advice` of an answer with this code; several where it depends on the call. */
  advice: string;
  /** Says what happened and what to do, as the answer itself does. */
  text: Bilingual;
  cause: Bilingual;
}

/** A part of the errors page. */
export interface ErrorSection {
  title: Bilingual;
  about: Bilingual;
  rows: readonly ErrorRow[];
}

const HEADS = {
  zh: ['错误码', 'advice', '含义与处理', '常见原因'],
  en: ['code', 'advice', 'meaning and what to do', 'usual cause'],
} as const;

/** Prints the sections as one Markdown page in one language. */
export function errorsPage(
  language: Language,
  intro: Bilingual,
  sections: readonly ErrorSection[],
): string {
  const parts = sections.flatMap(({ title, about, rows }) => [
    `## ${title[language]}`,
    about[language],
    table(language, rows),
  ]);
  return `${[intro[language], ...parts].join('\n\n')}\n`;
}

function table(language: Language, rows: readonly ErrorRow[]): string {
  const cells = rows.map(({ code, advice, text, cause }) => [
    `\`${code}\``,
    advice,
    text[language],
    cause[language],
  ]);
  return tableOf(HEADS[language], cells);
}

/** Writes a table of Markdown. */
export function tableOf(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
