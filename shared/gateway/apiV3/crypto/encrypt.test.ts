import { expect, test } from 'vitest';
import { openSecret } from '../../../../emulator/wechatpay/keys/secretField.ts';
import { nextPair, wechatPair } from '../../../../tests/support/wechatSide.ts';
import { encrypt, longestOf, type WeChatKey } from './encrypt.ts';

const aKey = (serial: string, expiresAtMs: number): WeChatKey => {
  return { serial, key: wechatPair.publicKey, expiresAtMs };
};

test.each(['6222020000000004321', '欧阳𬱖', '名'.repeat(71)])(
  '%s opens with the other half of the key alone, and never looks the same',
  (secret) => {
    const sealed = encrypt(secret, aKey('K', 1));
    expect(openSecret(sealed, wechatPair.privateKey)).toBe(secret);
    expect(openSecret(sealed, nextPair.privateKey)).toBeUndefined();
    expect(encrypt(secret, aKey('K', 1))).not.toBe(sealed);
  },
);

test.each<[WeChatKey[], string | undefined]>([
  [[], undefined],
  [[aKey('old', 1), aKey('new', 2)], 'new'],
  [[aKey('new', 2), aKey('old', 1)], 'new'],
  [[aKey('PUB_KEY_ID_1', Number.POSITIVE_INFINITY), aKey('new', 2)], 'PUB_KEY_ID_1'],
  [[aKey('printed', 1), aKey('spelt without its zero', 1)], 'printed'],
])('of %o the key to encrypt with is %s', (keys, serial) => {
  expect(longestOf(keys)?.serial).toBe(serial);
});
