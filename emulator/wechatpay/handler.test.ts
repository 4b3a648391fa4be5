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
  ['without User-Agent', { without: 'user-agent' }, 400, 'INVALID_REQUEST'],
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
  expect(answer.headers.get('request-id')).toMatch(/^08[0-9A-F]+-\d+$/);
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
