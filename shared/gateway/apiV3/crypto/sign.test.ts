import { createPublicKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { merchantPair, wechatPair } from '../../../../tests/support/wechatSide.ts';
import signed from '../../../../tests/vectors/v3-sign.json' with { type: 'json' };
import verified from '../../../../tests/vectors/v3-verify.json' with { type: 'json' };
import { sign, verify } from './sign.ts';

test.each(signed.vectors)('$id: the known signature verifies', ({ input, expected }) => {
  const publicKey = createPublicKey(input.public_key_pem);
  expect(verify(input.message, expected.signature, publicKey)).toBe(true);
  expect(verify(`${input.message} `, expected.signature, publicKey)).toBe(false);
});

const plain = verified.vectors.filter(({ kind }) => kind === 'rsa-sha256-verify');

test.each(plain)('$id: verifies as known', ({ input, expected }) => {
  const pem = input.public_key_pem ?? input.public_key_pem_pkcs8 ?? '';
  const { message = '', signature = '' } = input;
  expect(verify(message, signature, createPublicKey(pem))).toBe(expected.valid);
});

describe('a signature', () => {
  const { privateKey, publicKey } = wechatPair;
  const signature = sign('message', privateKey);

  test('verifies with the key of its maker and no other', () => {
    expect(verify('message', signature, publicKey)).toBe(true);
    expect(verify('message', signature, merchantPair.publicKey)).toBe(false);
  });

  test('is the same over a text and over its bytes', () => {
    expect(sign(Buffer.from('名'), privateKey)).toBe(sign('名', privateKey));
  });

  // RSA-2048 leaves four spare bits in base64: 16 texts decode to the same signature.
  test.each([
    ['nothing', ''],
    ['no base64', 'FAKE SIGN'],
    ['a blank before it', ` ${signature}`],
    ['a line end after it', `${signature}\n`],
    ['no padding', signature.replace(/=+$/, '')],
    ['other spare bits', signature.replace(/.==$/, (end) => `${next(end[0]!)}==`)],
    ['the URL alphabet', signature.replaceAll('+', '-').replaceAll('/', '_')],
    ['half of it', signature.slice(0, 172)],
  ])('in another spelling is none: %s', (_, other) => {
    expect(other).not.toBe(signature);
    expect(verify('message', other, publicKey)).toBe(false);
  });
});

function next(letter: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return alphabet[alphabet.indexOf(letter) + 1] ?? '';
}
