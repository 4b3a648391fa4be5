import { expect, test } from 'vitest';
import { excerptOf } from './output.ts';

test('what is left out of a long log is counted in its first line', () => {
  const lines = Array.from({ length: 80 }, (_, index) => `line ${index}`);
  const excerpt = excerptOf(lines);
  expect([excerpt[0], excerpt[1], excerpt.length]).toEqual([
    expect.stringContaining('30'),
    'line 30',
    51,
  ]);
  expect(excerptOf(lines.slice(0, 50))).toEqual(lines.slice(0, 50));
});
