/**
 * Writes and reads the compact form of an RSA private key: its two primes and exponent, `rsa.p.q.e` in
 * base64url. 352 bytes for 2048 bits where PEM has 1,704: two pairs fit into a function's environment.
 */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

const PRIMES = /^rsa\.([\w-]+)\.([\w-]+)\.([\w-]+)$/;

/** Writes a private key as its primes; undefined for one that is not RSA. */
export function primesOf(privateKey: KeyObject): string | undefined {
  if (privateKey.asymmetricKeyType !== 'rsa') return undefined;
  const { p, q, e } = privateKey.export({ format: 'jwk' });
  return `rsa.${p}.${q}.${e}`;
}

/** Tells whether a text means to be a key in this form. */
export function isPrimes(text: string): boolean {
  return text.trim().startsWith('rsa.');
}

/** Reads a private key from its primes; throws for any other text, a damaged one too. */
export function readPrimes(text: string): KeyObject {
  const [, ...parts] = PRIMES.exec(text.trim()) ?? [];
  const [p = 0n, q = 0n, e = 0n] = parts.map(numberOf);
  const d = inverse(e, (p - 1n) * (q - 1n));
  const numbers = {
    n: p * q,
    e,
    d,
    p,
    q,
    dp: d % (p - 1n),
    dq: d % (q - 1n),
    qi: inverse(q, p),
  };
  const fields = Object.entries(numbers).map(([name, number]) => [name, textOf(number)] as const);
  const key = { kty: 'RSA', ...Object.fromEntries(fields) };
  const privateKey = createPrivateKey({ key, format: 'jwk' });
  // A number that is no prime any more, one letter lost, makes a key that signs and is never right.
  const signature = sign('RSA-SHA256', SAMPLE, privateKey);
  if (verify('RSA-SHA256', SAMPLE, createPublicKey(privateKey), signature)) return privateKey;
  throw new Error('these are not the primes of a key');
}

const SAMPLE = Buffer.from('rsa');

function numberOf(base64url: string): bigint {
  return BigInt(`0x${Buffer.from(base64url, 'base64url').toString('hex')}`);
}

function textOf(number: bigint): string {
  const hex = number.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url');
}

/** Finds the inverse of a number by Euclid; throws where there is none. */
function inverse(number: bigint, modulus: bigint): bigint {
  const rest = number % modulus;
  if (rest === 1n) return 1n;
  if (rest <= 0n) throw new Error('these are not the primes of a key');
  return modulus + (1n - modulus * inverse(modulus, rest)) / rest;
}
