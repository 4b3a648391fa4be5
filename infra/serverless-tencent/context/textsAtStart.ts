import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The framework reads these as it starts: what they say now needs another start. */
export const READ_AT_START = ['serverless.yml', '.env'];

/** The framework read these texts, by the name of their file. */
export interface TextsAtStart {
  root: string;
  byName: Map<string, string>;
}

/** Reads the texts that the framework has just read. */
export function readTextsAtStart(root: string): TextsAtStart {
  return { root, byName: new Map(READ_AT_START.map((name) => [name, readText(root, name)])) };
}

function readText(root: string, name: string): string {
  try {
    return readFileSync(join(root, name), 'utf8');
  } catch {
    return ''; // Nobody has to have one.
  }
}

/** Finds the saved files whose text is another one than the framework read; remembers it. */
export function changedOf({ root, byName }: TextsAtStart, files: readonly string[]): string[] {
  const changed: string[] = [];
  for (const name of files.filter((file) => byName.has(file))) {
    const text = readText(root, name);
    if (byName.get(name) !== text) changed.push(name);
    byName.set(name, text);
  }
  return changed;
}
