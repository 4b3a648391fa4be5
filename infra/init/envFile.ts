import { parseEnv } from 'node:util';
import type { Question } from './questions.ts';

/** Reads the variables of an `.env` file. */
export function readEnvFile(text: string): Record<string, string> {
  const values = Object.entries(parseEnv(text) as Record<string, string>);
  return Object.fromEntries(values.map(([key, value]) => [key, value.replaceAll('\\$', '$')]));
}

/**
 * Writes values into an `.env` file: those that it sets are replaced in their place, all others are
 * added below what each of them is; every other line stays.
 */
export function writeEnvFile(
  text: string,
  questions: readonly Question[],
  values: Readonly<Record<string, string>>,
): string {
  const set = Object.keys(readEnvFile(text));
  const kept = questions
    .filter(({ key }) => set.includes(key) && Object.hasOwn(values, key))
    .reduce((changed, { key }) => replaced(changed, key, values[key] ?? ''), text);
  const added = questions
    .filter(({ key }) => !set.includes(key) && Object.hasOwn(values, key))
    .map(({ key, text: what }) => `# ${what}\n${lineOf(key, values[key] ?? '')}\n`);
  const gap = kept === '' || kept.endsWith('\n') ? '' : '\n';
  return `${kept}${gap}${added.join('')}`;
}

/** Writes the file that shows what can be set: every question, with no answer. */
export function exampleOf(questions: readonly Question[]): string {
  const head =
    '# 复制为 .env 并填写，或运行 npm run init (copy it to .env and fill it in, or run npm run init)\n';
  const none = Object.fromEntries(questions.map(({ key }) => [key, '']));
  return writeEnvFile(head, questions, none);
}

/** Replaces the line of a key, or all lines of a value in quotes. */
function replaced(text: string, key: string, value: string): string {
  const assignment = new RegExp(
    `^(?:export[ \\t]+)?${key}[ \\t]*=[ \\t]*(?:"[^"]*"|'[^']*'|\`[^\`]*\`|[^\\n]*)`,
    'm',
  );
  return text.replace(assignment, () => lineOf(key, value));
}

/** Writes one variable so that it arrives as it is: `$` begins a variable there, `#` a comment. */
function lineOf(key: string, value: string): string {
  const escaped = value.replaceAll('$', '\\$');
  return /[\s#'"]/.test(escaped) ? `${key}="${escaped}"` : `${key}=${escaped}`;
}
