import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { serialIn } from '../../../shared/contract/settingForms.ts';
import { isPrimes, readPrimes } from '../../../shared/gateway/apiV3/keys/primes.ts';

/** The key in a text, or what is wrong with the text; the fault never quotes it. */
export type ReadResult<T> = { kind: 'value'; value: T } | Fault;

interface Fault {
  kind: 'fault';
  fault: string;
}

const UNREADABLE: Fault = {
  kind: 'fault',
  fault: '无法读取：不完整，或不是 PEM 或 base64 (not readable as PEM or base64)',
};

const BITS_MIN = 2048;
const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/g;

/** DER bytes with the label of their PEM frame; bare base64 has none. */
interface Block {
  label: string;
  der: Buffer;
}

/**
 * Finds the keys in a text, in each form that an environment variable may have: PEM, PEM in one
 * line with `\n` or `\\n`, base64 of the DER or of the PEM. Empty: it is none of these.
 */
function blocksOf(text: string): Block[] {
  if (text.includes('-----BEGIN ')) return pemBlocksOf(text);
  const bytes = decodeBase64(text);
  if (!bytes) return [];
  const decodedText = bytes.toString('latin1');
  return decodedText.includes('-----BEGIN ')
    ? pemBlocksOf(decodedText)
    : [{ label: '', der: bytes }];
}

function pemBlocksOf(pem: string): Block[] {
  return [...pem.matchAll(PEM_BLOCK)].flatMap(([, label = '', body = '']) => {
    const der = decodeBase64(body);
    return der ? [{ label, der }] : [];
  });
}

function decodeBase64(base64: string): Buffer | undefined {
  const packed = base64.replace(/\\+[rn]|\s/g, '');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(packed) ? Buffer.from(packed, 'base64') : undefined;
}

/** Faults of what stands in the place of the private key, by its label. */
const PRIVATE_KEY = {
  CERTIFICATE: '填的是证书，应为 apiclient_key.pem (this is a certificate)',
  'PUBLIC KEY': '填的是公钥，应为 apiclient_key.pem (this is a public key)',
  'ENCRYPTED PRIVATE KEY': '私钥带口令，请先解密 (it is encrypted: remove the passphrase)',
};

/** Faults of what stands in the place of the public key, by its label. */
const PUBLIC_KEY = {
  CERTIFICATE: '填的是证书，平台证书应填 WXPAY_PLATFORM_CERT (this is a certificate)',
  'PRIVATE KEY': '填的是私钥，应为 pub_key.pem (this is a private key)',
};

/** Reads the merchant's private key (apiclient_key.pem, or its primes): RSA of 2048 bits or more. */
export function readPrivateKey(text: string): ReadResult<KeyObject> {
  if (isPrimes(text)) return requireStrong(readFirst(['rsa'], () => readPrimes(text)));
  const [block, ...more] = blocksOf(text);
  if (!block || more.length > 0) return UNREADABLE;
  const wrongKind = wrongKindFault(block.label, PRIVATE_KEY);
  if (wrongKind) return wrongKind;
  const key = privateKeyIn(block.der);
  if (!key && isCertificate(block.der)) return { kind: 'fault', fault: PRIVATE_KEY.CERTIFICATE };
  if (!key && publicKeyIn(block.der)) {
    return { kind: 'fault', fault: PRIVATE_KEY['PUBLIC KEY'] };
  }
  return requireStrong(key);
}

/** Reads WeChat Pay's public key (pub_key.pem). */
export function readPublicKey(text: string): ReadResult<KeyObject> {
  const [block, ...more] = blocksOf(text);
  if (!block || more.length > 0) return UNREADABLE;
  const wrongKind = wrongKindFault(block.label, PUBLIC_KEY);
  if (wrongKind) return wrongKind;
  // OpenSSL takes the public half of a private key in silence.
  if (privateKeyIn(block.der)) return { kind: 'fault', fault: PUBLIC_KEY['PRIVATE KEY'] };
  const key = publicKeyIn(block.der);
  if (!key && isCertificate(block.der)) return { kind: 'fault', fault: PUBLIC_KEY.CERTIFICATE };
  return requireStrong(key);
}

function privateKeyIn(der: Buffer): KeyObject | undefined {
  return readFirst(['pkcs8', 'pkcs1'], (type) =>
    createPrivateKey({ key: der, format: 'der', type: type as 'pkcs8' }),
  );
}

function publicKeyIn(der: Buffer): KeyObject | undefined {
  return readFirst(['spki', 'pkcs1'], (type) =>
    createPublicKey({ key: der, format: 'der', type: type as 'spki' }),
  );
}

function isCertificate(der: Buffer): boolean {
  return readFirst(['x509'], () => new X509Certificate(der)) !== undefined;
}

/** Reads one or more certificates. */
export function readCertificates(text: string): ReadResult<X509Certificate[]> {
  const blocks = blocksOf(text);
  if (blocks.length === 0) return UNREADABLE;
  const certificates: X509Certificate[] = [];
  for (const { label, der } of blocks) {
    const wrongKind = wrongKindFault(label, { KEY: '填的是密钥而不是证书 (this is a key)' });
    if (wrongKind) return wrongKind;
    const certificate = readFirst(['x509'], () => new X509Certificate(der));
    if (!certificate) return UNREADABLE;
    certificates.push(certificate);
  }
  return { kind: 'value', value: certificates };
}

/** Says what was put in the wrong place; of the labels that fit, the longest decides. */
function wrongKindFault(label: string, faults: Record<string, string>): Fault | undefined {
  const [longest] = Object.keys(faults)
    .filter((name) => label.endsWith(name))
    .sort((a, b) => b.length - a.length);
  const fault = longest === undefined ? undefined : faults[longest];
  return fault === undefined ? undefined : { kind: 'fault', fault };
}

/** Reads the first form that can be read; `undefined` where none can. */
function readFirst<T>(types: readonly string[], read: (type: string) => T): T | undefined {
  for (const type of types) {
    try {
      return read(type);
    } catch {
      // OpenSSL says of wrong bytes only that they are wrong: the next form is tried.
    }
  }
  return undefined;
}

function requireStrong(key: KeyObject | undefined): ReadResult<KeyObject> {
  if (!key) return UNREADABLE;
  const bits = bitsOf(key);
  if (key.asymmetricKeyType === 'rsa' && bits >= BITS_MIN) return { kind: 'value', value: key };
  return {
    kind: 'fault',
    fault: `应为 RSA，至少 ${BITS_MIN} 位 (RSA of ${BITS_MIN} bits or more is expected)`,
  };
}

/** Tells the length of an RSA key. */
export function bitsOf(key: KeyObject): number {
  return key.asymmetricKeyDetails?.modulusLength ?? 0;
}

/** Tells whether a public key is the other half of a private key. */
export function isHalfOf(publicKey: KeyObject, privateKey: KeyObject): boolean {
  return createPublicKey(privateKey).equals(publicKey);
}

/** Writes a serial as a number is written: upper case, without leading zeros. */
export function serialOf(text: string): string {
  return serialIn(text).replace(/^0+(?=.)/, '');
}

/**
 * Tells a merchant certificate: WeChat issues it to the organisation 微信商户系统, its own to Tenpay.com.
 */
export function isIssuedToMerchant({ subject }: X509Certificate): boolean {
  return /^O=微信商户系统$/m.test(subject);
}
