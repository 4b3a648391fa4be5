import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Words of one family of shells; Windows has none of them. */
const SHELL_ALONE =
  /(?:^|&& )[A-Z_]+=\S+ |\b(?:openssl|grep|sed|awk|tr|cat|export|rm|cp|mkdir)\b|[`|]|\$\(/;

test('scripts of package.json run in every shell', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const [name, script] of Object.entries(scripts)) {
    expect(`${name}: ${script}`).not.toMatch(SHELL_ALONE);
  }
});

test('documents ask for no tool that Node can stand for, and set no variable as one shell does', () => {
  const pages = [
    'README.md',
    'README.en.md',
    ...readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
  ];
  const blocks = pages
    .filter((page) => page.endsWith('.md'))
    .flatMap((page) => {
      const text = readFileSync(page, 'utf8');
      return [...text.matchAll(/```sh[^\n]*\n([\s\S]*?)```/g)].map(
        ([, block = '']) => `${page}: ${block}`,
      );
    });
  expect(blocks.length).toBeGreaterThan(5);
  for (const block of blocks) {
    expect(block).not.toMatch(/\b(?:openssl|grep|awk|tr -d)\b|^\s*[A-Z_]+=\S+ (?:npm|npx|node)/m);
  }
});
