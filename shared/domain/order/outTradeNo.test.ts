import fc from 'fast-check';
import { expect, test } from 'vitest';
import facts from '../../../tests/vectors/facts.json' with { type: 'json' };
import { drawOutTradeNo, OUT_TRADE_NO } from './outTradeNo.ts';

const documented = facts.vectors.find((vector) => vector.id === 'out-trade-no')?.expected as {
  valid: string[];
  invalid: string[];
};

test.each(documented.valid)('%s is a number that WeChat takes', (no) => {
  expect(OUT_TRADE_NO.test(no)).toBe(true);
});
test.each(documented.invalid)('"%s" is none', (no) => expect(OUT_TRADE_NO.test(no)).toBe(false));

const bytes = fc.uint8Array({ minLength: 15, maxLength: 15 });
const instant = fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true });

test('a drawn number is legal, has 32 characters, and sorts by time', () => {
  fc.assert(
    fc.property(instant, instant, bytes, bytes, (a, b, x, y) => {
      const first = drawOutTradeNo(a, x);
      const second = drawOutTradeNo(b, y);
      expect(first).toMatch(OUT_TRADE_NO);
      expect(first).toHaveLength(32);
      if (a < b) expect(first < second).toBe(true);
    }),
  );
});

test('75 random bits: every one of 15 characters takes 32 values', () => {
  const now = new Date('2026-11-24T00:00:00Z');
  const drawn = Array.from({ length: 32 }, (_, i) =>
    drawOutTradeNo(now, new Uint8Array(15).fill(i)),
  );
  for (let at = 17; at < 32; at += 1) expect(new Set(drawn.map((no) => no[at])).size).toBe(32);
  expect(drawn[0]).toMatch(/^20261124080000000/);
});

test('too little randomness is refused', () => {
  expect(() => drawOutTradeNo(new Date(0), new Uint8Array(14))).toThrow(RangeError);
});
