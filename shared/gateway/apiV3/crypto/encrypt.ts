import { constants, type KeyObject, publicEncrypt } from 'node:crypto';

/** One of WeChat's own public keys, with the serial by which both sides name it. */
export interface WeChatKey {
  serial: string;
  key: KeyObject;
  /** When its certificate ends; a WeChat Pay public key (微信支付公钥) never does. */
  expiresAtMs: number;
}

/**
 * Encrypts a secret field (敏感信息加密) so that only WeChat Pay can read it: RSAES-OAEP with SHA-1, in
 * base64, different each time. A 2048-bit key takes 214 bytes. Source: D4013053257.
 */
export function encrypt(secret: string, { key }: WeChatKey): string {
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return publicEncrypt({ key, padding, oaepHash: 'sha1' }, Buffer.from(secret)).toString('base64');
}

/** Picks the key to encrypt with: the one valid longest, which is the public key where there is one. */
export function longestOf(keys: readonly WeChatKey[]): WeChatKey | undefined {
  return keys.reduce<WeChatKey | undefined>(
    (longest, key) => (longest && longest.expiresAtMs >= key.expiresAtMs ? longest : key),
    undefined,
  );
}
