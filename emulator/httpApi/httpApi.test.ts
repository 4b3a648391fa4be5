import { randomBytes } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import type { World } from '../world/world.ts';
import { type ApiCall, type ApiOutcome, createHttpApi } from './httpApi.ts';

const KEY = 'the-api-key';
let calls: ApiCall[] = [];
let outcome: ApiOutcome;
let limit: '6MB' | '100KB';
beforeEach(() => {
  calls = [];
  outcome = { requestId: 'r-1', result: { errCode: 0 } };
  limit = '6MB';
});

const api = createHttpApi({ randomBytes } as World, {
  apiKey: KEY,
  bodyLimit: () => limit,
  invoke: async (call) => {
    calls.push(call);
    return outcome;
  },
});

/** Sends what a server would, but for the changes. */
async function post(
  change: RequestInit & { path?: string; headers?: Record<string, string> } = {},
) {
  const { path = '/v1/functions/queryOrder', headers, ...more } = change;
  const request = new Request(`http://127.0.0.1${path}`, {
    method: 'POST',
    body: '{"outTradeNo":"T00001"}',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...headers },
    ...more,
  });
  const answer = await api.handle(request);
  if (!answer) throw new Error('no answer');
  const { status } = answer;
  return { status, headers: answer.headers, text: await answer.text() };
}

test('the body is the event, the answer what the function returned, under the id of its call', async () => {
  const { status, headers, text } = await post();
  expect([status, text]).toEqual([200, '{"errCode":0}']);
  expect(headers.get('content-type')).toMatch(/^application\/json/);
  expect(headers.get('x-request-id')).toBe('r-1');
  expect(calls).toEqual([{ name: 'queryOrder', event: { outTradeNo: 'T00001' } }]);
});

test.each<[string, unknown, string, RegExp]>([
  ['a text as it is', 'Hello fn', 'Hello fn', /^text\/plain/],
  ['nothing as null', undefined, 'null', /^application\/json/],
  ['a form of HTTP as any value', { statusCode: 302 }, '{"statusCode":302}', /^application\/json/],
])('%s', async (_, result, expected, type) => {
  outcome = { requestId: 'r-1', result };
  const { status, headers, text } = await post();
  expect([status, text]).toEqual([200, expected]);
  expect(headers.get('content-type')).toMatch(type);
});

test('a version is called where one is named', async () => {
  await post({ headers: { 'x-qualifier': '3' } });
  expect(calls).toMatchObject([{ name: 'queryOrder', qualifier: '3' }]);
});

test.each<[string, Parameters<typeof post>[0], number, string]>([
  ['without a key', { headers: { authorization: '' } }, 401, 'MISSING_CREDENTIALS'],
  ['another key', { headers: { authorization: 'Bearer x' } }, 401, 'INVALID_CREDENTIALS'],
  ['the key alone', { headers: { authorization: KEY } }, 401, 'INVALID_CREDENTIALS'],
  ['a list', { body: '[]' }, 400, 'FUNCTION_PARAM_INVALID'],
  ['a text', { body: '"x"' }, 400, 'FUNCTION_PARAM_INVALID'],
  ['nothing', { body: '' }, 400, 'FUNCTION_PARAM_INVALID'],
  ['no JSON', { body: '{' }, 400, 'FUNCTION_PARAM_INVALID'],
  ['a form', { headers: { 'content-type': 'text/plain' } }, 400, 'FUNCTION_PARAM_INVALID'],
  ['a GET', { method: 'GET', body: null }, 400, 'FUNCTION_PARAM_INVALID'],
  ['a name of one letter', { path: '/v1/functions/q' }, 400, 'FUNCTION_PARAM_INVALID'],
  ['a name that is none', { path: '/v1/functions/a%2Fb' }, 400, 'FUNCTION_PARAM_INVALID'],
  ['broken escapes', { path: '/v1/functions/a%' }, 400, 'FUNCTION_PARAM_INVALID'],
  ['webfn', { path: '/v1/functions/query?webfn=true' }, 400, 'FUNCTION_PARAM_INVALID'],
  ['webfn', { headers: { 'x-tcb-webfn': 'true' } }, 400, 'FUNCTION_PARAM_INVALID'],
])('%s (%j) is refused before anything runs', async (_, change, status, code) => {
  const refused = await post(change);
  expect([refused.status, calls]).toEqual([status, []]);
  const { code: word, message, requestId } = JSON.parse(refused.text);
  expect(word).toBe(code);
  expect(message).toMatch(/[a-z]/);
  expect(requestId).toBe(refused.headers.get('x-request-id'));
  expect(refused.text).not.toContain(KEY);
});

test('a body above the limit is refused, by whichever limit the documents are read', async () => {
  const body = JSON.stringify({ text: 'x'.repeat(100 * 1024) });
  expect((await post({ body })).status).toBe(200);
  limit = '100KB';
  const refused = await post({ body });
  expect([refused.status, JSON.parse(refused.text).code]).toEqual([413, 'EXCEED_MAX_PAYLOAD_SIZE']);
});

test.each([
  ['FUNCTION_NOT_FOUND', 404, 'FUNCTION_NOT_FOUND'],
  ['FUNCTION_QUALIFIER_NOT_FOUND', 404, 'FUNCTION_QUALIFIER_NOT_FOUND'],
  ['FUNCTIONS_EXECUTE_FAIL', 500, 'FUNCTION_INVOCATION_FAILED'],
  ['FUNCTIONS_TIME_LIMIT_EXCEEDED', 500, 'FUNCTION_TIME_LIMIT_EXCEEDED'],
  ['FUNCTIONS_MEMORY_LIMIT_EXCEEDED', 500, 'FUNCTION_MEMORY_LIMIT_EXCEEDED'],
])('what fails by %s is %i %s', async (code, status, word) => {
  outcome = { requestId: '', error: { code, message: 'why' } };
  const failed = await post();
  expect(failed.status).toBe(status);
  const { requestId, ...rest } = JSON.parse(failed.text);
  expect(rest).toEqual({ code: word, message: 'why' });
  expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
});

test('every path below is its own, and no other', () => {
  const owns = (path: string) => api.owns(new Request(`http://127.0.0.1${path}`));
  expect(['/v1/functions/a', '/v1/functions/'].map(owns)).toEqual([true, true]);
  expect(['/v1/functions', '/v1/functions/a/b', '/v3/pay'].map(owns)).toEqual([
    false,
    false,
    false,
  ]);
});
