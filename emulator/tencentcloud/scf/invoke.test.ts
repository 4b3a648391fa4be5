import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { listen } from '../../server.ts';
import {
  type DataPlace,
  ENV_ID,
  type Harness,
  newDataPlace,
  startHarness,
  zipOf,
} from '../harness.ts';
import type { LogLine, LogQuery, VersionInvocation, VersionOutcome } from '../options.ts';

let place: DataPlace;
let harness: Harness;
let answer: Partial<VersionOutcome> = {};
let calls: VersionInvocation[] = [];
let lines: LogLine[] = [];
let queries: LogQuery[] = [];
const pay = { FunctionName: 'pay', Namespace: ENV_ID };

beforeAll(async () => {
  place = await newDataPlace();
  harness = await startHarness(listen, place, {
    invoke: async (call) => {
      calls.push(call);
      return { requestId: 'r1', durationMs: 12.4, log: ['one', 'two'], ...answer };
    },
    logs: (query) => {
      queries.push(query);
      return [...lines];
    },
  });
  await harness.scf.CreateFunction({
    ...pay,
    Handler: 'index.main',
    Runtime: 'Nodejs20.19',
    Code: { ZipFile: zipOf({ 'index.js': 'exports.main = () => 1;' }) },
  });
  const active = (Qualifier: string) =>
    vi.waitFor(async () => {
      expect((await harness.scf.GetFunction({ ...pay, Qualifier })).Status).toBe('Active');
    });
  await active('$LATEST');
  await harness.scf.PublishVersion(pay);
  await active('1');
  await harness.scf.UpdateAlias({ ...pay, Name: '$DEFAULT', FunctionVersion: '1' });
});
afterAll(async () => {
  await harness.close();
  await place.remove();
});

const verdict = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'answered',
    (error: { code: string }) => error.code,
  );

describe('a function is run', () => {
  test.each([
    ['Invoke', {}, '$LATEST', {}],
    ['Invoke', { Qualifier: '1', ClientContext: '{"a":1}' }, '1', { a: 1 }],
    ['Invoke', { Qualifier: '$DEFAULT' }, '1', {}],
    ['InvokeFunction', { Event: '{"a":1}' }, '1', { a: 1 }],
    ['InvokeFunction', { Qualifier: '$LATEST' }, '$LATEST', {}],
  ])('%s with %o runs version %s', async (action, change, version, event) => {
    calls = [];
    answer = { result: { ok: true } };
    const { Result } = await harness.common.request(action, { ...pay, ...change });
    expect(calls).toEqual([{ name: 'pay', version, event }]);
    expect(Result).toMatchObject({
      RetMsg: '{"ok":true}',
      ErrMsg: '',
      InvokeResult: 0,
      FunctionRequestId: 'r1',
      Duration: 12.4,
      BillDuration: 13,
      Log: '',
    });
  });

  test('its log comes with LogType Tail, the last 4 kB of it', async () => {
    answer = { result: 1, log: ['x'.repeat(5000), 'end'] };
    const { Result } = await harness.scf.Invoke({ ...pay, LogType: 'Tail' });
    expect(Result?.Log).toHaveLength(4096);
    expect(Result?.Log?.endsWith('x\nend')).toBe(true);
  });

  test.each([
    ['FUNCTIONS_EXECUTE_FAIL', 430],
    ['FUNCTIONS_TIME_LIMIT_EXCEEDED', 433],
    ['FUNCTIONS_MEMORY_LIMIT_EXCEEDED', 434],
  ])('a failure %s is a result, not a refusal', async (code, statusCode) => {
    answer = { error: { code, message: 'what happened' } };
    const { Result } = await harness.scf.Invoke(pay);
    expect(Result).toMatchObject({ InvokeResult: -1, ErrMsg: 'what happened' });
    expect(JSON.parse(Result?.RetMsg ?? '')).toMatchObject({
      errorMessage: 'what happened',
      statusCode,
      requestId: 'r1',
    });
  });

  test.each([
    ['Invoke', { InvocationType: 'Event' }, 'InvalidParameterValue.Param'],
    ['Invoke', { InvocationType: 'RequestResponse' }, 'answered'],
    ['Invoke', { ClientContext: '{' }, 'InvalidParameterValue.Param'],
    ['InvokeFunction', { Event: '{' }, 'InvalidParameterValue.Param'],
    ['Invoke', { Qualifier: '7' }, 'ResourceNotFound.FunctionVersion'],
    ['Invoke', { Qualifier: 'blue' }, 'ResourceNotFound.Alias'],
  ])('%s with %o: %s', async (action, change, expected) => {
    answer = { result: 1 };
    expect(await verdict(harness.common.request(action, { ...pay, ...change }))).toBe(expected);
  });
});

