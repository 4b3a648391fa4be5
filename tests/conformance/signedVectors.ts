/** Runs the vectors of signing, verifying, sealing and certificates through our code. */
import { createPublicKey } from 'node:crypto';
import { expect } from 'vitest';
import { open, seal } from '../../shared/gateway/apiV3/crypto/aead.ts';
import {
  authorizationHeader,
  paymentMessage,
  requestMessage,
  SCHEME,
} from '../../shared/gateway/apiV3/crypto/message.ts';
import { signPaymentParams } from '../../shared/gateway/apiV3/crypto/paySign.ts';
import { verify } from '../../shared/gateway/apiV3/crypto/sign.ts';
import { rejectReasonOf } from '../../shared/gateway/apiV3/crypto/verify.ts';
import { createKeys, type Keys, type KeysOptions } from '../../shared/gateway/apiV3/keys/keys.ts';
import { createNotificationVerifier } from '../../shared/gateway/apiV3/notification.ts';
import { readNotification } from '../../shared/gateway/apiV3/wire/order.ts';
import { keysOptions, merchantPair } from '../support/wechatSide.ts';
import certs from '../vectors/certs.json' with { type: 'json' };
import aead from '../vectors/v3-aead.json' with { type: 'json' };
import canonical from '../vectors/v3-canonical.json' with { type: 'json' };
import notify from '../vectors/v3-notify.json' with { type: 'json' };
import paysign from '../vectors/v3-paysign.json' with { type: 'json' };
import signed from '../vectors/v3-sign.json' with { type: 'json' };
import verified from '../vectors/v3-verify.json' with { type: 'json' };
import { casesOf, type VectorCases } from './vectorCases.ts';

const { publicKey: _, ...withoutWeChatsKey } = keysOptions;
const PUBLIC_KEY_ID = 'PUB_KEY_ID_0119000001092026';

/** A merchant's keys with this one of WeChat's, by the serial that its headers would name. */
function keysWith(serial: string, pem: string, more: Partial<KeysOptions> = {}): Keys {
  const wechats = pem.includes('CERTIFICATE')
    ? { certificates: [{ serial, pem }] }
    : { publicKey: { id: serial, pem } };
  return createKeys({ ...withoutWeChatsKey, ...wechats, ...more });
}

/** The public key as our configuration reads it. */
function keyOf(pem: string) {
  const key = keysWith(PUBLIC_KEY_ID, pem).verifier(PUBLIC_KEY_ID);
  if (!key) throw new Error('a key that was given is not known');
  return key;
}

const lower = (headers: object): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

function checkCanonical({ input, expected }: (typeof canonical.vectors)[number]): void {
  const { method, absolute_url, timestamp, nonce, body } = input;
  const { pathname, search } = new URL(absolute_url);
  const path = `${pathname}${search}`;
  expect(requestMessage({ method, path, timestamp, nonce, body })).toBe(expected.message);
}

function checkSigned({ input, expected }: (typeof signed.vectors)[number]): void {
  const publicKey = keyOf(input.public_key_pem);
  expect(verify(input.message, expected.signature, publicKey)).toBe(true);
  expect(verify(`${input.message}\n`, expected.signature, publicKey)).toBe(false);
  const { method, url: path, timestamp, nonce, body, mchid, serial_no: serialNo } = input;
  if (!method || !path || !timestamp || !nonce || !mchid || !serialNo) return;
  expect(requestMessage({ method, path, timestamp, nonce, body: body ?? '' })).toBe(input.message);
  const { signature, scheme, authorization_fields: fields = {} } = expected;
  expect(SCHEME).toBe(scheme);
  const header = authorizationHeader({ mchid, serialNo, nonce, timestamp, signature });
  for (const [name, value] of Object.entries(fields))
    expect(header).toContain(`${name}="${value}"`);
}

function checkPaySign({ input, expected }: (typeof paysign.vectors)[number]): void {
  const { appId, timeStamp, nonceStr, prepay_id: prepayId } = input;
  const message = paymentMessage(appId, timeStamp, nonceStr, `prepay_id=${prepayId}`);
  expect(message).toBe(input.message);
  expect(verify(message, expected.paySign, keyOf(input.public_key_pem))).toBe(true);
  const at = new Date(Number(timeStamp) * 1000);
  const ours = signPaymentParams(
    { appid: appId, prepayId, at, nonce: nonceStr },
    merchantPair.privateKey,
  );
  expect(ours.signType).toBe(expected.signType);
  expect(verify(input.message, ours.paySign, merchantPair.publicKey)).toBe(true);
}

