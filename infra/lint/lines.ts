/** A line of a source file, its comment apart from its code. */
export type Line = { line: number; code: string; comment: string };

/**
 * Tells comments from code, line by line. It relies on the formatter: a block comment begins its
 * line, and a trailing comment stands after a blank, as no `//` of an address does.
 */
export function linesOf(text: string): Line[] {
  let isInside = false;
  return text.split('\n').map((whole, index) => {
    const line = index + 1;
    const begins = isInside || whole.trimStart().startsWith('/*');
    if (begins) {
      const end = whole.indexOf('*/');
      isInside = end < 0;
      if (isInside) return { line, code: '', comment: whole };
      return { line, code: whole.slice(end + 2), comment: whole.slice(0, end) };
    }
    const at = /(?:^|\s)\/\/(?:\s|$)/.exec(whole)?.index ?? whole.length;
    return { line, code: whole.slice(0, at), comment: whole.slice(at) };
  });
}

/** Leaves out the sentences of a piece of code: quoted text with a blank in it, but for its `${…}`. */
export function withoutSentences(code: string): string {
  return code.replace(/(['"`])(?:\\.|(?!\1).)*\1/g, (quoted) =>
    quoted.includes(' ') ? (quoted.match(/\$\{[^}]*\}/g) ?? []).join(' ') : quoted,
  );
}

/** Reads the identifiers and the words of strings in a piece of code. */
export function tokensOf(code: string): string[] {
  return code.match(/[A-Za-z_$][\w$]*/g) ?? [];
}
