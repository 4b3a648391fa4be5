import { expect, test } from 'vitest';
import { attach, body } from './fields.ts';

test.each([
  ['42 Chinese characters', '单'.repeat(42), undefined],
  ['43 Chinese characters', '单'.repeat(43), '现有 129 字节'],
  ['127 letters', 'a'.repeat(127), undefined],
  ['128 letters', 'a'.repeat(128), '现有 128 字节'],
  ['200 Chinese characters', '单'.repeat(200), '现有 600 字节'],
])('attach of %s is measured in bytes, and refused with their count', (_what, text, refusal) => {
  const { error } = attach.safeParse(text);
  if (refusal === undefined) expect(error).toBeUndefined();
  else expect(error?.issues[0]?.message).toContain(refusal);
});

test('a body for display is taken beyond what WeChat shows, up to a bound', () => {
  expect(body.safeParse('单'.repeat(512)).success).toBe(true);
  expect(body.safeParse('单'.repeat(513)).success).toBe(false);
});