/** Answers with their headers go through the whole check, bare signatures through the last step. */
function checkVerified({ input, expected }: (typeof verified.vectors)[number]): void {
  const { headers, body = '', message = '', signature = '' } = input;
  const pems = [
    input.public_key_pem,
    input.public_key_pem_pkcs8,
    input.public_key_pem_pkcs1,
    input.certificate_pem,
  ].filter((pem) => pem !== undefined);
  expect(pems.length).toBeGreaterThan(0);
  for (const pem of pems) {
    if (headers) {
      const all = { 'wechatpay-serial': PUBLIC_KEY_ID, ...lower(headers) };
      const keys = keysWith(all['wechatpay-serial'], pem);
      const now = new Date(Number(headers['Wechatpay-Timestamp']) * 1000);
      const rejectReason = rejectReasonOf({ headers: all, body: Buffer.from(body) }, keys, now);
      expect(rejectReason === undefined, rejectReason).toBe(expected.valid);
    } else {
      expect(verify(message, signature, keyOf(pem))).toBe(expected.valid);
    }
    const { fake_signature: fake, fake_valid: fakeValid } = expected;
    if (fake !== undefined) expect(verify(message, fake, keyOf(pem))).toBe(fakeValid);
  }
}

function checkAead({ input, expected }: (typeof aead.vectors)[number]): void {
  const listed = input.response_body
    ? JSON.parse(input.response_body).data[0].encrypt_certificate
    : input;
  const { ciphertext, nonce, associated_data: associatedData } = listed;
  const key = Buffer.from(input.key);
  const opened = open({ ciphertext, nonce, associatedData }, key);
  expect(opened === undefined).toBe(expected.fails ?? false);
  if (!opened) return;
  // The published text of a certificate may lack its last line end.
  expect(opened.toString().trimEnd()).toBe(expected.plaintext?.trimEnd());
  expect(seal(opened, key, nonce, associatedData).ciphertext).toBe(ciphertext);
  const { serial_no: serial, x509_serial: own } = expected;
  if (!serial || !own) return;
  const pem = opened.toString();
  expect(keysWith(serial, pem).verifier(serial)).toBeDefined();
  expect(createKeys({ ...withoutWeChatsKey, certificates: [pem] }).verifier(own)).toBeDefined();
}

/** The signature holds, the resource opens or not, and only a payment is ever taken for one. */
async function checkNotification({
  input,
  expected,
}: (typeof notify.vectors)[number]): Promise<void> {
  const { certificate_pem: pem, headers, body, api_v3_key: apiV3Key } = input;
  const serial = headers['Wechatpay-Serial'];
  const raw = { headers: lower(headers), body: Buffer.from(body) };
  const now = new Date(Number(headers['Wechatpay-Timestamp']) * 1000);
  // An APIv3 key of 16 bytes is none that WeChat gives: we refuse it, and the signature holds all the same.
  const strong = apiV3Key.length === 32;
  if (!strong) expect(() => keysWith(serial, pem, { apiV3Key })).toThrow('32');
  const keys = keysWith(serial, pem, strong ? { apiV3Key } : {});
  expect(rejectReasonOf(raw, keys, now) === undefined).toBe(expected.signature_valid);
  const { sealed, eventType } = readNotification(raw.body);
  const opened = open(sealed, Buffer.from(apiV3Key));
  expect(opened === undefined).toBe(!strong || (expected.decrypt_fails ?? false));
  expect(opened?.toString()).toBe(strong ? expected.resource_plaintext : undefined);
  const notification = await createNotificationVerifier(keys)(raw, now);
  const isPayment = eventType === 'TRANSACTION.SUCCESS' && !expected.decrypt_fails;
  expect(notification.kind === 'payment').toBe(isPayment);
  if (notification.kind !== 'payment' || notification.evidence.kind !== 'paid') return;
  const { outTradeNo, transactionId, mchid, openid, totalFee } = notification.evidence;
  expect(expected.resource).toMatchObject({
    out_trade_no: outTradeNo,
    transaction_id: transactionId,
    mchid,
    payer: { openid },
    amount: { total: totalFee },
  });
}

function checkCertificate({ input, expected }: (typeof certs.vectors)[number]): void {
  const keys = createKeys({ ...withoutWeChatsKey, certificates: [input.certificate_pem] });
  const key = keys.verifier(expected.serial_no);
  expect(key).toBeDefined();
  expect(key?.equals(createPublicKey(expected.public_key_pem))).toBe(true);
}

/** By the name of the file. */
export const signedVectors: Record<string, VectorCases> = {
  'v3-canonical': casesOf(canonical, checkCanonical),
  'v3-sign': casesOf(signed, checkSigned),
  'v3-paysign': casesOf(paysign, checkPaySign),
  'v3-verify': casesOf(verified, checkVerified),
  'v3-aead': casesOf(aead, checkAead),
  'v3-notify': casesOf(notify, checkNotification),
  certs: casesOf(certs, checkCertificate),
};
