import { describe, expect, test } from 'vitest';
import {
  keys as firstKeys,
  keysOptions,
  next,
  type Scripted,
  scripted,
  signedAnswer,
} from '../../../tests/support/wechatSide.ts';
import type { HttpAnswer } from '../../ports/transport.ts';
import { createHosts } from './hosts.ts';
import { createKeys } from './keys/keys.ts';
import { type ApiCall, send } from './request.ts';

const now = new Date('2026-11-24T09:07:12Z');
const API = 'https://api.mch.weixin.qq.com';
const API2 = 'https://api2.mch.weixin.qq.com';

/** A line whose every exchange takes `tookMs`. */
function open(script: Scripted[], { apiUrl = API, keys = firstKeys, tookMs = 0 } = {}) {
  const transport = scripted(...script);
  let atMs = now.getTime();
  let drawn = 0;
  const context = {
    keys,
    transport: Object.assign(
      (request: Parameters<typeof transport>[0]) => {
        atMs += tookMs;
        return transport(request);
      },
      { sent: transport.sent },
    ),
    now: () => new Date(atMs),
    randomBytes: (count: number) => new Uint8Array(count).fill(drawn++),
    hosts: createHosts(apiUrl),
  };
  return { context, sent: transport.sent };
}

const place: ApiCall = {
  operation: 'order',
  path: '/v3/pay/transactions/jsapi',
  body: '{"out_trade_no":"T1"}',
  timeoutMs: 3_000,
};
const query: ApiCall = { operation: 'query', path: '/v3/x?mchid=1', timeoutMs: 3_000 };
const good = signedAnswer(200, '{}', now);
const broken = (code: string) => Object.assign(new Error(code), { code });
const refused = (status: number, code: string, message = '', more: object = {}): HttpAnswer => ({
  status,
  headers: {},
  body: Buffer.from(JSON.stringify({ code, message, ...more })),
});
const html = (status: number): HttpAnswer => ({ status, headers: {}, body: Buffer.from('<html>') });

describe('the other address is used once, with the same bytes and a new signature', () => {
  test.each<[string, ApiCall, Scripted]>([
    ['nothing was sent', place, broken('ECONNREFUSED')],
    ['the name is not found', place, broken('ENOTFOUND')],
    ['a query that ended in 500', query, refused(500, 'SYSTEM_ERROR')],
    ['a query that ended in 503', query, refused(503, 'SERVICE_UNAVAILABLE')],
    ['a query that a gateway answered with 502', query, html(502)],
    ['a query whose answer was lost', query, broken('ECONNRESET')],
    ['a query that ended in 504', query, html(504)],
  ])('%s', async (_, call, failure) => {
    const { context, sent } = open([failure, good]);
    expect(await send(context, call)).toBe(good);
    expect(sent.map(({ url }) => url)).toEqual([API + call.path, API2 + call.path]);
    expect(sent[1]?.body).toBe(sent[0]?.body);
    expect(sent[1]?.headers.Authorization).not.toBe(sent[0]?.headers.Authorization);
  });

  test('and stays in use while it works', async () => {
    const { context, sent } = open([broken('ECONNREFUSED'), good, good]);
    await send(context, place);
    await send(context, place);
    expect(sent.map(({ url }) => new URL(url).origin)).toEqual([API, API2, API2]);
  });
});

describe('an order whose answer was lost may have been placed: nobody repeats it but the caller', () => {
  test.each<[string, Scripted]>([
    ['reset', broken('ECONNRESET')],
    ['timed out', broken('ETIMEDOUT')],
    ['504', html(504)],
    ['502 without a code', html(502)],
    ['503 without a code', html(503)],
    ['SYSTEM_ERROR', refused(500, 'SYSTEM_ERROR')],
    ['a 500 with a new code', refused(500, 'BRAND_NEW')],
  ])('%s; the caller’s repeat goes to the other address', async (_, failure) => {
    const { context, sent } = open([failure, good]);
    await expect(send(context, place)).rejects.toMatchObject({ name: 'GatewayError' });
    expect(sent).toHaveLength(1);
    await send(context, place);
    expect(sent[1]?.url).toBe(API2 + place.path);
    expect(sent[1]?.body).toBe(place.body);
  });
});

test.each<[string, Partial<ApiCall>, string | undefined]>([
  ['the public key that answers are to be signed with', {}, keysOptions.publicKey.id],
  ['the key that fields are encrypted with, where there are any', { encryptedFor: 'AB12' }, 'AB12'],
])('a request names %s', async (_what, more, serial) => {
  const { context, sent } = open([good]);
  await send(context, { ...place, ...more });
  expect(sent[0]?.headers['Wechatpay-Serial']).toBe(serial);
});

test('in certificate mode a request names a key only for what is encrypted', async () => {
  const { publicKey: _none, ...withoutKey } = keysOptions;
  const keys = createKeys({ ...withoutKey, downloads: true });
  const { context, sent } = open([good, good], { keys });
  await send(context, place);
  await send(context, { ...place, encryptedFor: 'AB12' });
  const named = sent.map(({ headers }) => headers['Wechatpay-Serial']);
  expect(named).toEqual([undefined, 'AB12']);
});

