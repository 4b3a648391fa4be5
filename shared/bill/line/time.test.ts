import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTime } from './time.ts';

const read = (text: string) => readTime(Buffer.from(`\`${text},`), 1, 1 + Buffer.byteLength(text));

test.each([
  ['2026-11-24 08:30:00', '2026-11-24T00:30:00Z'],
  ['2026-01-01 00:00:00', '2025-12-31T16:00:00Z'],
  ['2024-02-29 23:59:59', '2024-02-29T15:59:59Z'],
  ['2014-11-10 16：33：45', '2014-11-10T08:33:45Z'],
])('%s is %s', (text, instant) => {
  expect(read(text)).toBe(Date.parse(instant));
});

test.each([
  '2023-02-29 00:00:00',
  '1900-02-29 00:00:00',
  '2026-00-10 00:00:00',
  '2026-13-10 00:00:00',
  '2026-11-00 00:00:00',
  '2026-11-31 00:00:00',
  '2026-11-24 24:00:00',
  '2026-11-24 08:60:00',
  '2026-11-24 08:30:60',
  '2026-11-24T08:30:00',
  '2026-11-24 08:30',
  '2026/11/24 08:30:00',
  '2026-11-24 08:30:0x',
  '6-11-24 08：30：00000',
  '',
])('%j is no time', (text) => {
  expect(read(text)).toBeNaN();
});

test('each second of ten centuries is read as a calendar has it', () => {
  const seconds = fc.integer({ min: Date.UTC(1990) / 1000, max: Date.UTC(2990) / 1000 });
  fc.assert(
    fc.property(seconds, (at) => {
      const text = new Date(at * 1000).toISOString().slice(0, 19).replace('T', ' ');
      expect(read(text)).toBe(at * 1000 - 8 * 3_600_000);
    }),
    { seed: Number(process.env.SEED) },
  );
});
