import { expect, test } from 'vitest';
import { isName, nameOfFile } from './name.ts';

test.each([
  ['before-refund.world.gz', 'before-refund'],
  ['退款前.world.gz', '退款前'],
  ['../../etc/passwd', '-etc-passwd'],
  ['a (1).world.gz', 'a-1-'],
  ['x'.repeat(90), 'x'.repeat(60)],
])('a file %s is imported as %s', (file, name) => {
  expect(nameOfFile(file)).toBe(name);
  expect(isName(name)).toBe(true);
});
