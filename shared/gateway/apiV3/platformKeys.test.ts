import { describe, expect, test } from 'vitest';
import { selfSigned } from '../../../emulator/wechatpay/keys/certificate.ts';
import {
  certificateList,
  keysOptions,
  merchantPair,
  paidOrder,
  platform,
  platformPair,
  type Scripted,
  scripted,
  signedAnswer,
  signedNotification,
  signers,
  termsAt,
} from '../../../tests/support/wechatSide.ts';
import { beginOrder } from '../../domain/order/order.ts';
import type { CallWatch } from '../../ports/gateway.ts';
import type { HttpRequest } from '../../ports/transport.ts';
import { createApiV3, createApiV3For } from './client.ts';
import { createHosts } from './hosts.ts';
import { createKeys, type KeysOptions } from './keys/keys.ts';
import { createNotificationVerifier } from './notification.ts';
import { createPlatformKeys } from './platformKeys.ts';

const START = new Date('2026-11-24T09:07:12Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const { publicKey, ...withoutKeys } = keysOptions;
const downloading: KeysOptions = { ...withoutKeys, downloads: true };
const CERTIFICATES = 'https://api.mch.weixin.qq.com/v3/certificates';

/** One instance at a clock that we move: its gateway, its verifier, what it sent. */
function open(keysGiven: KeysOptions, ...script: Scripted[]) {
  const transport = scripted(...script);
  let now = START;
  let drawn = 0;
  const context = {
    keys: createKeys(keysGiven),
    transport,
    now: () => now,
    randomBytes: (count: number) => new Uint8Array(count).fill(drawn++),
    hosts: createHosts('https://api.mch.weixin.qq.com'),
  };
  const platformKeys = createPlatformKeys(context);
  const gatewayFor = createApiV3For({
    ...context,
    apiUrl: 'https://api.mch.weixin.qq.com',
    notifyUrl: 'https://shop.example/pay/notify',
    refundNotifyUrl: 'https://shop.example/refund/notify',
  });
  const verifierFor = (watch?: CallWatch) =>
    createNotificationVerifier(context.keys, platformKeys, undefined, watch);
  return {
    platformKeys,
    gatewayFor,
    gateway: gatewayFor(),
    verifierFor,
    verify: verifierFor(),
    sent: transport.sent,
    downloads: () => transport.sent.filter(({ url }) => url === CERTIFICATES).length,
    advance: (ms: number) => {
      now = new Date(now.getTime() + ms);
    },
    now: () => now,
  };
}

const terms = termsAt(START);
const order = beginOrder(terms, '{}');
const paid = (at: Date, by = signers.certificate) =>
  signedAnswer(200, JSON.stringify(paidOrder), at, by);
const refused = (status: number, code: string, message: string): Scripted => ({
  status,
  headers: {},
  body: Buffer.from(JSON.stringify({ code, message })),
});
const broken = Object.assign(new Error('x'), { code: 'ECONNREFUSED' });

describe('without a key of WeChat the certificates are downloaded first', () => {
  test('one list, and then everything is verified with it', async () => {
    const { gateway, sent } = open(downloading, certificateList(START), paid(START), paid(START));
    expect(await gateway.queryOrder(order, 3_000)).toMatchObject({ kind: 'paid' });
    expect(await gateway.queryOrder(order, 3_000)).toMatchObject({ kind: 'paid' });
    expect(sent.map(({ url }) => new URL(url).pathname.split('/')[2])).toEqual([
      'certificates',
      'pay',
      'pay',
    ]);
    expect(sent[0]).toMatchObject({ method: 'GET' });
    expect(sent[0]).not.toHaveProperty('body');
  });

  test('two calls that come together share it', async () => {
    const { gateway, downloads } = open(
      downloading,
      certificateList(START),
      paid(START),
      paid(START),
    );
    await Promise.all([gateway.queryOrder(order, 3_000), gateway.queryOrder(order, 3_000)]);
    expect(downloads()).toBe(1);
  });

  const merchantCertificate = selfSigned(merchantPair.privateKey, {
    o: 'x',
    cn: keysOptions.mchid,
  });
  const list = certificateList(START);
  const othersKey = 'AES256Key-32Characters1234567891';
  const forged = { serial: platform.serial, key: merchantPair.privateKey };

  test.each<[string, string, Scripted]>([
    ['API_V3_KEY_WRONG', '不是该商户号当前的', certificateList(START, { apiV3Key: othersKey })],
    ['PLATFORM_CERT_NONE', '微信支付公钥', refused(404, 'RESOURCE_NOT_EXISTS', '无可用的平台证书')],
    ['ANSWER_UNVERIFIED', 'signature', certificateList(START, { by: forged })],
    ['ANSWER_UNVERIFIED', 'header_missing', { ...list, headers: {} }],
    ['ANSWER_UNVERIFIED', 'timestamp_window', certificateList(new Date(START.getTime() - HOUR_MS))],
    ['ANSWER_UNVERIFIED', 'serial_unknown', signedAnswer(200, '{"data":[]}', START)],
    ['ANSWER_MALFORMED', 'data', signedAnswer(200, '{}', START)],
    ['ANSWER_MALFORMED', 'data', signedAnswer(200, JSON.stringify({ data: Array(17) }), START)],
    [
      'ANSWER_MALFORMED',
      'CERTIFICATE_IS_MERCHANTS',
      certificateList(START, { pem: merchantCertificate }),
    ],
    ['ANSWER_MALFORMED', 'CERTIFICATE_UNREADABLE', certificateList(START, { pem: 'none' })],
    ['SIGN_ERROR', '序列号', refused(401, 'SIGN_ERROR', '商户证书序列号有误。')],
  ])(
    '%s (%s): nothing else was sent, and the next call tries again',
    async (code, result, wrong) => {
      const { gateway, downloads, sent } = open(downloading, wrong, list, paid(START));
      await expect(gateway.queryOrder(order, 3_000)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(result),
      });
      expect(sent).toHaveLength(1);
      expect(await gateway.queryOrder(order, 3_000)).toMatchObject({ kind: 'paid' });
      expect(downloads()).toBe(2);
    },
  );

  test('no key is in the error', async () => {
    const { gateway } = open(downloading, certificateList(START, { apiV3Key: othersKey }));
    const error = await gateway.queryOrder(order, 3_000).catch((thrown: Error) => thrown);
    expect(String(error)).not.toContain(keysOptions.apiV3Key);
  });
});

