import { expect, test } from 'vitest';
import type { Retry } from '../../domain/retry.ts';
import { GatewayError } from '../../ports/gateway.ts';
import type { Invocation } from './deps.ts';
import { retryUnchanged } from './retryUnchanged.ts';

/** Plays a list of failures, then succeeds; answers how often WeChat was called and the end. */
async function play(failures: [code: string, retry: Retry][], remainingMs = 20_000) {
  let calls = 0;
  let leftMs = remainingMs;
  let isAsleep = false;
  const wait = async (ms: number) => {
    isAsleep = true;
    await new Promise((resolve) => setImmediate(resolve));
    isAsleep = false;
    leftMs -= ms;
  };
  const clock = { wait, now: () => new Date(0), monotonicMs: () => 0 };
  const invocation = { remainingMs: () => leftMs } as Invocation;
  const act = async () => {
    expect(isAsleep, 'WeChat is called again after the wait').toBe(false);
    const failure = failures[calls];
    calls += 1;
    if (failure) throw new GatewayError(failure[0], failure[1], 'x');
    return 'done';
  };
  try {
    return { end: await retryUnchanged(act, [], { clock }, invocation), made: calls };
  } catch (error) {
    const { code, retry } = error as GatewayError;
    return { end: `${code} ${retry}`, made: calls };
  }
}

const busy: [string, Retry] = ['SYSTEM_ERROR', 'same_request'];
const silent: [string, Retry] = ['ANSWER_LOST', 'query_first'];
const unsent: [string, Retry] = ['WECHAT_UNREACHABLE', 'same_request'];
const refused: [string, Retry] = ['NO_AUTH', 'never'];

test.each([
  ['nothing fails', [], 'done', 1],
  ['WeChat is busy once', [busy], 'done', 2],
  ['WeChat is busy for long', [busy, busy, busy, busy], 'SYSTEM_ERROR same_request', 3],
  ['WeChat refuses', [refused], 'NO_AUTH never', 1],
  ['it refuses after it failed, and may have acted', [busy, refused], 'NO_AUTH query_first', 2],
  ['it refuses after nothing was sent', [unsent, refused], 'NO_AUTH never', 2],
  ['it refuses after an answer was lost', [silent, refused], 'NO_AUTH query_first', 2],
  ['the order is paid', [['ORDERPAID', 'query_first']], 'ORDERPAID query_first', 1],
] as const)('when %s', async (_when, failures, end, made) => {
  expect(await play(failures as never)).toMatchObject({ end, made });
});

test('no call is begun that the deadline would cut off from its own record', async () => {
  // 200 ms are waited, 1,500 are kept for the write.
  expect(await play([busy, busy], 1701)).toMatchObject({ made: 2 });
  expect(await play([busy, busy], 1700)).toMatchObject({
    end: 'SYSTEM_ERROR same_request',
    made: 1,
  });
  expect(await play([busy, busy], 1600)).toMatchObject({ made: 1 });
  expect(await play([], 1500)).toMatchObject({ end: 'DEADLINE query_first', made: 0 });
});

test('a refusal after an attempt that may have acted keeps its number at WeChat and its cause', async () => {
  const clock = { wait: async () => {}, now: () => new Date(0), monotonicMs: () => 0 };
  const invocation = { remainingMs: () => 20_000 } as Invocation;
  const last = new GatewayError('NO_AUTH', 'never', 'x', { requestId: '08-1' });
  const play = (failures: GatewayError[]) =>
    retryUnchanged(async () => Promise.reject(failures.shift()), [], { clock }, invocation);
  const lost = new GatewayError('ANSWER_LOST', 'query_first', 'x');
  const expected = { code: 'NO_AUTH', retry: 'query_first', requestId: '08-1', cause: last };
  await expect(play([lost, last])).rejects.toMatchObject(expected);
  await expect(play([last]), 'alone it is thrown as it is').rejects.toBe(last);
});
