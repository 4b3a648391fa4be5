import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { askLineOn } from './terminal.ts';

test('lines that come before they are asked for are kept, a half one too; an end is no answer', async () => {
  const input = new PassThrough();
  const ask = askLineOn(input, new PassThrough().resume());
  input.write('one\ntwo\nthr');
  expect(await ask('1: ')).toBe('one');
  expect(await ask('2: ')).toBe('two');
  input.write('ee\nfour\n');
  expect(await ask('3: ')).toBe('three');
  expect(await ask('4: ')).toBe('four');
  input.end();
  expect(await ask('5: ')).toBeUndefined();
  expect(await ask('6: ')).toBeUndefined();
});

test.each([
  ['Ctrl+D', '\u0004'],
  ['Ctrl+C', '\u0003'],
])('%s is no answer', async (_name, key) => {
  const input = new PassThrough();
  const ask = askLineOn(input, new PassThrough().resume());
  input.write(key);
  expect(await ask('1: ')).toBeUndefined();
});
