import { expect, test } from 'vitest';
import { FunctionRefusal } from '../client/functions.ts';
import { dictionaries, messageOf } from './dictionary.ts';

const words = '请在 retryAt 之后用相同参数重试 (repeat the same request after retryAt)';

test('a refusal that names a time of its answer says that time, in the reader’s language', () => {
  const answer = { errCode: 'REFUND_TOO_SOON', retryAt: '2026-12-01T18:05:09+08:00' };
  const refusal = new FunctionRefusal(answer, words);
  expect(messageOf(refusal, dictionaries.zh)).toBe('请在 2026-12-01 18:05:09 之后用相同参数重试');
  expect(messageOf(refusal, dictionaries.en)).toBe(
    'repeat the same request after 2026-12-01 18:05:09',
  );
});

test('one whose answer has no such time keeps its words', () => {
  const refusal = new FunctionRefusal({ errCode: 'REFUND_TOO_SOON' }, words);
  expect(messageOf(refusal, dictionaries.zh)).toBe('请在 retryAt 之后用相同参数重试');
});