describe('what is 12 hours old is renewed beside a request that does not wait', () => {
  test.each([
    [11, 1],
    [12, 2],
  ])('after %d hours: %d lists were asked for', async (hours, count) => {
    const at = new Date(START.getTime() + hours * HOUR_MS);
    const byPath = ({ url }: HttpRequest) =>
      url === CERTIFICATES ? certificateList(at) : paid(at);
    const script = [certificateList(START), paid(START), byPath, byPath];
    const { gateway, advance, downloads } = open(downloading, ...script);
    await gateway.queryOrder(order, 3_000);
    advance(hours * HOUR_MS);
    expect(await gateway.queryOrder(order, 3_000)).toMatchObject({ kind: 'paid' });
    expect(downloads()).toBe(count);
  });

  test('a list that cannot be had is no reason to refuse, and is asked for again 10 minutes later', async () => {
    const noList = ({ url }: HttpRequest) => {
      if (url.endsWith('/v3/certificates')) throw broken;
      return paid(instance.now());
    };
    const script = [certificateList(START), paid(START), ...Array<Scripted>(9).fill(noList)];
    const instance = open(downloading, ...script);
    const lists: number[] = [];
    for (const ms of [0, 13 * HOUR_MS, 0, 10 * MINUTE_MS - 1, 1]) {
      instance.advance(ms);
      expect(await instance.gateway.queryOrder(order, 3_000)).toMatchObject({ kind: 'paid' });
      lists.push(instance.sent.filter(({ url }) => url.endsWith('/v3/certificates')).length);
    }
    // Each time at both addresses.
    expect(lists).toEqual([1, 3, 3, 3, 5]);
  });

  test('a list that never comes keeps nobody waiting', async () => {
    const at = new Date(START.getTime() + 13 * HOUR_MS);
    let first = true;
    const transport = async ({ url }: HttpRequest) => {
      if (url !== CERTIFICATES) return paid(first ? START : at);
      if (!first) return new Promise<never>(() => {});
      return certificateList(START);
    };
    let now = START;
    const gateway = createApiV3({
      keys: createKeys(downloading),
      transport,
      now: () => now,
      randomBytes: (count) => new Uint8Array(count),
      apiUrl: 'https://api.mch.weixin.qq.com',
      notifyUrl: 'https://shop.example/pay/notify',
      refundNotifyUrl: 'https://shop.example/refund/notify',
    });
    await gateway.queryOrder(order, 3_000);
    [first, now] = [false, at];
    expect(await gateway.queryOrder(order, 3_000)).toMatchObject({ kind: 'paid' });
  });

  test('a certificate that has expired verifies nothing', async () => {
    const expireTime = '2026-11-24T18:00:00+08:00';
    const { gateway, advance, platformKeys } = open(
      downloading,
      certificateList(START, { expireTime }),
    );
    await platformKeys.prepare(3_000);
    // It is 17:07:12 in Beijing.
    advance(52 * MINUTE_MS + 47_999);
    expect(platformKeys.verifier(platform.serial)).toBeDefined();
    advance(1);
    expect(platformKeys.verifier(platform.serial)).toBeUndefined();
    await expect(gateway.queryOrder(order, 3_000)).rejects.toBeDefined();
  });
});

