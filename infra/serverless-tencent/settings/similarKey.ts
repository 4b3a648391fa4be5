/** A key that was typed wrongly is so many letters away from the one that is meant, at most. */
const LETTERS_MAX = 2;

/** Prefixes under which other backends keep the same settings. */
const OTHER_PREFIX = /^(?:WX_PAY|WECHAT_?PAY|WXPAY)_?/;

/** Finds the key that a misspelt one means; undefined where it is like none. */
export function similarKey(typed: string, known: readonly string[]): string | undefined {
  const name = typed.toUpperCase().replaceAll('-', '_').replace(OTHER_PREFIX, 'WXPAY_');
  const distances = known.map((key) => ({ key, letters: lettersBetween(name, key) }));
  const [nearest] = distances.sort((a, b) => a.letters - b.letters);
  return nearest && nearest.letters <= LETTERS_MAX ? nearest.key : undefined;
}

/** Counts the letters to be put in, taken away or replaced between two words (Levenshtein). */
function lettersBetween(one: string, other: string): number {
  const first = Array.from({ length: other.length + 1 }, (_, index) => index);
  const last = [...one].reduce(
    (above, letter) =>
      [...other].reduce(
        (row, otherLetter, index) => {
          const left = row[index] ?? 0;
          const replaced = (above[index] ?? 0) + (letter === otherLetter ? 0 : 1);
          row.push(Math.min(left + 1, (above[index + 1] ?? 0) + 1, replaced));
          return row;
        },
        [(above[0] ?? 0) + 1],
      ),
    first,
  );
  return last[other.length] ?? 0;
}
