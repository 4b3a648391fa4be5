import {
  constants,
  createPrivateKey,
  createPublicKey,
  publicEncrypt,
  X509Certificate,
} from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { open } from '../../../shared/gateway/apiV3/crypto/aead.ts';
import { answerMessage } from '../../../shared/gateway/apiV3/crypto/message.ts';
import { verify } from '../../../shared/gateway/apiV3/crypto/sign.ts';
import { dealtKeys } from '../../../tests/support/dealtKeys.ts';
import {
  goodOrder,
  openWeChat,
  type RequestOptions,
  refusalIn,
  type WeChatUnderTest,
} from '../../../tests/support/wechat.ts';
import { openWorld } from '../../world/world.ts';
import { openKeyRing } from './keyRing.ts';

const HOUR_S = 3600;
const inCertificateMode: RequestOptions = { without: 'wechatpay-serial' };

interface Listed {
  serial: string;
  pem: string;
  expires: string;
}

/** The list of certificates, opened as the merchant opens it. */
async function listCertificates(
  { ask, merchant }: WeChatUnderTest,
  as = merchant,
): Promise<Listed[]> {
  const answer = await ask('GET', '/v3/certificates', '', { ...inCertificateMode, as });
  const { data } = (await answer.json()) as {
    data: {
      serial_no: string;
      expire_time: string;
      encrypt_certificate: Record<'nonce' | 'ciphertext' | 'associated_data', string>;
    }[];
  };
  return data.map(({ serial_no: serial, expire_time: expires, encrypt_certificate: sealed }) => {
    const { nonce, ciphertext, associated_data: associatedData } = sealed;
    const opened = open({ nonce, ciphertext, associatedData }, Buffer.from(as.apiV3Key));
    return { serial, expires, pem: String(opened) };
  });
}

/** With which key an answer, or a notice, verifies. */
function signerOf(
  headers: (name: string) => string | null | undefined,
  body: string,
  certificates: readonly Listed[],
): string | undefined {
  const at = headers('Wechatpay-Timestamp') ?? '';
  const nonce = headers('Wechatpay-Nonce') ?? '';
  const message = answerMessage(at, nonce, Buffer.from(body));
  const signature = headers('Wechatpay-Signature') ?? '';
  return certificates.find(
    ({ serial, pem }) =>
      serial === headers('Wechatpay-Serial') &&
      verify(message, signature, new X509Certificate(pem).publicKey),
  )?.serial;
}

async function signerOfAnswer({ ask }: WeChatUnderTest, certificates: readonly Listed[]) {
  const body = JSON.stringify({ echo_message: 'hello' });
  const answer = await ask('POST', '/v3/security/echo', body, inCertificateMode);
  return signerOf((name) => answer.headers.get(name), await answer.text(), certificates);
}

test('the platform’s certificate is listed, sealed under the APIv3 key of the merchant who asks', async () => {
  const world = openWeChat();
  const [only, ...more] = await listCertificates(world);
  expect(more).toEqual([]);
  expect(only?.serial).toBe(world.merchant.platformSerial);
  expect(only?.pem).toBe(world.merchant.platformCertificatePem);
  expect(new X509Certificate(only?.pem ?? '').serialNumber).toBe(only?.serial);
  const other = world.wechat.addMerchant('1900000001');
  expect((await listCertificates(world, other)).map(({ pem }) => pem)).toEqual([only?.pem]);
  expect(await signerOfAnswer(world, [only as Listed])).toBe(only?.serial);
});

test('a second certificate signs from then on; the first is listed for a day more', async () => {
  const world = openWeChat();
  const { platformSerial: old } = world.merchant;
  const { platformSerial: next } = world.wechat.switchPlatform('new_certificate');
  expect(next).not.toBe(old);
  const both = await listCertificates(world);
  expect(both.map(({ serial }) => serial)).toEqual([old, next]);
  expect(both[0]?.expires).toBe('2026-11-25T10:00:00+08:00');
  expect(await signerOfAnswer(world, both)).toBe(next);
  world.wechat.cashier(await world.place({}, inCertificateMode), 'pay');
  await world.advance(0);
  const notice = world.delivered[0];
  expect(signerOf((name) => notice?.headers[name], notice?.body ?? '', both)).toBe(next);
  world.wechat.switchPlatform('old_certificate');
  expect(await signerOfAnswer(world, both)).toBe(old);
  await world.advance(24 * HOUR_S);
  expect((await listCertificates(world)).map(({ serial }) => serial)).toEqual([next]);
  // Whoever was switched back: an expired certificate signs nothing.
  expect(await signerOfAnswer(world, both)).toBe(next);
});

