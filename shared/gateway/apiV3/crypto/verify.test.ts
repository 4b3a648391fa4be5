import { createPublicKey, X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { keys, keysOptions, signedAnswer } from '../../../../tests/support/wechatSide.ts';
import facts from '../../../../tests/vectors/facts.json' with { type: 'json' };
import vectors from '../../../../tests/vectors/v3-verify.json' with { type: 'json' };
import { describeRejection, isPublicKeyId, rejectReasonOf, type Signed } from './verify.ts';

const answers = vectors.vectors.filter(({ kind }) => kind === 'v3-response-verify');

test.each(answers)('$id', ({ id, input, expected }) => {
  const key = input.certificate_pem
    ? new X509Certificate(input.certificate_pem).publicKey
    : createPublicKey(input.public_key_pem ?? '');
  const headers = {
    'wechatpay-timestamp': input.headers!['Wechatpay-Timestamp'],
    'wechatpay-nonce': input.headers!['Wechatpay-Nonce'],
    'wechatpay-signature': input.headers!['Wechatpay-Signature'],
    'wechatpay-serial': 'A',
  };
  const now = new Date(Number(headers['wechatpay-timestamp']) * 1000);
  const rejectReason = rejectReasonOf(
    { headers, body: Buffer.from(input.body ?? '') },
    { verifier: () => key },
    now,
  );
  const refused = id.endsWith('probe') ? 'probe' : 'signature';
  expect(rejectReason).toBe(expected.valid ? undefined : refused);
});

const now = new Date('2026-11-24T09:07:11Z');
const answer = signedAnswer(200, '{"prepay_id":"wx1"}', now);
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const withHeaders = (more: Record<string, string>): Signed => ({
  headers: { ...answer.headers, ...more },
  body: answer.body,
});

describe('the window is five minutes to either side', () => {
  const { cases = [] } = facts.vectors.find(({ id }) => id === 'v3-timestamp-tolerance')!.expected;

  test.each([...cases, { age: 300, ok: true }, { age: -300, ok: true }])(
    '$age s: $ok',
    ({ age, ok }) => {
      expect(rejectReasonOf(answer, keys, later(age))).toBe(ok ? undefined : 'timestamp_window');
    },
  );

  test('an instance without a valid clock believes nothing', () => {
    expect(rejectReasonOf(answer, keys, new Date(Number.NaN))).toBe('timestamp_window');
  });
});

test.each<[string, Record<string, string>]>([
  ['header_malformed:wechatpay-timestamp', { 'wechatpay-timestamp': '01764000000' }],
  ['header_malformed:wechatpay-timestamp', { 'wechatpay-timestamp': '1.7e9' }],
  ['header_malformed:wechatpay-timestamp', { 'wechatpay-timestamp': ' 1764000000' }],
  ['header_malformed:wechatpay-nonce', { 'wechatpay-nonce': 'a\nb' }],
  ['header_malformed:wechatpay-nonce', { 'wechatpay-nonce': 'a'.repeat(129) }],
  ['header_malformed:wechatpay-serial', { 'wechatpay-serial': 'a b' }],
  ['header_malformed:wechatpay-signature', { 'wechatpay-signature': 'a, b' }],
  [
    'header_malformed:wechatpay-signature-type',
    { 'wechatpay-signature-type': 'WECHATPAY2-SM2-WITH-SM3' },
  ],
  ['header_missing:wechatpay-timestamp', { 'wechatpay-timestamp': '' }],
  ['header_missing:wechatpay-nonce', { 'wechatpay-nonce': '' }],
  ['header_missing:wechatpay-serial', { 'wechatpay-serial': '' }],
  ['header_missing:wechatpay-signature', { 'wechatpay-signature': '' }],
  ['serial_unknown', { 'wechatpay-serial': keysOptions.publicKey.id.toLowerCase() }],
  ['serial_unknown', { 'wechatpay-serial': '__proto__' }],
  ['serial_unknown', { 'wechatpay-serial': keysOptions.serialNo }],
  ['signature', { 'wechatpay-nonce': 'another' }],
  ['signature', { 'wechatpay-signature': 'FAKE' }],
])('%s', (rejectReason, more) => {
  expect(rejectReasonOf(withHeaders(more), keys, now)).toBe(rejectReason);
});

// The longest that each header may be: then it is the time, the key or the signature that does not fit.
test.each([
  ['wechatpay-timestamp', '17640000000', 'timestamp_window'],
  ['wechatpay-timestamp', '176400000000', 'header_malformed:wechatpay-timestamp'],
  ['wechatpay-timestamp', '1764000000x', 'header_malformed:wechatpay-timestamp'],
  ['wechatpay-nonce', 'a'.repeat(128), 'signature'],
  ['wechatpay-serial', 'A'.repeat(128), 'serial_unknown'],
  ['wechatpay-serial', 'A'.repeat(129), 'header_malformed:wechatpay-serial'],
  ['wechatpay-signature', 'A'.repeat(2067), 'signature'],
  ['wechatpay-signature', 'A'.repeat(2068), 'header_malformed:wechatpay-signature'],
  ['wechatpay-signature', `WECHATPAY/SIGNTEST/${'A'.repeat(2048)}`, 'probe'],
  ['wechatpay-signature', 'A/WECHATPAY/SIGNTEST/', 'signature'],
])('%s of %s: %s', (name, value, rejectReason) => {
  expect(rejectReasonOf(withHeaders({ [name]: value }), keys, now)).toBe(rejectReason);
});

test('what every object has is no header', () => {
  const headers = Object.create(answer.headers) as Record<string, string>;
  const rejectReason = rejectReasonOf({ headers, body: answer.body }, keys, now);
  expect(rejectReason).toBe('header_missing:wechatpay-timestamp');
});

test('an unsigned answer lacks its first header', () => {
  const bare = { headers: {}, body: answer.body };
  expect(rejectReasonOf(bare, keys, now)).toBe('header_missing:wechatpay-timestamp');
});

test('an empty answer is signed too', () => {
  expect(rejectReasonOf(signedAnswer(204, '', now), keys, now)).toBeUndefined();
});

test('the scheme of the signature may be named, and is ours', () => {
  const named = { 'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048' };
  expect(rejectReasonOf(withHeaders(named), keys, now)).toBeUndefined();
});

test('an unknown serial costs no cryptography', () => {
  let looked = 0;
  const unknown = {
    verifier: () => {
      looked += 1;
      return undefined;
    },
  };
  expect(rejectReasonOf(answer, unknown, later(301))).toBe('timestamp_window');
  expect(looked).toBe(0);
  expect(rejectReasonOf(answer, unknown, now)).toBe('serial_unknown');
});

test.each([
  ['serial_unknown', 'PUB_KEY_ID_01', 'serial_unknown:PUB_KEY_ID_01:public_key_not_configured'],
  ['serial_unknown', '5DEA10', 'serial_unknown:5DEA10'],
  ['serial_unknown', 'X_PUB_KEY_ID_', 'serial_unknown:X_PUB_KEY_ID_'],
  ['signature', '5DEA10', 'signature'],
  ['probe', 'PUB_KEY_ID_01', 'probe'],
] as const)('%s of %s is logged as %s', (reason, serial, named) => {
  expect(describeRejection(reason, withHeaders({ 'wechatpay-serial': serial }))).toBe(named);
  expect(isPublicKeyId(serial)).toBe(serial.startsWith('PUB_KEY_ID_'));
});

test('a rejection without a serial names none', () => {
  expect(describeRejection('serial_unknown', { headers: {}, body: answer.body })).toBe(
    'serial_unknown:',
  );
});
