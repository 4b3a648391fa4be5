import { constants, type KeyObject, privateDecrypt } from 'node:crypto';

/**
 * Opens a secret field (敏感信息加密) of a request: base64 of RSAES-OAEP with SHA-1, made with WeChat
 * Pay's public key. Undefined when it was made with another one, or is no such thing.
 */
export function openSecret(secret: string, key: KeyObject): string | undefined {
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  try {
    const bytes = Buffer.from(secret, 'base64');
    return privateDecrypt({ key, padding, oaepHash: 'sha1' }, bytes).toString('utf8');
  } catch {
    return undefined; // Another key, another padding, no base64: all the same to who asks.
  }
}