describe('logs', () => {
  const atMs = Date.UTC(2026, 10, 25, 10, 0, 0);
  const day = { StartTime: '2026-11-25 18:00:00', EndTime: '2026-11-25 18:00:01' };
  const search = (change: object = {}) =>
    harness.tcb.SearchClsLog({
      EnvId: ENV_ID,
      ...day,
      Limit: 100,
      QueryString: '*',
      ...change,
    });

  test('times are of UTC+8, and a line is JSON', async () => {
    queries = [];
    lines = [{ atMs, name: 'pay', requestId: 'r1', text: '{"level":"info"}' }];
    const { LogResults } = await search();
    expect(queries).toEqual([{ fromMs: atMs, toMs: atMs + 1999 }]);
    expect(LogResults).toMatchObject({
      ListOver: true,
      Results: [{ Timestamp: '2026-11-25 18:00:00', TopicId: 'topic-local' }],
    });
    expect(JSON.parse(LogResults?.Results?.[0]?.Content ?? '')).toEqual({
      function_name: 'pay',
      request_id: 'r1',
      log: '{"level":"info"}',
    });
  });

  test.each([
    ['function_name:pay', { name: 'pay' }],
    ['request_id:"r-1"', { requestId: 'r-1' }],
    ['request_id:r1 AND function_name:pay', { name: 'pay', requestId: 'r1' }],
  ])('%s', async (QueryString, wanted) => {
    queries = [];
    await search({ QueryString });
    expect(queries).toMatchObject([wanted]);
  });

  test('pages follow one another by their Context; the order can be turned', async () => {
    lines = [3, 2, 1].map((n) => ({ atMs: atMs + n, name: 'pay', requestId: 'r', text: `${n}` }));
    const textsOf = ({ LogResults }: Awaited<ReturnType<typeof search>>) =>
      LogResults?.Results?.map(({ Content = '' }) => JSON.parse(Content).log);
    const first = await search({ Limit: 2 });
    expect([textsOf(first), first.LogResults?.ListOver]).toEqual([['3', '2'], false]);
    const second = await search({ Limit: 2, Context: first.LogResults?.Context });
    expect([textsOf(second), second.LogResults?.ListOver]).toEqual([['1'], true]);
    expect(textsOf(await search({ Sort: 'asc' }))).toEqual(['1', '2', '3']);
  });

  test.each<[object, string]>([
    [{ Limit: 0 }, 'InvalidParameterValue'],
    [{ Limit: 101 }, 'InvalidParameterValue'],
    [{ Limit: undefined }, 'MissingParameter'],
    [{ StartTime: '2026-11-25' }, 'InvalidParameterValue'],
    [{ StartTime: undefined }, 'MissingParameter'],
    [{ QueryString: 'module:database' }, 'InvalidParameterValue'],
    [{ QueryString: '' }, 'MissingParameter'],
    [{ Context: 'x' }, 'InvalidParameterValue'],
  ])('%o: %s', async (change, expected) => {
    expect(await verdict(search(change))).toBe(expected);
  });
});
