import { describe, expect, test } from 'vitest';
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
