import { expect, test } from 'vitest';
import { followLines } from './logs.ts';

test('with --tail each line that comes is printed once, in order, late ones too', async () => {
  const answers = [['a', 'b'], ['a', 'b', 'c'], ['a', 'late', 'b', 'c'], ['c'], ['c', 'd']];
  const printed: string[] = [];
  const spans: number[] = [];
  const context = {
    nowMs: () => 1_000_000,
    wait: async () => {
      if (answers.length === 0) throw new Error('stopped');
    },
    utils: { writeText: (text: string) => printed.push(text) },
  };
  const read = async (fromMs: number, toMs: number) => {
    spans.push(toMs - fromMs);
    return answers.shift() ?? [];
  };
  await expect(followLines(context as never, read, ['a'])).rejects.toThrow('stopped');
  expect(printed).toEqual(['b', 'c', 'late', 'd']);
  expect(new Set(spans)).toEqual(new Set([120_000]));
});
