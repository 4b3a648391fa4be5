import { expect, test } from 'vitest';
import { beijing, duration, fenIn, instantIn, yuan } from './forms.ts';

test.each([
  [0, '¥0.00'],
  [1, '¥0.01'],
  [1990, '¥19.90'],
  [123_456_789, '¥1,234,567.89'],
  [-5, '−¥0.05'],
])('%d fen are %s', (fen, text) => {
  expect(yuan(fen)).toBe(text);
});

test.each([
  ['19.9', 1990],
  ['0.01', 1],
  ['8', 800],
  ['1.999', undefined],
  ['-1', undefined],
  ['1e3', undefined],
  ['', undefined],
])('%s yuan are %s fen', (text, fen) => {
  expect(fenIn(text)).toBe(fen);
});

test('instants are Beijing’s, whatever zone the browser is in', () => {
  expect(beijing('2026-11-30T16:30:09.500Z')).toBe('2026-12-01 00:30:09');
  expect(beijing(undefined)).toBe('—');
});

test.each([
  [500, '不到 1 秒', '< 1 s'],
  [61_000, '1 分钟 1 秒', '1 min 1 s'],
  [3_600_000, '1 小时', '1 h'],
  [90_000_000, '1 天 1 小时', '1 d 1 h'],
])('%d ms last %s', (ms, chinese, english) => {
  expect(duration(ms, 'zh')).toBe(chinese);
  expect(duration(ms, 'en')).toBe(english);
});

test.each([
  ['2026-11-30 18:05', '2026-11-30T10:05:00.000Z'],
  ['2026-11-30T18:05:09', '2026-11-30T10:05:09.000Z'],
  [' 2026-11-30 00:00 ', '2026-11-29T16:00:00.000Z'],
  ['2026-13-30 18:05', undefined],
  ['tomorrow', undefined],
  ['2026-11-30', undefined],
  ['', undefined],
])('the instant %s of Beijing is %s', (text, at) => {
  const atMs = instantIn(text);
  expect(atMs === undefined ? undefined : new Date(atMs).toISOString()).toBe(at);
});
