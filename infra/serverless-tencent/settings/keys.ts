import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';

/** What a key text held, or what is wrong with it; the fault never quotes the text. */
export type Read<T> = { value: T } | { fault: string };

const BITS_MIN = 2048;
const FRAMED = /-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/g;

/** DER bytes, and what a PEM frame called them; bare base64 has no frame. */
interface Block {
  label: string;
  der: Buffer;
}

/**
 * The keys in a text, in each form that an environment variable may have: PEM, PEM in one line with
 * `\n`, base64 of the DER or of the PEM. Empty: it is none of these.
 */
function blocksOf(text: string): Block[] {
  if (text.includes('-----BEGIN ')) return framed(text);
  const bytes = decoded(text);
  if (!bytes) return [];
  const inner = bytes.toString('latin1');
  return inner.includes('-----BEGIN ') ? framed(inner) : [{ label: '', der: bytes }];
}

function framed(pem: string): Block[] {
  return [...pem.matchAll(FRAMED)].flatMap(([, label = '', body = '']) => {
    const der = decoded(body);
    return der ? [{ label, der }] : [];
  });
}

function decoded(base64: string): Buffer | undefined {
  const packed = base64.replace(/\\[rn]|\s/g, '');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(packed) ? Buffer.from(packed, 'base64') : undefined;
}

/** Reads the merchant's private key (apiclient_key.pem): RSA of 2048 bits or more. */
export function readPrivateKey(text: string): Read<KeyObject> {
  const [block, ...more] = blocksOf(text);
  if (!block || more.length > 0) return unreadable;
  const misplaced = faultOf(block.label, {
    CERTIFICATE: '填的是证书，应为 apiclient_key.pem (this is a certificate)',
    'PUBLIC KEY': '填的是公钥，应为 apiclient_key.pem (this is a public key)',
    'ENCRYPTED PRIVATE KEY': '私钥带口令，请先解密 (it is encrypted: remove the passphrase)',
  });
  if (misplaced) return misplaced;
  return strong(
    firstOf(['pkcs8', 'pkcs1'], (type) =>
      createPrivateKey({ key: block.der, format: 'der', type: type as 'pkcs8' }),
    ),
  );
}

/** Reads WeChat Pay's public key (pub_key.pem). */
export function readPublicKey(text: string): Read<KeyObject> {
  const [block, ...more] = blocksOf(text);
  if (!block || more.length > 0) return unreadable;
  const misplaced = faultOf(block.label, {
    CERTIFICATE: '填的是证书，平台证书应填 WXPAY_PLATFORM_CERT (this is a certificate)',
    'PRIVATE KEY': '填的是私钥，应为 pub_key.pem (this is a private key)',
  });
  if (misplaced) return misplaced;
  return strong(
    firstOf(['spki', 'pkcs1'], (type) =>
      createPublicKey({ key: block.der, format: 'der', type: type as 'spki' }),
    ),
  );
}

/** Reads one or more certificates. */
export function readCertificates(text: string): Read<X509Certificate[]> {
  const blocks = blocksOf(text);
  if (blocks.length === 0) return unreadable;
  const certificates: X509Certificate[] = [];
  for (const { label, der } of blocks) {
    const misplaced = faultOf(label, { KEY: '填的是密钥而不是证书 (this is a key)' });
    if (misplaced) return misplaced;
    const one = firstOf(['x509'], () => new X509Certificate(der));
    if (!one) return unreadable;
    certificates.push(one);
  }
  return { value: certificates };
}

const unreadable = {
  fault: '无法读取：不完整，或不是 PEM 或 base64 (not readable as PEM or base64)',
};

/** The longest frame that fits says what was put in the wrong place. */
function faultOf(label: string, faults: Record<string, string>): { fault: string } | undefined {
  const [fits] = Object.keys(faults)
    .filter((name) => label.endsWith(name))
    .sort((a, b) => b.length - a.length);
  const fault = fits === undefined ? undefined : faults[fits];
  return fault === undefined ? undefined : { fault };
}

/** The first of some forms that reads; `undefined` where none does. */
function firstOf<T>(types: readonly string[], read: (type: string) => T): T | undefined {
  for (const type of types) {
    try {
      return read(type);
    } catch {
      // OpenSSL says of wrong bytes only that they are wrong: the next form is tried.
    }
  }
  return undefined;
}

function strong(key: KeyObject | undefined): Read<KeyObject> {
  if (!key) return unreadable;
  const bits = bitsOf(key);
  if (key.asymmetricKeyType === 'rsa' && bits >= BITS_MIN) return { value: key };
  return { fault: `应为 RSA，至少 ${BITS_MIN} 位 (RSA of ${BITS_MIN} bits or more is expected)` };
}

/** The length of an RSA key. */
export function bitsOf(key: KeyObject): number {
  return key.asymmetricKeyDetails?.modulusLength ?? 0;
}

/** Tells whether a public key is the other half of a private key. */
export function isHalfOf(publicKey: KeyObject, privateKey: KeyObject): boolean {
  return createPublicKey(privateKey).equals(publicKey);
}

/** A serial as a number is written: upper case, without leading zeros. */
export function serialOf(text: string): string {
  return text
    .trim()
    .toUpperCase()
    .replace(/^0+(?=.)/, '');
}

/** WeChat issues merchant certificates to the organisation 微信商户系统, its own to Tenpay.com. */
export function isIssuedToMerchant({ subject }: X509Certificate): boolean {
  return /^O=微信商户系统$/m.test(subject);
}
