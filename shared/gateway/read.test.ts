import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Malformed, readFields } from './read.ts';

const read = (json: string | Uint8Array) => readFields(Buffer.from(json));
const fieldOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof Malformed) return error.field;
    throw error;
  }
  return 'nothing';
};

test.each([
  ['nothing', ''],
  ['half an object', '{"a":'],
  ['HTML', '<html></html>'],
  ['an array', '[]'],
  ['a string', '"{}"'],
  ['null', 'null'],
  ['no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ['something after the object', '{}{}'],
])('%s is no object', (_, json) => {
  expect(fieldOf(() => read(json))).toBe('json');
});

test('a replacement character that was meant is read; one that hides a broken byte is not', () => {
  expect(read('{"a":"\uFFFD名"}').text('a')).toBe('\uFFFD名');
  const broken = Buffer.concat([
    Buffer.from('{"a":"\uFFFD'),
    Buffer.from([0xe5, 0x90]),
    Buffer.from('"}'),
  ]);
  expect(fieldOf(() => read(broken))).toBe('json');
});

test.each<[string, 'word' | 'text' | 'fen' | 'instant' | 'object', unknown[]]>([
  ['a word', 'word', [1, true, '', 'a b', 'a\nb', '名', [], {}, 'x'.repeat(2049)]],
  ['a text', 'text', [1, true, [], {}]],
  ['an amount', 'fen', ['1', 0.1, -1, 2 ** 53, 1e300, true, [1], {}]],
  [
    'an instant',
    'instant',
    [0, '', '2026-11-24', '2026-11-24T17:07:11', '2026-11-24 17:07:11+08:00'],
  ],
  ['an object', 'object', [1, 'x', true, []]],
])('%s is nothing else', (_, kind, others) => {
  for (const other of [...others, null]) {
    expect(
      fieldOf(() => read(JSON.stringify({ f: other }))[kind]('f')),
      `${other}`,
    ).toBe('f');
  }
  expect(fieldOf(() => read('{}')[kind]('f'))).toBe('f');
});

test('the first bad field is named by its path', () => {
  const order = read('{"amount":{"total":"100"}}');
  expect(fieldOf(() => order.object('amount').fen('total'))).toBe('amount.total');
});

describe('names of every object are names like any other', () => {
  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('%s', (name) => {
    expect(read('{}').has(name)).toBe(false);
    expect(read(`{"${name}":"x"}`).word(name)).toBe('x');
    expect(fieldOf(() => read(`{"${name}":{"mchid":"1"}}`).word('mchid'))).toBe('mchid');
  });
});

test.each([
  ['2021-01-28T17:07:11+08:00', '2021-01-28T09:07:11.000Z'],
  ['2021-01-28T00:07:11+08:00', '2021-01-27T16:07:11.000Z'],
  ['2020-02-29T23:59:59.5-03:30', '2020-03-01T03:29:59.500Z'],
  ['2021-01-28T09:07:11Z', '2021-01-28T09:07:11.000Z'],
  ['2021-02-29T00:00:00+08:00', undefined],
  ['2021-02-30T00:00:00+08:00', undefined],
  ['2021-13-01T00:00:00+08:00', undefined],
  ['2021-01-28T24:00:00+08:00', undefined],
  ['2021-01-28T17:60:11+08:00', undefined],
  ['2021-01-28T17:07:11+99:00', undefined],
  ['2021-01-28t17:07:11+08:00', undefined],
  ['+02021-01-28T17:07:11+08:00', undefined],
])('the instant %s is %s', (text, iso) => {
  const order = read(JSON.stringify({ at: text }));
  if (iso === undefined) expect(fieldOf(() => order.instant('at'))).toBe('at');
  else expect(order.instant('at').toISOString()).toBe(iso);
});

test('any bytes are an object or malformed, and nothing else happens', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void fieldOf(() => readFields(bytes))));
  expect(fieldOf(() => read('['.repeat(500_000)))).toBe('json');
  expect(fieldOf(() => read(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`))).toBe('nothing');
});

test.each([
  ['2021-01-28T17:07:11+08:00', '2021-01-28T09:07:11.000Z'],
  ['2021-01-28T17:07:11.123456+08:00', '2021-01-28T09:07:11.123Z'],
  ['2024-02-29T23:59:59Z', '2024-02-29T23:59:59.000Z'],
  ['2021-01-01T00:00:00-05:30', '2021-01-01T05:30:00.000Z'],
])('%s is %s', (text, instant) => {
  expect(
    read(JSON.stringify({ f: text }))
      .instant('f')
      .toISOString(),
  ).toBe(instant);
});

test.each([
  '2021-02-29T00:00:00Z',
  '2021-04-31T00:00:00Z',
  '2021-13-01T00:00:00Z',
  '2021-00-01T00:00:00Z',
  '2021-01-00T00:00:00Z',
  '2021-01-01T24:00:00Z',
  '2021-01-01T00:60:00Z',
  '2021-01-01T00:00:60Z',
  '2021-01-01T00:00:00+24:00',
  '2021-01-01T00:00:00+08:60',
])('%s is no instant', (text) => {
  expect(fieldOf(() => read(JSON.stringify({ f: text })).instant('f'))).toBe('f');
});
