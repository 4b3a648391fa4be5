/** WeChat's side of the wire for unit tests: real keys made once, real signatures, no behaviour. */

import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { selfSigned } from '../../emulator/wechatpay/keys/certificate.ts';
import { fen } from '../../shared/domain/money.ts';
import type { Terms } from '../../shared/domain/order/order.ts';
import { seal } from '../../shared/gateway/apiV3/crypto/aead.ts';
import { answerMessage, requestMessage } from '../../shared/gateway/apiV3/crypto/message.ts';
import { sign, verify } from '../../shared/gateway/apiV3/crypto/sign.ts';
import { createKeys, type Keys, type KeysOptions } from '../../shared/gateway/apiV3/keys/keys.ts';
import type { RawNotification } from '../../shared/ports/gateway.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../../shared/ports/transport.ts';

const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 });

/** WeChat's own key pair. */
export const wechatPair = rsa();
/** The merchant's key pair. */
export const merchantPair = rsa();
/** The merchant's next pair. */
export const nextPair = rsa();
/** The key behind WeChat's platform certificate. */
export const platformPair = rsa();

/** Prints keys as PEM. */
export const pemOf = {
  private: (key: KeyObject): string => key.export({ format: 'pem', type: 'pkcs8' }).toString(),
  public: (key: KeyObject): string => key.export({ format: 'pem', type: 'spki' }).toString(),
};

/** The keys that a merchant in public-key mode configures. */
export const keysOptions: KeysOptions & { publicKey: { id: string; pem: string } } = {
  mchid: '1900000109',
  serialNo: '408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB',
  privateKey: pemOf.private(merchantPair.privateKey),
  apiV3Key: 'AES256Key-32Characters1234567890',
  publicKey: { id: 'PUB_KEY_ID_0119000001092026', pem: pemOf.public(wechatPair.publicKey) },
};

/** The pair that takes over. */
export const next = {
  serialNo: '5157F09EFDC096DE15EBE81A47057A7232F1B8E2',
  privateKey: pemOf.private(nextPair.privateKey),
};

/** The keys of {@link keysOptions}, opened. */
export const keys: Keys = createKeys(keysOptions);

/** WeChat's platform certificate, and the serial that it goes by. */
export const platform = {
  serial: '5DEA10EF55877E3CF6C33255C2E7DEFFF7E427EC',
  pem: selfSigned(platformPair.privateKey, { o: 'Tenpay.com', cn: 'Tenpay.com sign' }),
};

/**
 * The two keys that WeChat signs with: its public key's other half, or the key of its platform
 * certificate.
 */
export const signers = {
  publicKey: { serial: keysOptions.publicKey.id, key: wechatPair.privateKey },
  certificate: { serial: platform.serial, key: platformPair.privateKey },
};

/** Signs a body as WeChat does; the headers are those of an answer or a notification. */
export function signedHeaders(
  body: string | Uint8Array,
  now: Date,
  by: { serial: string; key: KeyObject } = signers.publicKey,
): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const nonce = 'EcZ9Cmy4Xyx1i6RlJQzLcCyEqDa26NBz';
  return {
    'wechatpay-timestamp': timestamp,
    'wechatpay-nonce': nonce,
    'wechatpay-serial': by.serial,
    'wechatpay-signature': sign(answerMessage(timestamp, nonce, Buffer.from(body)), by.key),
  };
}

/** An answer, signed. */
export function signedAnswer(
  status: number,
  body: string | Uint8Array,
  now: Date,
  by = signers.publicKey,
): HttpAnswer {
  const headers = { 'request-id': '08F5-0', ...signedHeaders(body, now, by) };
  return { status, headers, body: Buffer.from(body) };
}

/** A platform certificate of 国密 (SM2), which is not RSA. Made with OpenSSL 3. */
export const sm2Certificate = `-----BEGIN CERTIFICATE-----
MIIBtTCCAVugAwIBAgIUA50TNImQrwDlAVmYXEguxJ4hadYwCgYIKoEcz1UBg3Uw
LzETMBEGA1UECgwKVGVucGF5LmNvbTEYMBYGA1UEAwwPVGVucGF5LmNvbSBzaWdu
MCAXDTI2MTEzMDExNTkxOVoYDzIxMjYxMTA2MTE1OTE5WjAvMRMwEQYDVQQKDApU
ZW5wYXkuY29tMRgwFgYDVQQDDA9UZW5wYXkuY29tIHNpZ24wWTATBgcqhkjOPQIB
BggqgRzPVQGCLQNCAASI1NNlqmcPFCZwsSzycQRnC4NNluMv+czfBQdD40vnAy+T
hCW623O2OePL7giwSLg0obg9c/kYMhVHmzEQibRdo1MwUTAdBgNVHQ4EFgQUx4Pa
/DXjwxaNKTStAQom1uf9vEAwHwYDVR0jBBgwFoAUx4Pa/DXjwxaNKTStAQom1uf9
vEAwDwYDVR0TAQH/BAUwAwEB/zAKBggqgRzPVQGDdQNIADBFAiEApde+hD+xjyxf
Ic2MaEMOGJQapCho9QUyDrZ5L4X0m80CIGn/zOmaJOXwLHGbqiPFaLimu63da70D
B91LUuChR/mN
-----END CERTIFICATE-----
`;

/**
 * The answer of /v3/certificates: the platform certificate, sealed with the APIv3 key; `beside` lists
 * others before it.
 */
