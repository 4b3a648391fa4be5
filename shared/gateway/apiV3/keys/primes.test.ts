import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { keysOptions, merchantPair, next, nextPair } from '../../../../tests/support/wechatSide.ts';
import { sign, verify } from '../crypto/sign.ts';
import { createKeys } from './keys.ts';
import { isPrimes, primesOf, readPrimes } from './primes.ts';

const compact = primesOf(merchantPair.privateKey) ?? '';
const withPart = (at: number, change: (part: string) => string) =>
  compact
    .split('.')
    .map((part, index) => (index === at ? change(part) : part))
    .join('.');
/** Another letter in the middle of a part: still base64url of the same length. */
const damaged = (part: string) =>
  `${part.slice(0, 40)}${part[40] === 'A' ? 'B' : 'A'}${part.slice(41)}`;

test.each([2048, 3072, 4096])('a key of %i bits is the same key after it', (modulusLength) => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength });
  const read = readPrimes(` ${primesOf(privateKey)}\n`);
  expect(createPublicKey(read).equals(createPublicKey(privateKey))).toBe(true);
  expect(sign('text', read)).toBe(sign('text', privateKey));
  expect(primesOf(read)).toBe(primesOf(privateKey));
});

test('an exponent of its own and primes in any order are kept', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 257 });
  const [form, p, q, e] = (primesOf(privateKey) ?? '').split('.');
  for (const text of [`${form}.${p}.${q}.${e}`, `${form}.${q}.${p}.${e}`]) {
    const signature = sign('text', readPrimes(text));
    expect(signature).toBe(sign('text', privateKey));
  }
});

test('a key of 2048 bits has 352 bytes in this form', () => {
  expect(compact).toHaveLength(352);
  expect(isPrimes(compact)).toBe(true);
});

test('both pairs are read from it, beside every other form', () => {
  const keys = createKeys({
    ...keysOptions,
    privateKey: compact,
    next: { ...next, privateKey: primesOf(nextPair.privateKey) ?? '' },
  });
  expect(verify('text', sign('text', keys.privateKey), merchantPair.publicKey)).toBe(true);
  keys.failOver(keys.serialNo);
  expect(verify('text', sign('text', keys.privateKey), nextPair.publicKey)).toBe(true);
});

test.each([
  ['cut off', compact.slice(0, -60)],
  ['without its exponent', compact.split('.').slice(0, 3).join('.')],
  ['with another first prime', withPart(1, damaged)],
  ['with another second prime', withPart(2, damaged)],
  ['with an exponent that fits none', withPart(3, () => 'AQAA')],
  ['with the exponent 0', withPart(3, () => 'AA')],
  ['with one prime twice', withPart(2, () => compact.split('.')[1] ?? '')],
  ['with a letter that base64url does not have', withPart(1, (part) => `${part}+`)],
  ['empty in the middle', withPart(1, () => '')],
  ['with a zero', withPart(1, () => 'AA')],
  ['with a one', withPart(1, () => 'AQ')],
])('%s it is no key, and the error holds none of it', (_what, text) => {
  const error = (() => {
    try {
      createKeys({ ...keysOptions, privateKey: text });
    } catch (thrown) {
      return thrown as Error;
    }
    return undefined;
  })();
  expect(error).toMatchObject({ name: 'KeyError', code: 'PRIVATE_KEY_UNREADABLE' });
  expect(error?.message).not.toContain(text.slice(4, 40));
});

test('a key of another kind has no primes, and a short one stays too short', () => {
  expect(primesOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)).toBeUndefined();
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const options = { ...keysOptions, privateKey: primesOf(short) ?? '' };
  expect(() => createKeys(options)).toThrow(/2048/);
});
