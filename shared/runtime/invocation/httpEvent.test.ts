import { describe, expect, test } from 'vitest';
import { BODY_BYTES_MAX } from '../../domain/limits.ts';
import { httpEventOf } from './httpEvent.ts';

describe('headers', () => {
  test.each<[string, object, object]>([
    ['in any case', { 'WECHATPAY-Nonce': 'n' }, { 'wechatpay-nonce': 'n' }],
    [
      'twice, equal',
      { 'Wechatpay-Nonce': 'n', 'wechatpay-nonce': 'n' },
      { 'wechatpay-nonce': 'n' },
    ],
    ['twice, different', { A: '1', a: '2' }, { a: '1, 2' }],
    ['as lists', { A: ['1'], b: 2, c: null, d: 'x' }, { d: 'x' }],
    ['named like parts of every object', { toString: '1' }, { tostring: '1' }],
  ])('%s', (_, headers, read) => {
    expect(httpEventOf({ headers }).headers).toEqual(read);
  });

  test('__proto__ is a header like any other', () => {
    const { headers } = httpEventOf(JSON.parse('{"headers":{"__proto__":"x"}}'));
    expect(Object.keys(headers ?? {})).toEqual(['__proto__']);
  });
});

test.each<[string, object, string]>([
  ['plain', { body: '{"a":"名"}', isBase64Encoded: false }, '{"a":"名"}'],
  ['plain, not result', { body: 'e30=' }, 'e30='],
  ['base64', { body: 'e30=', isBase64Encoded: true }, '{}'],
])('a body, %s, is its raw bytes', (_, event, text) => {
  expect(Buffer.from(httpEventOf(event).body ?? '').toString()).toBe(text);
});

test.each([
  ['plain', 'x'.repeat(6_000_000), false],
  ['base64', Buffer.alloc(4_500_000, 'x').toString('base64'), true],
])(
  'of a body that is too large, %s, only so much is decoded as shows it',
  (_what, body, isBase64Encoded) => {
    const { body: bytes } = httpEventOf({ body, isBase64Encoded });
    expect(bytes?.length).toBeGreaterThan(BODY_BYTES_MAX);
    expect(bytes?.length).toBeLessThan(BODY_BYTES_MAX + 8);
  },
);

test.each(['utf8', 'base64'] as const)('the largest body is read whole, as %s', (encoding) => {
  const body = Buffer.alloc(BODY_BYTES_MAX, 'x');
  const event = { body: body.toString(encoding), isBase64Encoded: encoding === 'base64' };
  expect(body.equals(httpEventOf(event).body ?? Buffer.alloc(0))).toBe(true);
});

test('what the platform adds beside them changes nothing, of whatever type it is', () => {
  const event = { headers: { A: '1' }, body: '{}', isBase64Encoded: false };
  const whole = {
    ...event,
    path: '/pay/notify',
    httpMethod: 'POST',
    multiValueHeaders: { A: ['1', '2'], B: ['3'] },
    queryStringParameters: {},
    requestContext: { requestId: 'r', envId: 'env-1', appId: 1250000000, uin: 100000000001 },
  };
  expect(httpEventOf(whole)).toEqual(httpEventOf(event));
});

test.each([null, 1, 'x', {}, { headers: 1, body: 1 }])('%o holds neither', (event) => {
  expect(httpEventOf(event)).toEqual({});
});
