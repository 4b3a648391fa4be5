import { parseArgs } from 'node:util';
import { expect, test } from 'vitest';
import { readArguments } from './arguments.ts';
import { beginAnewLine } from './banner.ts';

test.each([
  [{ port: 7100, data: '.local' }],
  [{ port: 7200, data: '.local2' }],
  [{ port: 7100, data: 'my data' }],
  [{ port: 7100, data: '.local', host: '0.0.0.0', devtools: true }],
  [{ port: 7200, data: '.local2', host: '10.0.0.1' }],
])('the hint to begin anew, pasted, reaches this very cloud: %j', (where) => {
  const line = beginAnewLine(where);
  const words = (line.match(/"[^"]+"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''));
  expect(words.slice(0, 3)).toEqual(['npm', 'start', '--']);
  expect(parseArgs({ args: words.slice(3), strict: false }).values.fresh).toBe(true);
  expect(readArguments(['start', ...words.slice(3)], {})).toMatchObject({ ...where, fresh: true });
});
