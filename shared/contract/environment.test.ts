import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { environment, environmentKeys, sampleKeys } from './environment.ts';

test('every key is documented in both languages with the words of its error, and read by some function', () => {
  const chinese = readFileSync('docs/zh/configuration.md', 'utf8');
  const english = readFileSync('docs/en/configuration.md', 'utf8');
  const read = new Set([environmentKeys, sampleKeys].flatMap((keys) => Object.values(keys).flat()));
  for (const [key, text] of Object.entries(environment)) {
    const [, zh, en] = /^(.*?) ?\((.*)\)$/s.exec(text) ?? [];
    expect(chinese).toContain(`| \`${key}\` | ${zh} |`);
    expect(english).toContain(`| \`${key}\` | ${en} |`);
    expect(read).toContain(key);
  }
});
