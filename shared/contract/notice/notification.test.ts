import { expect, test } from 'vitest';
import { isXml } from './notification.ts';

test.each([
  ['as WeChat sends it', '<xml>', true],
  ['after blanks', ' \r\n\t<xml>', true],
  ['after a byte order mark', '\uFEFF<xml>', true],
  ['after both', '\uFEFF\n<xml>', true],
  ['JSON', '{"id":"<xml>"}', false],
  ['JSON after blanks', '\n{}', false],
  ['nothing', '', false],
])('XML is known %s', (_how, text, is) => {
  expect(isXml(Buffer.from(text))).toBe(is);
});
