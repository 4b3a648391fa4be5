/**
 * Cursor movements and colours of a terminal; the engine moves by NaN columns where there is none.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const ESCAPES = /\u001b\[(?:NaN|[0-9;?]*)[A-Za-z]/g;

/**
 * Strips a line of the engine's output to its text, without the dots that show that it is still at
 * work.
 */
export function stripEscapes(line: string): string {
  return line.replace(ESCAPES, '').replace(/ \.*\s*$/, '');
}

/**
 * Makes a filter of the lines to show: the engine repeats its status ten times a second, and one
 * line of each status is enough.
 */
export function makeStatusFilter(): (line: string) => boolean {
  let last = '';
  return (line) => {
    if (line.trim() === '') return false;
    const [, status] = /^\d+s (.*)$/.exec(line) ?? [];
    if (status === undefined) return true;
    const isNew = status !== last;
    last = status;
    return isNew;
  };
}
