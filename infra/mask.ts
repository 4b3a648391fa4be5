/** A shorter value is no secret, and hiding it would make the output unreadable. */
const SECRET_LENGTH_MIN = 6;

const MASK = '***';

/**
 * Makes a function that hides secrets in a line of text, also one line of a longer value (a key in
 * PEM), and a value that was written as JSON or in a URL.
 */
export function makeMask(secrets: readonly string[]): (line: string) => string {
  const pieces = secrets
    .flatMap((secret) => secret.split(/\r?\n|\\n/))
    .map((piece) => piece.trim())
    .filter((piece) => piece.length >= SECRET_LENGTH_MIN);
  const forms = pieces.flatMap((piece) => [
    piece,
    JSON.stringify(piece).slice(1, -1),
    encodeURIComponent(piece),
  ]);
  // The longest first: one secret may be the beginning of another.
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (line) => longestFirst.reduce((text, form) => text.replaceAll(form, MASK), line);
}
