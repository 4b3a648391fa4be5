import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { KeyError, type KeyErrorCode } from './keyError.ts';
import { type Given, readPem } from './pem.ts';
import type { Verifiers } from './verify.ts';

/** A platform certificate (平台证书); the serial is read from it unless WeChat lists another. */
export type CertificateGiven = string | { serial: string; pem: string };

/** The merchant's keys as text; see `pem.ts` for the forms that each may have. */
export interface KeysGiven {
  mchid: string;
  /** 商户 API 证书序列号, hexadecimal. */
  serialNo: string;
  /** 商户私钥, `apiclient_key.pem`. */
  privateKey: string;
  /** APIv3 密钥: 32 characters. */
  apiV3Key: string;
  /** 微信支付公钥 and its id; with certificates too while a merchant is switched over. */
  publicKey?: { id: string; pem: string };
  certificates?: readonly CertificateGiven[];
}

/** The merchant's keys, parsed once: parsing costs three times a signature. */
export interface Keys extends Verifiers {
  readonly mchid: string;
  readonly serialNo: string;
  readonly privateKey: KeyObject;
  readonly apiV3Key: Uint8Array;
  /** In public-key mode: the key that WeChat is asked to sign its answers with. */
  readonly publicKeyId?: string;
}

const SHA256_RSA_BITS_MIN = 2048;
const API_V3_KEY_BYTES = 32;

/** Reads the merchant's keys; throws a {@link KeyError} that says what was put in the wrong place. */
export function createKeys(given: KeysGiven): Keys {
  if (!/^\d{1,32}$/.test(given.mchid)) throw new KeyError('MCHID_MALFORMED');
  const serialNo = given.serialNo.trim().toUpperCase();
  if (!/^[0-9A-F]{1,64}$/.test(serialNo)) throw new KeyError('SERIAL_NO_MALFORMED');
  const apiV3Key = Buffer.from(given.apiV3Key);
  if (apiV3Key.length !== API_V3_KEY_BYTES) {
    throw new KeyError('API_V3_KEY_LENGTH', { found: `${apiV3Key.length} 字节 (bytes)` });
  }
  const privateKey = readPrivateKey(given.privateKey);
  const own = createPublicKey(privateKey);
  const verifiers = new Map<string, KeyObject>();
  if (given.publicKey) verifiers.set(...readPublicKey(given.publicKey, own));
  for (const certificate of given.certificates ?? []) {
    for (const [serial, key] of readCertificates(certificate, own)) verifiers.set(serial, key);
  }
  if (verifiers.size === 0) throw new KeyError('WECHAT_KEY_MISSING');
  if (verifiers.has(serialNo)) throw new KeyError('SERIAL_NO_IS_PLATFORMS');
  return {
    mchid: given.mchid,
    serialNo,
    privateKey,
    apiV3Key,
    verifier: (serial) => verifiers.get(serial),
    ...(given.publicKey ? { publicKeyId: given.publicKey.id.trim() } : {}),
  };
}

function readPrivateKey(text: string): KeyObject {
  const given = onlyOne(text, 'PRIVATE_KEY_UNREADABLE');
  if (given.label === 'ENCRYPTED PRIVATE KEY') throw new KeyError('PRIVATE_KEY_ENCRYPTED');
  if (given.label?.endsWith('CERTIFICATE')) throw new KeyError('PRIVATE_KEY_IS_CERTIFICATE');
  if (given.label?.endsWith('PUBLIC KEY')) throw new KeyError('PRIVATE_KEY_IS_PUBLIC');
  const key = firstThatReads(
    [
      () => createPrivateKey({ key: given.der, format: 'der', type: 'pkcs8' }),
      () => createPrivateKey({ key: given.der, format: 'der', type: 'pkcs1' }),
    ],
    'PRIVATE_KEY_UNREADABLE',
  );
  return strongRsa(key, 'PRIVATE_KEY_NOT_RSA');
}

function readPublicKey({ id, pem }: { id: string; pem: string }, own: KeyObject) {
  const keyId = id.trim();
  if (!/^PUB_KEY_ID_[0-9A-Za-z]{1,64}$/.test(keyId)) throw new KeyError('PUBLIC_KEY_ID_MALFORMED');
  const { label, der } = onlyOne(pem, 'PUBLIC_KEY_UNREADABLE');
  if (label?.endsWith('PRIVATE KEY')) throw new KeyError('PUBLIC_KEY_IS_PRIVATE');
  if (label?.endsWith('CERTIFICATE')) throw new KeyError('PUBLIC_KEY_IS_CERTIFICATE');
  const key = firstThatReads(
    [
      () => createPublicKey({ key: der, format: 'der', type: 'spki' }),
      () => createPublicKey({ key: der, format: 'der', type: 'pkcs1' }),
    ],
    'PUBLIC_KEY_UNREADABLE',
  );
  if (key.equals(own)) throw new KeyError('PUBLIC_KEY_IS_MERCHANTS');
  return [keyId, strongRsa(key, 'PUBLIC_KEY_NOT_RSA')] as const;
}

function readCertificates(given: CertificateGiven, own: KeyObject): [string, KeyObject][] {
  const { serial, pem } = typeof given === 'string' ? { serial: undefined, pem: given } : given;
  const blocks = readPem(pem);
  if (blocks.length === 0) throw new KeyError('CERTIFICATE_UNREADABLE');
  return blocks.flatMap((block) => {
    if (block.label?.endsWith('KEY')) throw new KeyError('CERTIFICATE_IS_KEY');
    const certificate = firstThatReads(
      [() => new X509Certificate(block.der)],
      'CERTIFICATE_UNREADABLE',
    );
    const key = strongRsa(certificate.publicKey, 'CERTIFICATE_NOT_RSA');
    if (key.equals(own) || isMerchants(certificate)) {
      throw new KeyError('CERTIFICATE_IS_MERCHANTS', { found: oneLine(certificate.subject) });
    }
    return serialsOf(serial ?? certificate.serialNumber).map((each) => [each, key]);
  });
}

/** WeChat issues merchant certificates to the organisation 微信商户系统; platform ones to Tenpay.com. */
function isMerchants({ subject }: X509Certificate): boolean {
  return /^O=微信商户系统$/m.test(subject);
}

/** OpenSSL prints whole bytes, WeChat's own libraries a number: both spellings of a leading zero. */
function serialsOf(serial: string): string[] {
  const printed = serial.trim().toUpperCase();
  return [printed, printed.replace(/^0+(?=.)/, '')];
}

function onlyOne(text: string, code: KeyErrorCode): Given {
  const [given, ...more] = readPem(text);
  if (!given || more.length > 0) throw new KeyError(code);
  return given;
}

function firstThatReads<T>(readers: readonly (() => T)[], code: KeyErrorCode): T {
  let cause: unknown;
  for (const read of readers) {
    try {
      return read();
    } catch (error) {
      cause ??= error;
    }
  }
  throw new KeyError(code, { cause });
}

function strongRsa(key: KeyObject, code: KeyErrorCode): KeyObject {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType === 'rsa' && bits >= SHA256_RSA_BITS_MIN) return key;
  throw new KeyError(code, { found: `${key.asymmetricKeyType} ${bits}` });
}

function oneLine(subject: string): string {
  return subject.replace(/\n/g, ', ');
}
