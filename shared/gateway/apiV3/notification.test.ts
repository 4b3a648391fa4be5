import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  endedRefund,
  keys,
  keysOptions,
  paidOrder,
  signedHeaders,
  signedNotification,
} from '../../../tests/support/wechatSide.ts';
import vectors from '../../../tests/vectors/v3-notify.json' with { type: 'json' };
import type { RawNotification } from '../../ports/gateway.ts';
import { createKeys } from './keys/keys.ts';
import { createNotificationVerifier } from './notification.ts';

const now = new Date('2026-11-24T09:07:12Z');
const verify = createNotificationVerifier(keys);
const { publicKey: _, ...withoutPublicKey } = keysOptions;

function received({ headers, body }: { headers: object; body: string }): RawNotification {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { headers: Object.fromEntries(lower), body: Buffer.from(body) };
}

describe('real notifications', () => {
  const verifierOf = ({ input }: (typeof vectors.vectors)[number], apiV3Key: string) => {
    const serial = input.headers['Wechatpay-Serial'];
    const certificates = [{ serial, pem: input.certificate_pem }];
    return createNotificationVerifier(createKeys({ ...withoutPublicKey, apiV3Key, certificates }));
  };
  const at = ({ input }: (typeof vectors.vectors)[number]) =>
    new Date(Number(input.headers['Wechatpay-Timestamp']) * 1000 + 5_000);
  const verdicts: Record<string, object> = {
    'notify-gunsluo-pay': {
      kind: 'payment',
      notificationId: 'b62e271c-3389-58a0-8146-4a704966e8f1',
      evidence: {
        kind: 'paid',
        via: 'callback',
        outTradeNo: 'S20210128170702357723',
        tradeState: 'SUCCESS',
        transactionId: '4200000925202101284997714292',
        totalFee: 1,
        currency: 'CNY',
        mchid: '1601959334',
        appid: 'wx81be3101902f7cb2',
        openid: 'ofyak5qR_1wYsC99CsWA6R9MJazA',
        paidAt: new Date('2021-01-28T09:07:11Z'),
      },
    },
    'notify-gunsluo-pay-wrong-apiv3-key': {
      kind: 'refused',
      status: 500,
      reason: 'decrypt_api_v3_key',
      probe: false,
    },
    'notify-gunsluo-refund': {
      kind: 'refund',
      notificationId: '9971e868-2144-58dd-99ae-df4c76ccde42',
      eventType: 'REFUND.SUCCESS',
      evidence: {
        kind: 'success',
        via: 'callback',
        refundStatus: 'SUCCESS',
        outTradeNo: 'S20210128170702357723',
        transactionId: '4200000925202101284997714292',
        outRefundNo: 'S20210201151309277501',
        refundId: '50300807092021020105990201735',
        refundFee: 1,
        totalFee: 1,
        mchid: '1601959334',
        succeededAt: new Date('2021-02-01T07:13:13Z'),
      },
    },
    'notify-gunsluo-refund-wrong-apiv3-key': {
      kind: 'refused',
      status: 500,
      reason: 'decrypt_api_v3_key',
      probe: false,
    },
    'notify-go-payscore-aes128': { kind: 'other', eventType: 'PAYSCORE.USER_OPEN_SERVICE' },
  };

  test.each(vectors.vectors)('$id', async (vector) => {
    const { api_v3_key } = vector.input;
    // Its 16-byte key is none that WeChat gives; the signature is good all the same.
    const apiV3Key = api_v3_key.length === 32 ? api_v3_key : keysOptions.apiV3Key;
    const result = await verifierOf(vector, apiV3Key)(received(vector.input), at(vector));
    expect(result).toMatchObject(verdicts[vector.id]!);
  });

  test('the same one six minutes later is a replay', async () => {
    const vector = vectors.vectors[0]!;
    const late = new Date(at(vector).getTime() + 360_000);
    expect(
      await verifierOf(vector, keysOptions.apiV3Key)(received(vector.input), late),
    ).toMatchObject({
      kind: 'refused',
      status: 401,
      reason: 'timestamp_window',
    });
  });

  test('any changed byte of its body or of a header is refused', async () => {
    const vector = vectors.vectors[0]!;
    const raw = received(vector.input);
    const open = verifierOf(vector, keysOptions.apiV3Key);
    const parts = ['body', ...Object.keys(raw.headers)];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...parts),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (part, where, flip) => {
          const result = await open(changed(raw, part, where, flip), at(vector));
          expect(result.kind).toBe('refused');
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('a cut or lengthened body is refused', async () => {
    const vector = vectors.vectors[0]!;
    const raw = received(vector.input);
    const open = verifierOf(vector, keysOptions.apiV3Key);
    for (const body of [
      raw.body.subarray(1),
      raw.body.subarray(0, -1),
      Buffer.concat([raw.body, Buffer.from('\n')]),
      Buffer.from(JSON.stringify(JSON.parse(`${raw.body}`), null, 1)),
      Buffer.alloc(0),
    ]) {
      const result = await open({ ...raw, body }, at(vector));
      expect(result).toMatchObject({ kind: 'refused', status: 401, reason: 'signature' });
    }
  });
});

function changed(raw: RawNotification, part: string, where: number, flip: number): RawNotification {
  const header = Buffer.from(raw.headers[part] ?? '', 'latin1');
  const bytes = part === 'body' ? Buffer.from(raw.body) : header;
  bytes[where % bytes.length]! ^= flip;
  if (part === 'body') return { ...raw, body: bytes };
  return { ...raw, headers: { ...raw.headers, [part]: bytes.toString('latin1') } };
}

describe('what is authentic', () => {
  test('a payment', async () => {
    const result = await verify(signedNotification(paidOrder, now), now);
    expect(result).toMatchObject({ kind: 'payment', evidence: { kind: 'paid', totalFee: 100 } });
  });

  test('a payment of which WeChat says something new', async () => {
    const resource = { ...paidOrder, trade_state: 'BRAND_NEW' };
    const result = await verify(signedNotification(resource, now), now);
    expect(result).toMatchObject({
      kind: 'payment',
      evidence: { kind: 'unknown', code: 'BRAND_NEW' },
    });
  });

  test.each([
    ['SUCCESS', 'success'],
    ['CLOSED', 'closed'],
    ['ABNORMAL', 'abnormal'],
    ['REVERSED', 'unknown'],
  ])('a refund that is %s', async (refundStatus, kind) => {
    const resource = { ...endedRefund, refund_status: refundStatus };
    const result = await verify(
      signedNotification(resource, now, { event_type: 'REFUND.CLOSED' }),
      now,
    );
    expect(result).toMatchObject({
      kind: 'refund',
      evidence: { kind, refundStatus, refundFee: 40 },
    });
  });

  test.each(['', null, 7, 'soon', []])(
    'a refund that was closed at no time (%j) is closed all the same',
    async (success_time) => {
      const resource = { ...endedRefund, refund_status: 'CLOSED', success_time };
      const raw = signedNotification(resource, now, { event_type: 'REFUND.CLOSED' });
      expect(await verify(raw, now)).toMatchObject({ evidence: { kind: 'closed' } });
    },
  );

  test.each(['out_trade_no', 'transaction_id', 'out_refund_no', 'refund_id', 'refund_status'])(
    'a refund that does not say %s is refused, and comes again',
    async (field) => {
      const { [field as 'refund_id']: _gone, ...resource } = endedRefund;
      const result = await verify(
        signedNotification(resource, now, { event_type: 'REFUND.SUCCESS' }),
        now,
      );
      expect(result).toMatchObject({
        kind: 'refused',
        status: 500,
        reason: `resource_malformed:${field}`,
      });
    },
  );

  test.each(['REFUND.PROCESSING', 'SECURITY_ECHO.SUCCESS', 'TRANSACTION.CLOSED', '__proto__'])(
    '%s is something else',
    async (eventType) => {
      const result = await verify(signedNotification({}, now, { event_type: eventType }), now);
      expect(result).toMatchObject({ kind: 'other', eventType });
    },
  );

  test('a payment for another merchant is evidence; whose it is, is concluded elsewhere', async () => {
    const result = await verify(signedNotification({ ...paidOrder, mchid: '1' }, now), now);
    expect(result).toMatchObject({ kind: 'payment', evidence: { mchid: '1' } });
  });
});

describe('what is authentic but cannot be read is asked for again', () => {
  const anothersKey = createNotificationVerifier(
    createKeys({ ...keysOptions, apiV3Key: 'AES256Key-32Characters1234567891' }),
  );
  const sealed = JSON.parse(`${signedNotification(paidOrder, now).body}`).resource;

  test('sealed with another APIv3 key', async () => {
    const result = await anothersKey(signedNotification(paidOrder, now), now);
    expect(result).toEqual({
      kind: 'refused',
      status: 500,
      reason: 'decrypt_api_v3_key',
      probe: false,
    });
  });

  test.each<[number, string, Record<string, unknown>]>([
    [400, 'body_malformed:id', { id: undefined }],
    [400, 'body_malformed:event_type', { event_type: 1 }],
    [400, 'body_malformed:resource', { resource: undefined }],
    [400, 'body_malformed:resource.algorithm', { resource: { ...sealed, algorithm: null } }],
    [400, 'body_malformed:resource.ciphertext', { resource: { ...sealed, ciphertext: {} } }],
    [400, 'body_malformed:resource.nonce', { resource: { ...sealed, nonce: 1 } }],
    [
      400,
      'body_malformed:resource.associated_data',
      { resource: { ...sealed, associated_data: 1 } },
    ],
    [500, 'algorithm_unknown', { resource: { ...sealed, algorithm: 'AEAD_SM4_GCM' } }],
    [500, 'decrypt_api_v3_key', { resource: { ...sealed, associated_data: 'refund' } }],
    [500, 'decrypt_api_v3_key', { resource: { ...sealed, associated_data: undefined } }],
    [500, 'decrypt_api_v3_key', { resource: { ...sealed, nonce: '1' } }],
  ])('%d %s', async (status, reason, more) => {
    const result = await verify(signedNotification(paidOrder, now, more), now);
    expect(result).toEqual({ kind: 'refused', status, reason, probe: false });
  });

  test.each<[string, unknown]>([
    ['json', 'no json'],
    ['json', []],
    ['out_trade_no', { ...paidOrder, out_trade_no: undefined }],
    ['amount.total', { ...paidOrder, amount: { total: '100', currency: 'CNY' } }],
    ['success_time', { ...paidOrder, success_time: 'yesterday' }],
  ])('a resource whose %s is malformed', async (field, resource) => {
    const result = await verify(signedNotification(resource, now), now);
    expect(result).toMatchObject({ status: 500, reason: `resource_malformed:${field}` });
  });

  test('a body that is signed and no JSON', async () => {
    const body = Buffer.from('<xml/>');
    const result = await verify({ headers: signedHeaders(body, now), body }, now);
    expect(result).toMatchObject({ status: 400, reason: 'body_malformed:json' });
  });
});

describe('what is not from WeChat, or not now', () => {
  const raw = signedNotification(paidOrder, now);
  const withHeaders = (more: Record<string, string>) => ({
    ...raw,
    headers: { ...raw.headers, ...more },
  });

  test('a probe is refused, and named one', async () => {
    const signature = `WECHATPAY/SIGNTEST/${raw.headers['wechatpay-signature']}`;
    const result = await verify(withHeaders({ 'wechatpay-signature': signature }), now);
    expect(result).toEqual({ kind: 'refused', status: 401, reason: 'probe', probe: true });
  });

  test.each<[number, string, RawNotification]>([
    [400, 'header_missing:wechatpay-timestamp', { ...raw, headers: {} }],
    [400, 'header_malformed:wechatpay-nonce', withHeaders({ 'wechatpay-nonce': 'a b' })],
    [401, 'timestamp_window', withHeaders({ 'wechatpay-timestamp': '1554208460' })],
    [
      401,
      'serial_unknown:PUB_KEY_ID_1:public_key_not_configured',
      withHeaders({ 'wechatpay-serial': 'PUB_KEY_ID_1' }),
    ],
    [401, 'serial_unknown:5DEA10EF', withHeaders({ 'wechatpay-serial': '5DEA10EF' })],
    [401, 'signature', withHeaders({ 'wechatpay-nonce': 'another' })],
    [400, 'body_too_large', { ...raw, body: Buffer.alloc(65_537) }],
  ])('%d %s', async (status, reason, forged) => {
    expect(await verify(forged, now)).toEqual({ kind: 'refused', status, reason, probe: false });
  });

  test('any request whatsoever is refused and throws nothing', async () => {
    const names = [...Object.keys(raw.headers), '__proto__', 'constructor'];
    const anything = fc.record({
      headers: fc.dictionary(fc.constantFrom(...names), fc.string({ unit: 'binary' })),
      body: fc.uint8Array(),
    });
    await fc.assert(
      fc.asyncProperty(anything, fc.boolean(), async ({ headers, body }, goodHeaders) => {
        const forged = { body, headers: goodHeaders ? { ...headers, ...raw.headers } : headers };
        expect(await verify(forged, now)).toMatchObject({ kind: 'refused', probe: false });
      }),
    );
  });
});
