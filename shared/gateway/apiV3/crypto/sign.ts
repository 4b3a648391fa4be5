import { createVerify, type KeyObject, sign as rsaSign } from 'node:crypto';
import { fromBase64 } from './base64.ts';

/** Signs a message with SHA256withRSA; the answer is base64. Keep the KeyObject: parsing costs 3×. */
export function sign(message: string | Uint8Array, privateKey: KeyObject): string {
  return rsaSign('RSA-SHA256', Buffer.from(message), privateKey).toString('base64');
}

/** A message, or its pieces one after the other. */
type Message = string | Uint8Array | readonly (string | Uint8Array)[];

/**
 * Tells whether `signature` was made over `message` by the owner of `publicKey`. Only canonical
 * base64 counts: an RSA-2048 signature leaves 4 spare bits that a forger could vary.
 */
export function verify(message: Message, signature: string, publicKey: KeyObject): boolean {
  const bytes = fromBase64(signature);
  if (!bytes) return false;
  const verifier = createVerify('RSA-SHA256');
  for (const piece of [message].flat()) verifier.update(piece);
  return verifier.verify(publicKey, bytes);
}
