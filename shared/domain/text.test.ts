import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byteLength, cleanText, clipToBytes } from './text.ts';

test('bytes are counted as UTF-8 has them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(byteLength(text)).toBe(Buffer.byteLength(text));
    }),
  );
});

test.each([
  ['fits', '咖啡', 6, '咖啡'],
  ['is a byte too long', '咖啡', 5, '咖'],
  ['has no room for a character', '咖啡', 2, ''],
  ['mixes widths', 'a咖é', 5, 'a咖'],
  ['is empty', '', 0, ''],
])('a text that %s', (_what, text, bytesMax, clipped) => {
  expect(clipToBytes(text, bytesMax)).toBe(clipped);
});

test('whatever is clipped fits, is a beginning, and lacks no character that would fit', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(60), (text, bytesMax) => {
      const clipped = clipToBytes(text, bytesMax);
      expect(Buffer.byteLength(clipped)).toBeLessThanOrEqual(bytesMax);
      expect(text.startsWith(clipped)).toBe(true);
      const [next] = text.slice(clipped.length);
      const rest = [...text.slice(clipped.length)][0];
      if (next) expect(Buffer.byteLength(`${clipped}${rest}`)).toBeGreaterThan(bytesMax);
    }),
  );
});

test('whatever is cleaned fits, can be stored by WeChat, and is clean', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(60), (text, bytesMax) => {
      const clean = cleanText(text, bytesMax);
      expect(Buffer.byteLength(clean)).toBeLessThanOrEqual(bytesMax);
      expect(clean).toMatch(/^[^\u{10000}-\u{10FFFF}\uD800-\uDFFF\p{Cc}]*$/u);
      expect(clean.trim()).toBe(clean);
      expect(cleanText(clean, bytesMax)).toBe(clean);
    }),
  );
});
