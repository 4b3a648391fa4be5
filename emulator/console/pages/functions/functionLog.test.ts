import { expect, test } from 'vitest';
import { CALLS_MAX, callsIn, narrowed } from './functionLog.ts';

const entry = (id: number, subject: string, detail: object) => ({
  id,
  at: '2026-11-30T10:00:00.000Z',
  what: 'function.call',
  actor: 'function' as const,
  subject,
  detail: detail as Record<string, unknown>,
});
const line = JSON.stringify({
  level: 'warn',
  function: 'refund',
  requestId: 'r',
  outTradeNo: 'T1',
});
const calls = callsIn([
  entry(1, 'refund', { ms: 3, log: [line, '<b>printed</b>', '{"a":1}'] }),
  { ...entry(2, 'x', {}), what: 'clock.moved' },
  entry(3, 'quoteOrder:2', { ms: 1, error: { code: 'TIMEOUT', message: 'm' } }),
  entry(4, 'queryOrder', { ms: 1, log: ['fine'] }),
]);

test('a line of ours is words, and any other as it was printed', () => {
  expect(calls[0]?.lines).toEqual([
    { text: 'outTradeNo=T1', level: 'warn' },
    { text: '<b>printed</b>', level: 'info' },
    { text: '{"a":1}', level: 'info' },
  ]);
  expect(calls[1]).toMatchObject({ name: 'quoteOrder', error: 'TIMEOUT m', lines: [] });
});

test.each([
  [{ name: 'queryOrder' }, [4]],
  [{ text: 'PRINTED' }, [1]],
  [{ text: 'timeout' }, [3]],
  [{ isOnlyBad: true }, [1, 3]],
  [{}, [1, 3, 4]],
])('%j shows its own', (part, ids) => {
  const filter = { name: '', text: '', isOnlyBad: false, ...part };
  expect(narrowed(calls, filter).map(({ id }) => id)).toEqual(ids);
});

test('a long log is bounded: the newest are shown', () => {
  const many = callsIn(Array.from({ length: CALLS_MAX + 9 }, (_, at) => entry(at, 'refund', {})));
  const shown = narrowed(many, { name: '', text: '', isOnlyBad: false });
  expect([shown.length, shown[0]?.id]).toEqual([CALLS_MAX, 9]);
});
