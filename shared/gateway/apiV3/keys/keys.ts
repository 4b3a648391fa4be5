import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { longestOf, type WeChatKey } from '../crypto/encrypt.ts';
import type { Verifiers } from '../crypto/verify.ts';
import { KeyError } from './keyError.ts';
import { type CertificateText, readCertificates } from './platformCertificate.ts';
import { isPrimes, readPrimes } from './primes.ts';
import { firstThatReads, onlyOne, strongRsa } from './rsaKey.ts';

/** A merchant certificate (商户 API 证书): its serial, hexadecimal, and `apiclient_key.pem`. */
export interface KeyPairOptions {
  serialNo: string;
  privateKey: string;
}

/** The merchant's keys as text; see `pem.ts` and `primes.ts` for the forms that each may have. */
export interface KeysOptions extends KeyPairOptions {
  mchid: string;
  /** The pair that takes over when WeChat no longer takes the first (换证). */
  next?: KeyPairOptions;
  /** APIv3 密钥: 32 characters. */
  apiV3Key: string;
  /** 微信支付公钥 and its id; with certificates too while a merchant is switched over. */
  publicKey?: { id: string; pem: string };
  certificates?: readonly CertificateText[];
  /** Allows to have no key of WeChat's: the platform certificates are downloaded. Else it is an error. */
  downloads?: boolean;
}

/** The merchant's keys, parsed once: parsing costs three times a signature. */
export interface Keys extends Verifiers {
  readonly mchid: string;
  /** Serial and key of the pair that signs now; both change together, in {@link failOver}. */
  readonly serialNo: string;
  readonly privateKey: KeyObject;
  /** The serial that signs once WeChat refused `serialNo`; undefined where there is no other pair. */
  alternativeTo(serialNo: string): string | undefined;
  /** Goes over to the other pair once WeChat refused `serialNo`, unless a call beside this one did already. */
  failOver(serialNo: string): void;
  readonly apiV3Key: Uint8Array;
  /** In public-key mode: the key with which WeChat is requested to sign its answers. */
  readonly publicKeyId?: string;
  /** The configured key of WeChat's that secret fields are encrypted with. */
  readonly encrypter?: WeChatKey;
  /** Tells whether a public key is the merchant's own. */
  isOwn(key: KeyObject): boolean;
  /** None of WeChat's keys was given: its platform certificates are to be downloaded. */
  readonly downloads: boolean;
}

const API_V3_KEY_BYTES = 32;

/** Reads the merchant's keys; throws a {@link KeyError} that names the wrong input and what it is. */
export function createKeys(options: KeysOptions): Keys {
  if (!/^\d{1,32}$/.test(options.mchid)) throw new KeyError('MCHID_MALFORMED');
  const pair = readPair(options);
  const next = options.next && readNext(options.next);
  const apiV3Key = Buffer.from(options.apiV3Key);
  if (apiV3Key.length !== API_V3_KEY_BYTES) {
    throw new KeyError('API_V3_KEY_LENGTH', { found: `${apiV3Key.length} 字节 (bytes)` });
  }
  const own = [pair, ...(next ? [next] : [])];
  const isOwn = (key: KeyObject) => own.some(({ publicKey }) => publicKey.equals(key));
  const wechats = readWeChatKeys(options, isOwn);
  const verifiers = new Map(wechats.map(({ serial, key }) => [serial, key]));
  const encrypter = longestOf(wechats);
  if (verifiers.size === 0 && !options.downloads) throw new KeyError('WECHAT_KEY_MISSING');
  if (own.some(({ serialNo }) => verifiers.has(serialNo))) {
    throw new KeyError('SERIAL_NO_IS_PLATFORMS');
  }
  return Object.assign(alternatingPair(pair, next), {
    mchid: options.mchid,
    apiV3Key,
    verifier: (serial: string) => verifiers.get(serial),
    isOwn,
    downloads: verifiers.size === 0,
    ...(encrypter ? { encrypter } : {}),
    ...(options.publicKey ? { publicKeyId: options.publicKey.id.trim() } : {}),
  });
}

interface Pair {
  serialNo: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

function readPair(options: KeyPairOptions): Pair {
  const serialNo = options.serialNo.trim().toUpperCase();
  if (!/^[0-9A-F]{1,64}$/.test(serialNo)) throw new KeyError('SERIAL_NO_MALFORMED');
  const privateKey = readPrivateKey(options.privateKey);
  return { serialNo, privateKey, publicKey: createPublicKey(privateKey) };
}

/** Reads the second pair; its errors name it. */
function readNext(options: KeyPairOptions): Pair {
  try {
    return readPair(options);
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    throw new KeyError(error.code, { in: 'next', cause: error });
  }
}

function alternatingPair(
  pair: Pair,
  next: Pair | undefined,
): Pick<Keys, 'alternativeTo' | 'failOver'> & Omit<Pair, 'publicKey'> {
  let current = pair;
  const otherThan = (serialNo: string): Pair | undefined => {
    if (current.serialNo !== serialNo) return current;
    return current === pair ? next : pair;
  };
  return {
    get serialNo() {
      return current.serialNo;
    },
    get privateKey() {
      return current.privateKey;
    },
    alternativeTo: (serialNo) => otherThan(serialNo)?.serialNo,
    failOver: (serialNo) => {
      current = otherThan(serialNo) ?? current;
    },
  };
}

function readWeChatKeys(options: KeysOptions, isOwn: Keys['isOwn']): WeChatKey[] {
  const certificates = options.certificates ?? [];
  return [
    ...(options.publicKey ? [readPublicKey(options.publicKey, isOwn)] : []),
    ...readCertificates(certificates, isOwn),
  ];
}

function readPrivateKey(text: string): KeyObject {
  if (isPrimes(text)) {
    const ofPrimes = firstThatReads([() => readPrimes(text)], 'PRIVATE_KEY_UNREADABLE');
    return strongRsa(ofPrimes, 'PRIVATE_KEY_NOT_RSA');
  }
  const { label, der } = onlyOne(text, 'PRIVATE_KEY_UNREADABLE');
  if (label === 'ENCRYPTED PRIVATE KEY') throw new KeyError('PRIVATE_KEY_ENCRYPTED');
  if (label?.endsWith('CERTIFICATE')) throw new KeyError('PRIVATE_KEY_IS_CERTIFICATE');
  if (label?.endsWith('PUBLIC KEY')) throw new KeyError('PRIVATE_KEY_IS_PUBLIC');
  const key = firstThatReads(
    [
      () => createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
      () => createPrivateKey({ key: der, format: 'der', type: 'pkcs1' }),
    ],
    'PRIVATE_KEY_UNREADABLE',
  );
  return strongRsa(key, 'PRIVATE_KEY_NOT_RSA');
}

function readPublicKey({ id, pem }: { id: string; pem: string }, isOwn: Keys['isOwn']): WeChatKey {
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
  if (isOwn(key)) throw new KeyError('PUBLIC_KEY_IS_MERCHANTS');
  const strong = strongRsa(key, 'PUBLIC_KEY_NOT_RSA');
  return { serial: keyId, key: strong, expiresAtMs: Number.POSITIVE_INFINITY };
}
