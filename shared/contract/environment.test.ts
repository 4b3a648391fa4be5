import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { environment, environmentKeys, sampleKeys } from './environment.ts';

test('every key is documented with the words of its error, and read by some function', () => {
  const document = readFileSync('docs/en/configuration.md', 'utf8');
  const read = new Set([environmentKeys, sampleKeys].flatMap((keys) => Object.values(keys).flat()));
  for (const [key, text] of Object.entries(environment)) {
    expect(document).toContain(`| \`${key}\` | ${text} |`);
    expect(read).toContain(key);
  }
});
