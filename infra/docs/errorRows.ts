/** A text in both languages of the documents. */
export interface Bilingual {
  zh: string;
  en: string;
}

/** One code of docs/errors.md. */
export interface ErrorRow {
  code: string;
  /** Gives the `advice` of an answer with this code; several where it depends on the call. */
  advice: string;
  /** Says what happened and what to do, as the answer itself does. */
  text: Bilingual;
  cause: Bilingual;
}

/** A part of docs/errors.md. */
export interface ErrorSection {
  title: Bilingual;
  about: Bilingual;
  rows: readonly ErrorRow[];
}

const HEADS = {
  zh: ['错误码', 'advice', '含义与处理', '常见原因'],
  en: ['code', 'advice', 'meaning and what to do', 'usual cause'],
} as const;

/** Prints the sections as one Markdown page: everything in Chinese, then everything in English. */
export function errorsPage(intro: Bilingual, sections: readonly ErrorSection[]): string {
  const parts = (['zh', 'en'] as const).flatMap((language) => [
    intro[language],
    ...sections.flatMap(({ title, about, rows }) => [
      `### ${title[language]}`,
      about[language],
      table(language, rows),
    ]),
  ]);
  return `${parts.join('\n\n')}\n`;
}

function table(language: keyof Bilingual, rows: readonly ErrorRow[]): string {
  const heads = HEADS[language];
  const lines = rows.map(({ code, advice, text, cause }) =>
    line([`\`${code}\``, advice, text[language], cause[language]]),
  );
  return [line(heads), line(heads.map(() => '---')), ...lines].join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