describe('no repeat', () => {
  test.each<[string, Scripted, string]>([
    ['after a refusal', refused(400, 'PARAM_ERROR'), 'PARAM_ERROR'],
    ['when too fast', refused(429, 'FREQUENCY_LIMITED'), 'FREQUENCY_LIMITED'],
    ['after a 202', refused(202, 'USER_PAYING'), 'USER_PAYING'],
    ['of an answer that is too large', broken('ETOOBIG'), 'ANSWER_TOO_LARGE'],
  ])('%s', async (_, failure, code) => {
    const { context, sent } = open([failure]);
    await expect(send(context, query)).rejects.toMatchObject({ code });
    expect(sent).toHaveLength(1);
  });

  test('to any other address than WeChat’s own', async () => {
    const { context, sent } = open([broken('ECONNREFUSED')], { apiUrl: 'http://127.0.0.1:7100' });
    await expect(send(context, place)).rejects.toMatchObject({ code: 'WECHAT_UNREACHABLE' });
    expect(sent).toHaveLength(1);
  });

  test.each([
    [2_000, 2, [3_000, 1_000]],
    [2_900, 1, [3_000]],
  ])('beyond the time: each takes %d ms of 3000, %d sent', async (tookMs, count, timeouts) => {
    const { context, sent } = open([broken('ENOTSENT'), broken('ENOTSENT')], { tookMs });
    await expect(send(context, place)).rejects.toMatchObject({ code: 'WECHAT_UNREACHABLE' });
    expect(sent.map(({ timeoutMs }) => timeoutMs)).toEqual(timeouts);
    expect(sent).toHaveLength(count);
  });
});

test.each<[string, Scripted, Scripted, string, string]>([
  [
    'that nothing was sent',
    broken('ENOTFOUND'),
    broken('ECONNREFUSED'),
    'WECHAT_UNREACHABLE',
    'same_request',
  ],
  [
    'what may have acted',
    broken('ECONNREFUSED'),
    broken('ECONNRESET'),
    'ANSWER_LOST',
    'query_first',
  ],
  ['a refusal', broken('ECONNREFUSED'), refused(403, 'NO_AUTH'), 'NO_AUTH', 'never'],
])('when both addresses fail, %s is reported', async (_, one, other, code, retry) => {
  const { context } = open([one, other]);
  await expect(send(context, place)).rejects.toMatchObject({ code, retry });
});

describe('the next merchant certificate', () => {
  const both = () => createKeys({ ...keysOptions, next });
  const serials = (sent: { headers: Record<string, string> }[]) =>
    sent.map(({ headers }) => /serial_no="(\w+)"/.exec(headers.Authorization ?? '')?.[1]);
  const refusals: [string, HttpAnswer][] = [
    [
      'unknown serial',
      refused(401, 'SIGN_ERROR', '商户证书序列号有误。请使用签名私钥匹配的证书序列号'),
    ],
    ['revoked', refused(401, 'SIGN_ERROR', '商户证书已作废。')],
    ['expired', refused(403, 'NO_AUTH', '商户证书已过期')],
    ['replaced', refused(400, 'INVALID_REQUEST', '已更换证书，请使用新证书')],
    ['a signature that does not fit', refused(401, 'SIGN_ERROR', '签名错误，请检查后再试')],
  ];

  test.each(refusals)('%s: the same bytes, signed with the next pair', async (_, refusal) => {
    const keys = both();
    const { context, sent } = open([refusal, good, good], { keys });
    expect(await send(context, place)).toBe(good);
    expect(serials(sent)).toEqual([keysOptions.serialNo, next.serialNo]);
    expect(sent[1]).toMatchObject({ url: sent[0]?.url, body: place.body });
    await send(context, place);
    expect(serials(sent).at(-1), 'the pair that was taken stays').toBe(next.serialNo);
  });

  test.each(refusals)('%s: without a next pair it is reported', async (_, refusal) => {
    const { context, sent } = open([refusal]);
    await expect(send(context, place)).rejects.toMatchObject({ retry: 'never' });
    expect(sent).toHaveLength(1);
  });

  test('refused with both, each once, the first is reported and the first signs again', async () => {
    const keys = both();
    const { context, sent } = open([refusals[1]![1], refusals[0]![1]], { keys });
    await expect(send(context, place)).rejects.toMatchObject({
      code: 'SIGN_ERROR',
      cause: { code: 'CERTIFICATE_OUT_OF_USE' },
    });
    expect(sent).toHaveLength(2);
    expect(keys.serialNo).toBe(keysOptions.serialNo);
  });

  test.each<[string, HttpAnswer]>([
    [
      'the clock',
      refused(401, 'SIGN_ERROR', 'Http头Authorization中的timestamp与发起请求的时间不得超过5分钟'),
    ],
    ['anything else', refused(403, 'RULE_LIMIT', '业务规则限制')],
  ])('%s is no matter of the pair', async (_, refusal) => {
    const keys = both();
    const { context, sent } = open([refusal], { keys });
    await expect(send(context, place)).rejects.toMatchObject({ retry: 'never' });
    expect(sent).toHaveLength(1);
    expect(keys.serialNo).toBe(keysOptions.serialNo);
  });

  test('an address that is down and a certificate that is revoked, in one call', async () => {
    const script = [broken('ECONNREFUSED'), refusals[1]![1], good];
    const { context, sent } = open(script, { keys: both() });
    expect(await send(context, place)).toBe(good);
    expect(new Set(sent.map(({ body }) => body))).toEqual(new Set([place.body]));
    expect(serials(sent)).toEqual([keysOptions.serialNo, keysOptions.serialNo, next.serialNo]);
  });

  test('two calls that are refused together both get through', async () => {
    const bySerial = ({ headers }: { headers: Record<string, string> }) =>
      headers.Authorization?.includes(next.serialNo) ? good : refusals[1]![1];
    const { context } = open([bySerial, bySerial, bySerial, bySerial], { keys: both() });
    expect(await Promise.all([send(context, place), send(context, place)])).toEqual([good, good]);
  });
});
