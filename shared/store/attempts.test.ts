import { expect, test } from 'vitest';
import { type AttemptOptions, attempt, codeOf } from './attempts.ts';

/** Plays what one operation meets, in order, and then succeeds; answers its end, as one line. */
async function play(codes: readonly string[], options: AttemptOptions) {
  const waits: number[] = [];
  let asleep = false;
  let calls = 0;
  const operation = async () => {
    expect(asleep).toBe(false);
    const code = codes[calls];
    calls += 1;
    if (code === undefined) return 'done';
    throw Object.assign(new Error('x'), code === '' ? {} : { code });
  };
  const wait = async (ms: number) => {
    waits.push(ms);
    asleep = true;
    await new Promise((resolve) => setImmediate(resolve));
    asleep = false;
  };
  try {
    const { answer, unsure } = await attempt(operation, wait, options);
    return { end: `${answer}${unsure ? ', unsure' : ''}`, calls, waits };
  } catch (error) {
    const { code, retry } = error as { code: string; retry: string };
    return { end: `${code} ${retry}`, calls, waits };
  }
}

const writes = { writes: true };
const reads = { writes: false };
const lost = 'ECONNRESET';
const busy = 'EXCEED_REQUEST_LIMIT';
const unsent = 'ECONNREFUSED';
const refused = 'DATABASE_PERMISSION_DENIED';
const unknown = 'STORE_OUTCOME_UNKNOWN same_request';
const unavailable = 'STORE_UNAVAILABLE same_request';
const no = 'STORE_REFUSED never';

test.each<[string, string[], AttemptOptions, string, number]>([
  ['that is answered', [], writes, 'done', 1],
  ['whose answer is lost once', [lost], writes, 'done, unsure', 2],
  ['whose answer is lost for good', [lost, lost, lost], writes, unknown, 3],
  ['whose answer has no code', ['', ''], writes, 'done, unsure', 3],
  ['that is turned away once', [busy], writes, 'done', 2],
  ['that is turned away for good', [busy, busy, busy], writes, unavailable, 3],
  ['too many at once', ['EXCEED_CONCURRENT_REQUEST_LIMIT'], writes, 'done', 2],
  ['that was not sent', [unsent, unsent], writes, 'done', 3],
  ['that was not sent for good', [unsent, unsent, unsent], writes, unavailable, 3],
  ['that is refused', [refused], writes, no, 1],
  ['lost, then turned away for good', [lost, busy, busy], writes, unknown, 3],
  ['turned away, then lost for good', [busy, busy, lost], writes, unknown, 3],
  ['lost, then answered after it was turned away', [lost, busy], writes, 'done, unsure', 3],
])('a write %s', async (_what, codes, options, end, calls) => {
  expect(await play(codes, options)).toMatchObject({ end, calls });
});

test.each([
  'DATABASE_COLLECTION_NOT_EXIST',
  'DATABASE_PERMISSION_DENIED',
  'PERMISSION_DENIED',
  'SIGN_PARAM_INVALID',
  'DATABASE_INVALID_PARAM',
  'INVALID_ENV',
  'DATABASE_COLLECTION_EXCEED_LIMIT',
  'EXCEED_MAX_PAYLOAD_SIZE',
  'DATABASE_DUPLICATE_WRITE',
  'ResourceNotFound',
])(
  'the refusal %s is final, but not of a repeat whose first attempt may be written',
  async (code) => {
    expect(await play([code], writes)).toMatchObject({ end: no, calls: 1 });
    expect(await play([busy, code], writes)).toMatchObject({ end: no, calls: 2 });
    expect(await play([lost, code], writes)).toMatchObject({ end: unknown, calls: 2 });
    expect(await play([code], reads)).toMatchObject({ end: no, calls: 1 });
  },
);

test.each<[string, string[], boolean, string]>([
  ['nothing of a write', [], false, 'done'],
  ['nothing of a write, with an answer lost', [lost], false, 'done'],
  ['nothing of a write, with all answers lost', [lost, lost, lost], false, unavailable],
  ['a write whose answer is open', [lost, lost, lost], true, unknown],
  ['a write whose answer is open, turned away', [busy, busy, busy], true, unknown],
  ['a write whose answer is open, refused', [refused], true, unknown],
])('a read that decides %s', async (_what, codes, unsure, end) => {
  const { end: found } = await play(codes, { writes: false, unsure });
  expect(found.replace(', unsure', '')).toBe(end);
});

test('each wait is longer than the one before, and is waited for', async () => {
  expect((await play([lost, lost], writes)).waits).toEqual([50, 250]);
  expect((await play([lost, lost, lost], writes)).waits).toEqual([50, 250]);
});

test('the code of an error is read where there is one', () => {
  expect(codeOf(Object.assign(new Error(), { code: 'E' }))).toBe('E');
  expect(codeOf(Object.assign(new Error(), { code: 7 }))).toBe('7');
  for (const none of [new Error('x'), { code: 'E' }, 'E', undefined]) expect(codeOf(none)).toBe('');
});
