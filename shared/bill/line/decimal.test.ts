import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDecimal } from './decimal.ts';

const read = (text: string, decimals: number) =>
  readDecimal(Buffer.from(`\`${text},`), 1, 1 + Buffer.byteLength(text), decimals);

test.each<[string, number, number]>([
  ['0.01', 2, 1],
  ['12.3', 2, 1230],
  ['12', 2, 1200],
  ['0', 2, 0],
  ['0.00000', 2, 0],
  ['-0.02000', 5, -2000],
  ['-0.00', 2, 0],
  ['45.0', 0, 45],
  ['9999999999.99', 2, 999_999_999_999],
  ['6e-05', 5, 6],
  ['1.5E-4', 5, 15],
  ['1e3', 2, 100_000],
  ['0e0', 2, 0],
  ['', 2, Number.NaN],
  ['-', 2, Number.NaN],
  ['.5', 2, Number.NaN],
  ['5.', 2, Number.NaN],
  ['0.001', 2, Number.NaN],
  ['45.5', 0, Number.NaN],
  ['6e-05', 2, Number.NaN],
  ['1e99', 2, Number.NaN],
  ['10000000000.00', 2, Number.NaN],
  ['1,000.00', 2, Number.NaN],
  ['+1', 2, Number.NaN],
  ['1 ', 2, Number.NaN],
  ['٣', 2, Number.NaN],
  ['0x10', 2, Number.NaN],
  ['NaN', 2, Number.NaN],
])('%j with %i decimals is %d', (text, decimals, expected) => {
  expect(read(text, decimals)).toBe(expected);
});

test('whatever is printed with so many decimals is read back to the unit', () => {
  const printed = (units: bigint, decimals: number) => {
    const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
    const point = digits.length - decimals;
    return `${units < 0n ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
  };
  fc.assert(
    fc.property(
      fc.bigInt(-999_999_999_999n, 999_999_999_999n),
      fc.constantFrom(2, 5),
      (units, decimals) => {
        expect(read(printed(units, decimals), decimals)).toBe(Number(units));
      },
    ),
    { seed: Number(process.env.SEED) },
  );
});
