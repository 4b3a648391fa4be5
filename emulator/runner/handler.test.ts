import { describe, expect, test } from 'vitest';
import { failures } from './errors.ts';
import { httpAnswer, httpEvent, httpFailure } from './handler.ts';
import type { FunctionSpec } from './invocation.ts';
import { functionAt } from './routes.ts';

const context = { requestId: 'r-1', envId: 'env-1', appId: 125, uin: 100 };
const post = (body: string | Uint8Array, type: string) =>
  new Request('https://env-1.app.tcloudbase.com/pay/notify?a=1&b=%E4%BD%A0', {
    method: 'POST',
    headers: { 'content-type': type, 'Wechatpay-Serial': 'S1' },
    body,
  });
const eventOf = async (request: Request) => {
  const read = await httpEvent(request, context);
  return read.kind === 'event' ? (read.event as Record<string, unknown>) : {};
};

const spec = (name: string, ...paths: string[]): FunctionSpec => ({
  name,
  file: '/f.js',
  timeoutMs: 1000,
  memoryMb: 128,
  environment: {},
  timers: [],
  routes: paths.map((path) => ({ path })),
});

describe('a request reaches the function with the longest route that covers its path', () => {
  const functions = [spec('all', '/pay'), spec('notify', '/pay/notify'), spec('none')];
  test.each([
    ['/pay', 'all'],
    ['/pay/', 'all'],
    ['/pay/other', 'all'],
    ['/pay/notify', 'notify'],
    ['/pay/notify/deeper', 'notify'],
    ['/pay/notifying', 'all'],
    ['/payment', undefined],
    ['/', undefined],
  ])('%s: %s', (path, name) => {
    expect(functionAt(functions, path)?.name).toBe(name);
  });

  test('a route at the root covers every path', () => {
    expect(functionAt([spec('root', '/')], '/any/where')?.name).toBe('root');
  });
});

describe('the event of an HTTP access route', () => {
  test('has the documented fields, header names in lower case', async () => {
    expect(await eventOf(post('{"id":1}', 'application/json'))).toEqual({
      path: '/pay/notify',
      httpMethod: 'POST',
      headers: { 'content-type': 'application/json', 'wechatpay-serial': 'S1' },
      multiValueHeaders: {
        'content-type': ['application/json'],
        'wechatpay-serial': ['S1'],
      },
      queryStringParameters: { a: '1', b: '你' },
      requestContext: context,
      body: '{"id":1}',
      isBase64Encoded: false,
    });
  });

  test.each([
    ['application/json; charset=utf-8', false],
    ['application/x-www-form-urlencoded', false],
    ['application/problem+json', false],
    ['text/plain', false],
    ['text/xml', true], // v2 notifications arrive as base64
    ['application/xml', true],
    ['application/octet-stream', true],
    ['image/png', true],
  ])('a body of type %s is base64: %s', async (type, isBase64Encoded) => {
    const event = await eventOf(post('你好', type));
    expect(event.isBase64Encoded).toBe(isBase64Encoded);
    expect(Buffer.from(String(event.body), isBase64Encoded ? 'base64' : 'utf8').toString()).toBe(
      '你好',
    );
  });

  test('every byte of a binary body survives', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const event = await eventOf(post(bytes, 'application/octet-stream'));
    expect(Buffer.from(String(event.body), 'base64').equals(bytes)).toBe(true);
  });

  test('no body is an empty text', async () => {
    const event = await eventOf(new Request('http://h/pay/notify'));
    expect(event).toMatchObject({ httpMethod: 'GET', body: '', isBase64Encoded: false });
  });

  test('a text body above 100 kB is refused, a binary one is not', async () => {
    const large = 'x'.repeat(100 * 1024 + 1);
    expect(await httpEvent(post(large, 'application/json'), context)).toEqual({
      kind: 'failure',
      failure: failures.eventTooLarge(),
    });
    expect(await httpEvent(post(large, 'image/png'), context)).toHaveProperty('event');
  });
});

describe('a result as an HTTP response', () => {
  test.each([
    ['a text', 'hello', 200, 'text/plain; charset=utf-8', 'hello'],
    ['an object', { errcode: 0 }, 200, 'application/json; charset=utf-8', '{"errcode":0}'],
    ['a list', [1], 200, 'application/json; charset=utf-8', '[1]'],
    ['nothing', null, 200, 'application/json; charset=utf-8', 'null'],
    ['a status alone', { statusCode: 204 }, 204, null, ''],
    ['a status as text', { statusCode: '401', body: 'no' }, 401, null, 'no'],
    [
      'status, headers, body',
      { statusCode: 401, headers: { 'Content-Type': 'application/xml' }, body: '<xml/>' },
      401,
      'application/xml',
      '<xml/>',
    ],
    ['a base64 body', { statusCode: 200, body: '5L2g', isBase64Encoded: true }, 200, null, '你'],
    ['an object body', { statusCode: 500, body: { code: 'FAIL' } }, 500, null, '{"code":"FAIL"}'],
  ])('%s', async (_, result, status, type, body) => {
    const response = httpAnswer(result);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe(type);
    expect(await response.text()).toBe(body);
  });

  test.each([
    ['status', { statusCode: 99 }],
    ['status', { statusCode: 'ok' }],
    ['header name', { statusCode: 200, headers: { 'a b': '1' } }],
    ['header value', { statusCode: 200, headers: { a: '1\r\n2' } }],
  ])('an impossible %s is a 502', async (_, result) => {
    const response = httpAnswer(result);
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ code: 'INVALID_RESPONSE' });
  });

  test('a failure is a 500 with its code', async () => {
    const response = httpFailure(failures.timedOut(3000), 'r-1');
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      code: 'FUNCTIONS_TIME_LIMIT_EXCEEDED',
      message: 'Invoking task timed out after 3 seconds',
      requestId: 'r-1',
    });
  });
});