test('in public-key-only mode there is no certificate, and nothing is signed with one', async () => {
  const world = openWeChat();
  world.wechat.switchPlatform('public_key_only');
  const answer = await world.ask('GET', '/v3/certificates');
  expect(await refusalIn(answer)).toMatchObject({ status: 404, code: 'RESOURCE_NOT_EXISTS' });
  const { publicKeyId, publicKeyPem } = world.merchant;
  const echoed = await world.ask(
    'POST',
    '/v3/security/echo',
    JSON.stringify({ echo_message: 'hello' }),
    inCertificateMode,
  );
  expect(echoed.headers.get('wechatpay-serial')).toBe(publicKeyId);
  const message = answerMessage(
    echoed.headers.get('wechatpay-timestamp') ?? '',
    echoed.headers.get('wechatpay-nonce') ?? '',
    Buffer.from(await echoed.text()),
  );
  const signature = echoed.headers.get('wechatpay-signature') ?? '';
  expect(verify(message, signature, createPublicKey(publicKeyPem))).toBe(true);
  world.wechat.switchPlatform('both');
  expect(await listCertificates(world)).toHaveLength(1);
});

test('certificates survive a restart, and a reset leaves the first alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scf-wechatpay-'));
  const first = openWeChat({}, join(folder, 'data.db'));
  const { platformSerial: next } = first.wechat.switchPlatform('new_certificate');
  first.world.data.close();
  const second = openWeChat({}, join(folder, 'data.db'));
  expect(second.merchant.platformSerial).toBe(next);
  expect(await listCertificates(second)).toHaveLength(2);
  second.wechat.switchPlatform('public_key_only');
  second.wechat.reset();
  const [only, ...more] = await listCertificates(second);
  expect([only?.serial, more]).toEqual([first.merchant.platformSerial, []]);
  expect(only?.expires).toMatch(/^2200/);
  second.world.data.close();
  rmSync(folder, { recursive: true });
});

test('keys of a data file from before there were two certificates are taken over', () => {
  const world = openWorld({
    rsaKey: dealtKeys(),
    file: ':memory:',
    realMs: () => 0,
    chance: () => 0,
    waitMs: async () => {},
    randomBytes: (count) => Buffer.alloc(count, 1),
  });
  const { wechat } = openWeChat();
  const { privateKeyPem } = wechat.merchant();
  const older = { merchants: [], foreign: privateKeyPem };
  const table = world.data.table<unknown>('wechatpay_keys');
  table.put('keys', { ...older, publicKey: privateKeyPem, certificateKey: privateKeyPem });
  const { publicKeyPem } = openKeyRing(world, '1900000109').platform();
  const expected = createPublicKey(createPrivateKey(privateKeyPem));
  expect(createPublicKey(publicKeyPem).equals(expected)).toBe(true);
  const again = openKeyRing(world, '1900000109').platform();
  expect(again.publicKeyPem).toBe(publicKeyPem);
});

const secret = (text: string, pem: string) =>
  publicEncrypt(
    { key: pem, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
    Buffer.from(text),
  ).toString('base64');

test.each<[string, (world: WeChatUnderTest) => object, number]>([
  ['a message', () => ({ echo_message: '你好' }), 200],
  ['no message', () => ({}), 400],
  ['another field', () => ({ echo_message: 'x', message: 'x' }), 400],
  [
    'a secret under the public key',
    ({ merchant }) => ({
      echo_message: '你好',
      encrypted_echo_message: secret('hush', merchant.publicKeyPem),
    }),
    200,
  ],
  [
    'a secret under the certificate, signed with the public key',
    ({ merchant }) => ({
      echo_message: '你好',
      encrypted_echo_message: secret('hush', merchant.platformCertificatePem),
    }),
    400,
  ],
  ['an open secret', () => ({ echo_message: '你好', encrypted_echo_message: 'hush' }), 400],
])('echo of %s', async (_what, body, status) => {
  const world = openWeChat();
  const answer = await world.ask('POST', '/v3/security/echo', JSON.stringify(body(world)));
  expect(answer.status).toBe(status);
  if (status === 200) expect(await answer.json()).toEqual({ echo_message: '你好' });
});

test('an echo has no effect, and a wrong signature no echo', async () => {
  const world = openWeChat();
  const body = JSON.stringify({ echo_message: goodOrder.description });
  const answer = await world.ask('POST', '/v3/security/echo', body, {
    as: { ...world.merchant, serialNo: 'AB' },
  });
  expect(await refusalIn(answer)).toMatchObject({ status: 401, code: 'SIGN_ERROR' });
  expect(world.wechat.orders()).toEqual([]);
});