export function certificateList(
  now: Date,
  more: {
    apiV3Key?: string;
    pem?: string;
    expireTime?: string;
    by?: typeof signers.publicKey;
    beside?: { serial: string; pem: string }[];
  } = {},
): HttpAnswer {
  const { pem = platform.pem, by = signers.certificate, beside = [] } = more;
  const list = [...beside, { serial: platform.serial, pem }].map((each) => listed(each, more));
  return signedAnswer(200, JSON.stringify({ data: list }), now, by);
}

function listed(
  { serial, pem }: { serial: string; pem: string },
  more: { apiV3Key?: string; expireTime?: string },
): Record<string, unknown> {
  const { apiV3Key = keysOptions.apiV3Key } = more;
  const sealed = seal(pem, Buffer.from(apiV3Key), 'fG1l57vn9BCX', 'certificate');
  return {
    serial_no: serial,
    effective_time: '2024-11-24T17:07:11+08:00',
    expire_time: more.expireTime ?? '2029-11-23T17:07:11+08:00',
    encrypt_certificate: {
      algorithm: 'AEAD_AES_256_GCM',
      ciphertext: sealed.ciphertext,
      associated_data: sealed.associatedData,
      nonce: sealed.nonce,
    },
  };
}

/** An order as WeChat prints it, paid. */
export const paidOrder = {
  appid: 'wx2421b1c4370ec43b',
  mchid: keysOptions.mchid,
  out_trade_no: '1217752501201407033233368018',
  transaction_id: '4200000925202101284997714292',
  trade_type: 'JSAPI',
  trade_state: 'SUCCESS',
  trade_state_desc: '支付成功',
  bank_type: 'OTHERS',
  attach: '',
  success_time: '2026-11-24T17:07:11+08:00',
  payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
  amount: { total: 100, payer_total: 90, currency: 'CNY', payer_currency: 'CNY' },
};

/**
 * The terms of {@link paidOrder} before it was paid: stored at `createdAt`, open for half an hour.
 */
export function termsAt(createdAt: Date): Terms {
  return {
    link: 'apiV3',
    mchid: keysOptions.mchid,
    appid: paidOrder.appid,
    outTradeNo: paidOrder.out_trade_no,
    openid: paidOrder.payer.openid,
    body: '腾讯充值',
    totalFee: fen(100),
    createdAt,
    expiresAt: new Date(createdAt.getTime() + 1_800_000),
  };
}

/** A refund of {@link paidOrder} as notifications carry it. */
export const endedRefund = {
  mchid: keysOptions.mchid,
  out_trade_no: paidOrder.out_trade_no,
  transaction_id: paidOrder.transaction_id,
  out_refund_no: 'REFUND0001',
  refund_id: '50300807092021020105990201735',
  refund_status: 'SUCCESS',
  success_time: '2026-11-24T17:07:11+08:00',
  user_received_account: '支付用户零钱',
  amount: { total: 100, refund: 40, payer_total: 90, payer_refund: 36 },
};

/** A notification of a resource, sealed and signed; `more` overrides fields of its body. */
export function signedNotification(
  resource: unknown,
  now: Date,
  more: Record<string, unknown> = {},
  by = signers.publicKey,
): RawNotification {
  const text = typeof resource === 'string' ? resource : JSON.stringify(resource);
  const sealed = seal(text, Buffer.from(keysOptions.apiV3Key), 'fG1l57vn9BCX', 'transaction');
  const body = JSON.stringify({
    id: 'b62e271c-3389-58a0-8146-4a704966e8f1',
    create_time: '2026-11-24T17:07:11+08:00',
    resource_type: 'encrypt-resource',
    event_type: 'TRANSACTION.SUCCESS',
    summary: '支付成功',
    resource: {
      original_type: 'transaction',
      algorithm: 'AEAD_AES_256_GCM',
      ciphertext: sealed.ciphertext,
      associated_data: sealed.associatedData,
      nonce: sealed.nonce,
    },
    ...more,
  });
  return { headers: signedHeaders(body, now, by), body: Buffer.from(body) };
}

/** WeChat's answer to a request, or the error that the wire ends with. */
export type Scripted = HttpAnswer | Error | ((request: HttpRequest) => HttpAnswer);

/** A transport that ends in a script; like WeChat it first refuses a request that is not signed. */
export function scripted(...script: Scripted[]): Transport & { sent: HttpRequest[] } {
  const sent: HttpRequest[] = [];
  const transport: Transport = async (request) => {
    sent.push(request);
    if (!isSigned(request)) throw new Error(`not signed: ${request.headers.Authorization}`);
    const next = script.shift();
    if (!next) throw new Error('nothing more was to be asked');
    if (next instanceof Error) throw next;
    return typeof next === 'function' ? next(request) : next;
  };
  return Object.assign(transport, { sent });
}

const AUTHORIZATION =
  /^WECHATPAY2-SHA256-RSA2048 mchid="(\d+)",nonce_str="(\w{32})",timestamp="(\d+)",serial_no="(\w+)",signature="([^"]+)"$/;

function isSigned({ method, url, headers, body = '' }: HttpRequest): boolean {
  const [, mchid, nonce = '', timestamp = '', serialNo, signature = ''] =
    AUTHORIZATION.exec(headers.Authorization ?? '') ?? [];
  const path = url.slice(new URL(url).origin.length);
  const message = requestMessage({ method, path, timestamp, nonce, body });
  const pair = serialNo === keysOptions.serialNo ? merchantPair : nextPair;
  const known =
    mchid === keysOptions.mchid && [keysOptions.serialNo, next.serialNo].includes(serialNo ?? '');
  return known && verify(message, signature, pair.publicKey);
}
