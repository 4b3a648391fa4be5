import { expect, test } from 'vitest';
import { dictionaries } from '../../text/dictionary.ts';
import { outcomeOf } from './words.ts';

test.each([
  [{ status: 'lost', fault: 'lost_request' }, '丢失  故障 请求丢失', 'lost  Fault '],
  [{ updated: 1 }, '更新 1', 'Updated 1'],
  [{ error: { code: 'SIGN_ERROR' }, status: 401 }, 'SIGN_ERROR  401', 'SIGN_ERROR  401'],
])('the words of one language name how %j ended', (detail, chinese, english) => {
  const entry = { id: 1, at: '', what: 'wechatpay.notify', actor: 'wechat', detail } as const;
  expect(outcomeOf(entry, dictionaries.zh)).toBe(chinese);
  expect(outcomeOf(entry, dictionaries.en)).toContain(english);
  expect(outcomeOf(entry, dictionaries.en)).not.toMatch(/lost_request|[一-鿿]/);
});
