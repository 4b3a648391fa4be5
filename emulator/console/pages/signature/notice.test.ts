import { expect, test } from 'vitest';
import { EMPTY, headersIn, linesOf, NO_KEYS, noticeOf, questionOf, signedAmong } from './notice.ts';

const read = { 'Wechatpay-Nonce': 'abc', 'Wechatpay-Timestamp': '1764000000' };

test.each([
  ['lines', 'Wechatpay-Nonce: abc\nWechatpay-Timestamp: 1764000000'],
  ['lines of Windows', 'Wechatpay-Nonce:abc\r\nWechatpay-Timestamp:  1764000000 \r\n'],
  ['JSON', JSON.stringify({ 'Wechatpay-Nonce': 'abc', 'Wechatpay-Timestamp': 1764000000 })],
  ['curl', `-H 'Wechatpay-Nonce: abc' \\\n  --header "Wechatpay-Timestamp: 1764000000" \\`],
  ['what the form writes', linesOf(read)],
])('headers are read from %s', (_what, text) => {
  expect(headersIn(text)).toEqual(read);
});

test.each(['', '[]', 'null', 'no header'])('%s is no header', (text) => {
  expect(headersIn(text)).toEqual({});
});

test('a value may hold colons', () => {
  expect(headersIn('Date: Mon, 30 Nov 2026 10:00:00 GMT')).toEqual({
    Date: 'Mon, 30 Nov 2026 10:00:00 GMT',
  });
});

test('what is left empty is not asked about', () => {
  expect(questionOf({ ...EMPTY, body: '{}' })).toEqual({ headers: {}, body: '{}' });
  const keys = { ...NO_KEYS, apiV3Key: 'k' };
  expect(questionOf({ ...EMPTY, clock: 'c', keys })).toMatchObject({
    clock: 'c',
    keys: { apiV3Key: 'k' },
  });
});

test('a picked notification arrived when it was signed', () => {
  expect(noticeOf({ headers: read, body: '' }).receivedAt).toBe('2025-11-24T16:00:00Z');
});

test('only what is signed can be picked', () => {
  const signed = { headers: read, body: '{}' };
  const xml = { headers: { 'Content-Type': 'text/xml' }, body: '<xml/>' };
  expect(signedAmong([xml, { functionName: 'payCallback' }, signed])).toEqual([signed]);
});
