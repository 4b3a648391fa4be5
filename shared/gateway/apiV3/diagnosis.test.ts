import { expect, test } from 'vitest';
import errors from '../../../tests/vectors/errors.json' with { type: 'json' };
import type { HttpAnswer } from '../../ports/transport.ts';
import { explainError, isKeyPairRefused } from './diagnosis.ts';
import { readApiError } from './wire/errors.ts';

const now = new Date('2026-11-24T09:07:12Z');
const signedText = 'GET\n/v3/certificates\n1795511232\nN\n\n';

function cause(status: number, body: object, more: { date?: Date; text?: string } = {}) {
  const date = more.date?.toUTCString();
  const headers = (date === undefined ? {} : { date }) as Record<string, string>;
  const answer: HttpAnswer = { status, headers, body: Buffer.from(JSON.stringify(body)) };
  return explainError(readApiError(answer, 'order'), answer, {
    signedText: more.text ?? signedText,
    now,
  });
}
const seen = (truncated_sign_message: unknown) => ({
  code: 'SIGN_ERROR',
  message: '错误的签名, 验签失败',
  detail: { field: 'signature', sign_information: { truncated_sign_message } },
});
const minutes = (count: number) => new Date(now.getTime() + count * 60_000);

test.each<[string, string, number, object, Parameters<typeof cause>[2]]>([
  [
    'SERIAL_NO_UNKNOWN',
    'serialNo',
    401,
    { code: 'SIGN_ERROR', message: '商户证书序列号有误。' },
    {},
  ],
  [
    'CERTIFICATE_OUT_OF_USE',
    'serialNo',
    401,
    { code: 'SIGN_ERROR', message: '商户证书已作废。' },
    {},
  ],
  ['CERTIFICATE_OUT_OF_USE', 'serialNo', 403, { code: 'NO_AUTH', message: '商户证书已过期。' }, {}],
  ['PRIVATE_KEY_NOT_OF_SERIAL', 'privateKey', 401, seen(signedText), {}],
  ['PRIVATE_KEY_NOT_OF_SERIAL', 'privateKey', 401, seen(signedText.slice(0, 20)), {}],
  ['SIGNED_TEXT_CHANGED', 'apiUrl', 401, seen(signedText.replace('/v3', '/proxy/v3')), {}],
  [
    'CLOCK_OFF',
    'clock',
    400,
    {
      code: 'INVALID_REQUEST',
      message: 'Http头Authorization中的timestamp与发起请求的时间不得超过5分钟',
    },
    {},
  ],
  ['CLOCK_OFF', 'clock', 401, { code: 'SIGN_ERROR', message: '签名错误' }, { date: minutes(6) }],
  ['CLOCK_OFF', 'clock', 401, { code: 'SIGN_ERROR', message: '签名错误' }, { date: minutes(-6) }],
])('%s, to be repaired at %s: %d %o', (code, input, status, body, more) => {
  const error = cause(status, body, more);
  expect(error.cause).toMatchObject({ name: 'KeyError', code, input });
  // WeChat's word stays the code, and what it wrote stays in the message.
  expect(error.code).toBe((body as { code: string }).code);
  expect(error.message).toContain((body as { message: string }).message.slice(0, 4));
  expect(error).toMatchObject({ retry: 'never', isOurs: true });
});

test('how far the clock is off is in the message', () => {
  const body = { code: 'SIGN_ERROR', message: '签名错误' };
  expect(cause(401, body, { date: minutes(-10) }).message).toContain('+600');
  expect(cause(401, body, { date: minutes(10) }).message).toContain('-600');
});

test.each<[number, object, Parameters<typeof cause>[2]]>([
  [401, { code: 'SIGN_ERROR', message: '签名错误，请检查后再试' }, {}],
  [401, { code: 'SIGN_ERROR', message: '签名错误' }, { date: minutes(4) }],
  [401, seen(''), {}],
  [401, seen(1), {}],
  [400, { code: 'PARAM_ERROR', message: '参数 timestamp 有误' }, {}],
  [403, { code: 'NO_AUTH', message: '无权限' }, { date: minutes(60) }],
  [401, { code: 'SIGN_ERROR', message: '平台证书序列号Wechatpay-Serial错误' }, {}],
])('where the answer does not tell, nothing is made up: %d %o', (status, body, more) => {
  const error = cause(status, body, more);
  expect([error.cause, error.isOurs]).toEqual([undefined, undefined]);
});

test('the real refusal of the vectors, flat and one deeper', () => {
  const { input } = errors.vectors.find(({ id }) => id === 'v3-sign-error-detail-flat')!;
  const body = JSON.parse(input.body);
  const text = body.detail.sign_information.truncated_sign_message as string;
  const deeper = { ...body, detail: { detail: body.detail } };
  for (const each of [body, deeper]) {
    expect(cause(401, each, { text }).cause).toMatchObject({ code: 'PRIVATE_KEY_NOT_OF_SERIAL' });
    expect(cause(401, each).cause).toMatchObject({ code: 'SIGNED_TEXT_CHANGED' });
  }
});

test.each([
  [true, { code: 'SIGN_ERROR', message: '签名错误' }],
  [true, { code: 'SIGN_ERROR', message: '商户证书已作废。' }],
  [true, seen(signedText)],
  [false, seen('POST\n')],
  [false, { code: 'NO_AUTH', message: '无权限' }],
])('another merchant certificate may do better: %s, %o', (may, body) => {
  expect(isKeyPairRefused(cause(401, body))).toBe(may);
});
