import fc from 'fast-check';
import { expect, test } from 'vitest';
import amounts from '../../tests/vectors/amounts.json' with { type: 'json' };
import { fen, fenFromYuan, yuanFromFen } from './money.ts';

test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%d is no amount', (value) => {
  expect(() => fen(value)).toThrow(RangeError);
});

test.each(amounts.vectors.map(({ id, input, expected }) => [id, input.yuan, expected] as const))(
  '%s: %s yuan',
  (_id, yuan, expected) => {
    expect(fenFromYuan(yuan)).toBe('fen' in expected ? expected.fen : undefined);
  },
);

test('what is printed in yuan reads back as the same fen', () => {
  fc.assert(
    fc.property(fc.nat({ max: 999_999_999_999_999 }), (amount) => {
      expect(fenFromYuan(yuanFromFen(fen(amount)))).toBe(amount);
    }),
  );
});

test.each([
  [1, '0.01'],
  [10, '0.10'],
  [100, '1.00'],
  [123456, '1234.56'],
])('%d fen prints as %s', (amount, yuan) => expect(yuanFromFen(fen(amount))).toBe(yuan));
