import { createPublicKey, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { answerMessage } from '../../shared/gateway/apiV3/crypto/message.ts';
import { verify } from '../../shared/gateway/apiV3/crypto/sign.ts';
import {
  beganAt,
  goodOrder,
  openWeChat,
  type RequestOptions,
  refusalIn,
  signedRequest,
} from '../../tests/support/wechat.ts';
import { ConnectionReset } from '../world/connectionReset.ts';

const jsapi = '/v3/pay/transactions/jsapi';
const body = JSON.stringify(goodOrder);
const shared = openWeChat();

const isSigned = async (answer: Response, pem: string) => {
  const header = (name: string) => answer.headers.get(name) ?? '';
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const message = answerMessage(header('wechatpay-timestamp'), header('wechatpay-nonce'), bytes);
  return verify(message, header('wechatpay-signature'), createPublicKey(pem));
};

test.each<[string, RequestOptions, number, string]>([
  ['without Accept', { without: 'accept' }, 400, 'INVALID_REQUEST'],
  ['without Authorization', { without: 'authorization' }, 401, 'SIGN_ERROR'],
  ['of another scheme', { headers: { authorization: 'Basic x' } }, 401, 'SIGN_ERROR'],
  ['signed 6 minutes ago', { signedAtMs: beganAt - 360_000 }, 401, 'SIGN_ERROR'],
  ['signed 6 minutes ahead', { signedAtMs: beganAt + 360_000 }, 401, 'SIGN_ERROR'],
  ['of an unknown serial', { as: { ...shared.merchant, serialNo: 'AB' } }, 401, 'SIGN_ERROR'],
  [
    'signed by another key',
    {
      as: {
        ...shared.merchant,
        privateKeyPem: shared.wechat.addMerchant('1900000001').privateKeyPem,
      },
    },
    401,
    'SIGN_ERROR',
  ],
  ['of another merchant', { as: shared.wechat.addMerchant('1900000002') }, 401, 'SIGN_ERROR'],
])('a request %s is refused, unsigned', async (_what, how, status, code) => {
  const answer = await shared.ask('POST', jsapi, body, how);
  expect(answer.headers.get('wechatpay-signature')).toBeNull();
  // As it was seen: a 401 of orders has none.
  const requestId = answer.headers.get('request-id');
  if (status === 401) expect(requestId).toBeNull();
  else expect(requestId).toMatch(/^08[0-9A-F]+-\d+$/);
  expect(await refusalIn(answer)).toMatchObject({ status, code });
});

test('the refusal of a signature over other bytes shows which text WeChat saw', async () => {
  const good = signedRequest(shared, { method: 'POST', path: jsapi, body });
  const changed = new Request(good.url, {
    method: 'POST',
    headers: good.headers,
    body: `${body} `,
  });
  expect(await (await shared.wechat.handle(changed)).json()).toMatchObject({
    code: 'SIGN_ERROR',
    detail: { sign_information: { truncated_sign_message: expect.stringMatching(/^POST\n/) } },
  });
});

test('answers are signed with the public key where it is asked for, else with the certificate', async () => {
  const { ask, merchant, place } = openWeChat();
  await place();
  const path = `/v3/pay/transactions/out-trade-no/WECHAT0001?mchid=${merchant.mchid}`;
  const modern = await ask('GET', path);
  expect(modern.headers.get('wechatpay-serial')).toBe(merchant.publicKeyId);
  expect(await isSigned(modern, merchant.publicKeyPem)).toBe(true);
  const older = await ask('GET', path, '', { without: 'wechatpay-serial' });
  expect(older.headers.get('wechatpay-serial')).toBe(merchant.platformSerial);
  const certificate = new X509Certificate(merchant.platformCertificatePem);
  expect(certificate.serialNumber).toBe(merchant.platformSerial);
  const pem = certificate.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  expect(await isSigned(older, pem)).toBe(true);
});

test('signatures count in real and in virtual time, so that outside clients work too', async () => {
  const { ask, place, advance } = openWeChat();
  await place();
  await advance(3600);
  const path = '/v3/pay/transactions/out-trade-no/WECHAT0001?mchid=1900000109';
  expect((await ask('GET', path, '', { signedAtMs: beganAt })).status).toBe(200);
  expect((await ask('GET', path, '', { signedAtMs: beganAt + 3_600_000 })).status).toBe(200);
  expect((await ask('GET', path, '', { signedAtMs: beganAt + 1_800_000 })).status).toBe(401);
});

test('a 401 elsewhere has its Request-ID', async () => {
  const answer = await shared.ask('GET', '/v3/certificates', '', { without: 'authorization' });
  expect(answer.headers.get('request-id')).toMatch(/^08[0-9A-F]+-\d+$/);
});

test.each([
  ['POST', jsapi, 200],
  ['GET', '/v3/certificates', 400],
  ['POST', '/v3/refund/domestic/refunds', 400],
  ['GET', '/v3/refund/domestic/refunds/REFUND1', 400],
] as const)('%s %s without User-Agent: %d', async (method, path, status) => {
  const { ask } = openWeChat();
  expect((await ask(method, path, body, { without: 'user-agent' })).status).toBe(status);
});

test.each([
  ['GET', '/v3/pay/transactions/out-trade-no/', 404],
  ['GET', '/v3/pay/transaction/out-trade-no/WECHAT0001?mchid=1900000109', 404],
  ['GET', '/v3/refund/domestic/refund/REFUND1', 404],
  ['GET', jsapi, 405],
  ['POST', '/v3/refund/domestic/refunds/REFUND1', 405],
] as const)('%s %s has an empty %d, whoever asks', async (method, path, status) => {
  const answer = await shared.ask(method, path, body, { without: 'authorization' });
  expect([answer.status, await answer.text()]).toEqual([status, '']);
});

test.each([
  ['GET', '/v3/pay/transactions/out-trade-no/SHORT?mchid=1900000109', 'SHORT', 'out_trade_no'],
  ['POST', '/v3/pay/transactions/out-trade-no/SHORT/close', 'SHORT', 'out_trade_no'],
] as const)('%s %s: what the path names is too short', async (method, path, value, field) => {
  const closing = method === 'POST' ? '{"mchid":"1900000109"}' : '';
  const answer = await shared.ask(method, path, closing);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toEqual({
    code: 'PARAM_ERROR',
    message: expect.stringContaining(`/uri_template/${field}`),
    detail: { location: 'uri_template', value },
  });
});

test.each([
  ['GET', '/v3/pay/transactions/out-trade-no/WECHAT0001?mchid=1900000109&a=1', '', 'query', ['a']],
  ['POST', `${jsapi}?mchid=1900000109`, body, 'query', ['mchid']],
  ['GET', '/v3/refund/domestic/refunds/REFUND1?mchid=1900000109', '', 'query', ['mchid']],
  ['GET', '/v3/bill/tradebill?bill_date=2026-11-23&page=1', '', 'query', ['page']],
  [
    'POST',
    '/v3/pay/transactions/out-trade-no/WECHAT0001/close',
    '{"mchid":"1900000109","x":1,"y":2}',
    'body',
    ['x', 'y'],
  ],
  ['POST', '/v3/security/echo', '{"echo_message":"a","b":1}', 'body', ['b']],
] as const)(
  '%s %s %s: parameters beyond the page are refused',
  async (...[method, path, sent, location, value]) => {
    const answer = await shared.ask(method, path, sent);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({
      code: 'PARAM_ERROR',
      message: '请求中含有未在API文档中定义的参数',
      detail: { location, value },
    });
  },
);

test('a refusal of what does not exist has an empty list for its detail', async () => {
  const path = '/v3/refund/domestic/refunds/NOBODY';
  const answer = await shared.ask('GET', path);
  expect(await answer.json()).toEqual({
    code: 'RESOURCE_NOT_EXISTS',
    message: expect.any(String),
    detail: [],
  });
});

test.each([
  ['OPENID_MISMATCH', 500],
  ['INVALID_TRANSACTIONID', 500],
  ['BANKERROR', 500],
  ['USERPAYING', 202],
] as const)('%s comes with %d', async (code, status) => {
  const { ask, world } = openWeChat();
  world.faults.set([{ at: 'wechatpay.jsapi', kind: 'error', code }]);
  expect(await refusalIn(await ask('POST', jsapi, body))).toMatchObject({ status, code });
});

test.each([
  ['HTTP_202', 202, ''],
  ['HTTP_404', 404, ''],
  ['HTTP_502', 502, 'text/html'],
  ['HTTP_504', 504, 'text/html'],
] as const)('%s is an answer without a word of WeChat Pay’s', async (code, status, type) => {
  const { ask, world, wechat } = openWeChat();
  world.faults.set([{ at: 'wechatpay.jsapi', kind: 'error', code }]);
  const answer = await ask('POST', jsapi, body);
  expect([answer.status, answer.headers.get('content-type') ?? '']).toEqual([status, type]);
  expect(wechat.truth('WECHAT0001')).toBeUndefined();
});

test.each([
  [undefined, 500],
  ['BANKERROR', 500],
  ['HTTP_502', 502],
  ['HTTP_202', 202],
] as const)('fault error_after %s: %d, and all was done', async (code, status) => {
  const { ask, world, wechat } = openWeChat();
  const fault = { at: 'wechatpay.jsapi', kind: 'error_after', times: 1 } as const;
  world.faults.set([code === undefined ? fault : { ...fault, code }]);
  expect((await ask('POST', jsapi, body)).status).toBe(status);
  expect(wechat.truth('WECHAT0001')).toMatchObject({ trade_state: 'NOTPAY' });
});

test.each([
  ['error', 'NOT_A_WORD'],
  ['error', 'LACK_PARAMS'],
  ['error_after', 'NO_AUTH'],
] as const)('a fault %s %s is an error by its name, never another fault', async (kind, code) => {
  const { ask, world } = openWeChat();
  world.faults.set([{ at: 'wechatpay.jsapi', kind, code }]);
  await expect(ask('POST', jsapi, body)).rejects.toThrow(code);
});

test('a probe is the true answer under a signature that is wrong on purpose', async () => {
  const { ask, world, merchant, place } = openWeChat();
  await place();
  world.faults.set([{ at: 'wechatpay.query', kind: 'probe', times: 1 }]);
  const path = '/v3/pay/transactions/out-trade-no/WECHAT0001?mchid=1900000109';
  const probe = await ask('GET', path);
  expect(probe.headers.get('wechatpay-signature')).toMatch(/^WECHATPAY\/SIGNTEST\//);
  expect(await probe.json()).toMatchObject({ trade_state: 'NOTPAY' });
  expect(await isSigned(await ask('GET', path), merchant.publicKeyPem)).toBe(true);
});

test('with the switch on every fifth answer is a probe, until a reset', async () => {
  const { ask, wechat, place } = openWeChat();
  wechat.switches({ answerProbes: true });
  await place();
  const path = '/v3/pay/transactions/out-trade-no/WECHAT0001?mchid=1900000109';
  const probesAmong = async (count: number) => {
    const signatures: string[] = [];
    for (let i = 0; i < count; i += 1) {
      signatures.push((await ask('GET', path)).headers.get('wechatpay-signature') ?? '');
    }
    return signatures.filter((one) => one.startsWith('WECHATPAY/SIGNTEST/')).length;
  };
  expect(await probesAmong(9)).toBe(2);
  wechat.reset();
  await place();
  expect(await probesAmong(9)).toBe(0);
});

test.each([
  ['error', undefined, 500, 'SYSTEM_ERROR'],
  ['error', 'NO_AUTH', 403, 'NO_AUTH'],
  ['error', 'PARAM_ERROR', 400, 'PARAM_ERROR'],
  ['throttled', undefined, 429, 'FREQUENCY_LIMITED'],
] as const)('fault %s %s: %d, and nothing is placed', async (kind, code, status, answered) => {
  const { ask, world, wechat } = openWeChat();
  world.faults.set([{ at: 'wechatpay.jsapi', kind, times: 1, ...(code ? { code } : {}) }]);
  expect(await refusalIn(await ask('POST', jsapi, body))).toMatchObject({ status, code: answered });
  expect(wechat.truth('WECHAT0001')).toBeUndefined();
  expect((await ask('POST', jsapi, body)).status).toBe(200);
});

test('a lost request did nothing, a lost answer did everything', async () => {
  const { ask, world, wechat } = openWeChat();
  world.faults.set([{ at: 'wechatpay.jsapi', kind: 'lost_request', times: 1 }]);
  await expect(ask('POST', jsapi, body)).rejects.toMatchObject({ acted: false });
  expect(wechat.truth('WECHAT0001')).toBeUndefined();
  world.faults.set([{ at: 'wechatpay.jsapi', kind: 'lost_answer', times: 1 }]);
  await expect(ask('POST', jsapi, body)).rejects.toThrow(ConnectionReset);
  expect(wechat.truth('WECHAT0001')).toMatchObject({ trade_state: 'NOTPAY' });
});

test.each([
  ['forged', undefined, false],
  ['mutated', undefined, false],
  ['mutated', 'NOT_JSON', true],
  ['mutated', 'HUGE', true],
  ['mutated', 'UNKNOWN_STATE', true],
] as const)('an answer %s %s: signed for good is %s', async (kind, code, good) => {
  const { ask, world, merchant, place } = openWeChat();
  await place();
  world.faults.set([{ at: 'wechatpay.query', kind, ...(code ? { code } : {}) }]);
  const path = '/v3/pay/transactions/out-trade-no/WECHAT0001?mchid=1900000109';
  expect(await isSigned(await ask('GET', path), merchant.publicKeyPem)).toBe(good);
});

test('more requests in a second than are let in answer FREQUENCY_LIMITED', async () => {
  const { ask } = openWeChat({ ratePerSecond: 2 });
  const path = '/v3/pay/transactions/out-trade-no/NOBODY0001?mchid=1900000109';
  const all = await Promise.all([1, 2, 3].map(() => ask('GET', path)));
  expect(all.map(({ status }) => status)).toEqual([404, 404, 429]);
});
