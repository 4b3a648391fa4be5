import { type KeyObject, sign as rsaSign, verify as rsaVerify } from 'node:crypto';

/** Signs a message with SHA256withRSA; the answer is base64. Keep the KeyObject: parsing costs 3×. */
export function sign(message: string | Uint8Array, privateKey: KeyObject): string {
  return rsaSign('RSA-SHA256', bytesOf(message), privateKey).toString('base64');
}

/**
 * Tells whether `signature` was made over `message` by the owner of `publicKey`. Only canonical
 * base64 counts: an RSA-2048 signature leaves 4 spare bits that a forger could vary.
 */
export function verify(
  message: string | Uint8Array,
  signature: string,
  publicKey: KeyObject,
): boolean {
  const bytes = Buffer.from(signature, 'base64');
  if (bytes.length === 0 || bytes.toString('base64') !== signature) return false;
  return rsaVerify('RSA-SHA256', bytesOf(message), publicKey, bytes);
}

function bytesOf(message: string | Uint8Array): Uint8Array {
  return typeof message === 'string' ? Buffer.from(message) : message;
}
