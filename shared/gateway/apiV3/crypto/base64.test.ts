import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBase64 } from './base64.ts';

test.each(['', 'AA==', 'AAA=', 'AAAA', '+/+/', 'AAAAAA=='])('%j is canonical', (text) => {
  expect(fromBase64(text)?.toString('base64')).toBe(text);
});

test.each([
  'A',
  'AA',
  'AAA',
  'AB==',
  'AAB=',
  '-_-_',
  'AA AA',
  'A!AAAAA=',
  'AA==AAAA',
  'AAAA====',
  '====',
])('%j is not', (text) => {
  expect(fromBase64(text)).toBeUndefined();
});

const canonical = fc.uint8Array({ maxLength: 40 }).map((b) => Buffer.from(b).toString('base64'));
const foreign = fc.constantFrom('-', '_', '=', '+', '/', 'A', 'B', ' ', '\n', '!', 'é', '\0', '');

test('a text is taken if encoding its bytes gives the same text again, whatever was changed in it', () => {
  const change = fc.record({ at: fc.nat(56), by: foreign, insert: fc.boolean() });
  fc.assert(
    fc.property(canonical, fc.array(change, { maxLength: 4 }), (text, changes) => {
      const changed = changes.reduce((text, { at, by, insert }) => {
        return text.slice(0, at) + by + text.slice(insert ? at : at + 1);
      }, text);
      const bytes = Buffer.from(changed, 'base64');
      const isSame = bytes.toString('base64') === changed;
      expect(fromBase64(changed)).toEqual(isSame ? bytes : undefined);
    }),
    { numRuns: 20_000 },
  );
});