describe('a merchant is switched in the middle of traffic: nothing is lost', () => {
  const from = { ...withoutKeys, certificates: [platform] };
  const both = { ...keysOptions, certificates: [platform] };

  test.each<[string, KeysOptions, (typeof signers.publicKey)[]]>([
    ['certificate given, both sign', both, [signers.certificate, signers.publicKey]],
    ['certificate alone, WeChat signs with it', from, [signers.certificate, signers.certificate]],
    ['public key alone, WeChat signs with it', keysOptions, [signers.publicKey, signers.publicKey]],
  ])('%s: answers and notifications, nothing downloaded', async (_, keysGiven, by) => {
    const { gateway, verify, downloads } = open(keysGiven, ...by.map((each) => paid(START, each)));
    for (const each of by) {
      expect(await gateway.queryOrder(order, 3_000)).toMatchObject({ kind: 'paid' });
      const raw = signedNotification(paidOrder, START, {}, each);
      expect(await verify(raw, START)).toMatchObject({ kind: 'payment' });
    }
    expect(downloads()).toBe(0);
  });

  test('100 answers and notifications, one in ten signed with either kind', async () => {
    const kinds = Array.from({ length: 100 }, (_, i) =>
      i % 10 === 0 ? signers.publicKey : signers.certificate,
    );
    const { gateway, verify } = open(both, ...kinds.map((each) => paid(START, each)));
    for (const each of kinds) {
      expect(await gateway.queryOrder(order, 3_000)).toMatchObject({ kind: 'paid' });
      const raw = signedNotification(paidOrder, START, {}, each);
      expect(await verify(raw, START)).toMatchObject({ kind: 'payment' });
    }
  });

  test('the public key is configured too early: what certificates still sign is learned', async () => {
    const list = certificateList(START, { by: signers.publicKey });
    const { gateway, verify, downloads } = open(keysOptions, paid(START), list, paid(START));
    expect(await gateway.queryOrder(order, 3_000)).toMatchObject({ kind: 'paid' });
    expect(await gateway.queryOrder(order, 3_000)).toMatchObject({ kind: 'paid' });
    expect(downloads()).toBe(1);
    expect(await verify(signedNotification(paidOrder, START), START)).toMatchObject({
      kind: 'payment',
    });
  });

  test('an answer whose key cannot be had says why', async () => {
    const none = refused(404, 'RESOURCE_NOT_EXISTS', '无可用的平台证书');
    const { gateway } = open(keysOptions, paid(START), none);
    await expect(gateway.queryOrder(order, 3_000)).rejects.toMatchObject({
      code: 'ANSWER_UNVERIFIED',
      retry: 'query_first',
      cause: { code: 'PLATFORM_CERT_NONE' },
    });
  });
});

describe('a notification with an unknown serial', () => {
  const signedByCertificate = (at: Date) =>
    signedNotification(paidOrder, at, {}, signers.certificate);
  const withHeader = (name: string, value: string) => {
    const raw = signedByCertificate(START);
    return { ...raw, headers: { ...raw.headers, [name]: value } };
  };

  test('is believed once its certificate was looked for', async () => {
    const { verify, sent } = open(keysOptions, certificateList(START));
    expect(await verify(signedByCertificate(START), START)).toMatchObject({ kind: 'payment' });
    expect(sent.map(({ timeoutMs }) => timeoutMs)).toEqual([2_000]);
  });

  test('costs one look in 10 seconds while none is answered; then the true one is believed', async () => {
    const later = new Date(START.getTime() + 10_000);
    const { verify, downloads, advance, now } = open(
      keysOptions,
      broken,
      broken,
      certificateList(later),
    );
    const floods = Array.from({ length: 1_000 }, (_, i) =>
      withHeader('wechatpay-serial', `${i}ABCDEF12`),
    );
    for (const forged of floods) expect((await verify(forged, START)).kind).toBe('refused');
    expect(downloads()).toBe(1);
    advance(10_000 - 1);
    const early = await verify(signedByCertificate(now()), now());
    expect(early).toMatchObject({ status: 401, reason: `serial_unknown:${platform.serial}` });
    advance(1);
    expect(await verify(signedByCertificate(now()), now())).toMatchObject({ kind: 'payment' });
    expect(downloads()).toBe(2);
  });

  test('costs one look in 10 minutes once it was answered', async () => {
    const { verify, downloads, advance, now } = open(
      keysOptions,
      certificateList(START),
      certificateList(new Date(START.getTime() + 10 * MINUTE_MS)),
    );
    for (const serial of ['ABCDEF12', 'ABCDEF13']) {
      const forged = withHeader('wechatpay-serial', serial);
      expect((await verify(forged, now())).kind).toBe('refused');
    }
    advance(10 * MINUTE_MS - 1);
    await verify(withHeader('wechatpay-serial', 'ABCDEF14'), START);
    expect(downloads()).toBe(1);
    advance(1);
    expect(await verify(signedByCertificate(now()), now())).toMatchObject({ kind: 'payment' });
  });

  test('a forger who used up the fetch of the notifications has not used up that of the answers', async () => {
    const script = [broken, broken, paid(START), certificateList(START)];
    const { verify, gateway } = open(keysOptions, ...script);
    await verify(withHeader('wechatpay-serial', 'ABCDEF12'), START);
    expect(await gateway.queryOrder(order, 3_000)).toMatchObject({ kind: 'paid' });
  });

  test('why it was not found is in the reason', async () => {
    const { verify } = open(keysOptions, refused(404, 'RESOURCE_NOT_EXISTS', '无可用的平台证书'));
    expect(await verify(signedByCertificate(START), START)).toEqual({
      kind: 'refused',
      status: 401,
      reason: `serial_unknown:${platform.serial}:PLATFORM_CERT_NONE`,
      probe: false,
    });
  });

  test.each<[string, string, string]>([
    ['header_malformed', 'wechatpay-serial', 'not a serial'],
    ['serial_unknown', 'wechatpay-serial', 'PUB_KEY_ID_1'],
    ['serial_unknown', 'wechatpay-serial', 'abcdef12'],
    ['serial_unknown', 'wechatpay-serial', '__proto__'],
    ['timestamp_window', 'wechatpay-timestamp', '1554208460'],
    ['header_malformed', 'wechatpay-timestamp', '9e9'],
    ['header_malformed', 'wechatpay-nonce', 'a b'],
    ['header_malformed', 'wechatpay-signature', 'a, b'],
    ['probe', 'wechatpay-signature', 'WECHATPAY/SIGNTEST/x'],
  ])('%s: %s %s is never looked for', async (reason, name, value) => {
    const { verify, sent } = open(keysOptions);
    expect(await verify(withHeader(name, value), START)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining(reason),
    });
    expect(sent).toEqual([]);
  });
});

describe('echo, the test of itself', () => {
  const echoed = ({ body }: HttpRequest) => signedAnswer(200, body ?? '', START);

  test('WeChat took our signature and we take its', async () => {
    const { gateway, sent } = open(keysOptions, echoed);
    await gateway.echo(3_000);
    expect(sent[0]?.url).toBe('https://api.mch.weixin.qq.com/v3/security/echo');
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual({ echo_message: expect.any(String) });
  });

  test.each<[string, Scripted]>([
    ['ANSWER_UNVERIFIED', { status: 200, headers: {}, body: Buffer.from('{}') }],
    ['ANSWER_MALFORMED', signedAnswer(200, '{"echo_message":"other"}', START)],
    ['SIGN_ERROR', refused(401, 'SIGN_ERROR', '签名错误')],
  ])('%s', async (code, answer) => {
    await expect(open(keysOptions, answer).gateway.echo(3_000)).rejects.toMatchObject({ code });
  });
});

test('the keys of these tests are those they say', () => {
  expect(publicKey.id).not.toBe(platform.serial);
  expect(platformPair.publicKey.equals(merchantPair.publicKey)).toBe(false);
});

describe('the watch of whoever makes it necessary sees the download', () => {
  const watching = () => {
    const seen: string[] = [];
    const watch: CallWatch = {
      check: () => {},
      begin: ({ operation }) => {
        seen.push(operation);
        return ({ requestId }) => void seen.push(requestId ?? 'no Request-ID');
      },
    };
    return { seen, watch };
  };
  const list = certificateList(START);
  const named = { ...list, headers: { ...list.headers, 'request-id': '08F5-KEYS' } };

  test('a call without any key', async () => {
    const { seen, watch } = watching();
    const { gatewayFor } = open(downloading, named, paid(START));
    await gatewayFor(watch).queryOrder(order, 3_000);
    expect(seen.slice(0, 3)).toEqual(['keys', '08F5-KEYS', 'query']);
  });

  test('an answer with an unknown serial', async () => {
    const { seen, watch } = watching();
    const { gatewayFor } = open(keysOptions, paid(START), named);
    await gatewayFor(watch).queryOrder(order, 3_000);
    expect([seen[0], ...seen.slice(2)]).toEqual(['query', 'keys', '08F5-KEYS']);
  });

  test('a notification with one', async () => {
    const { seen, watch } = watching();
    const { verifierFor } = open(keysOptions, named);
    const raw = signedNotification(paidOrder, START, {}, signers.certificate);
    expect(await verifierFor(watch)(raw, START)).toMatchObject({ kind: 'payment' });
    expect(seen).toEqual(['keys', '08F5-KEYS']);
  });
});
