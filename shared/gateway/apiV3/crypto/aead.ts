import { createCipheriv, createDecipheriv } from 'node:crypto';
import { fromBase64 } from './base64.ts';

/** An AEAD_AES_256_GCM box as APIv3 prints it; the last 16 bytes of `ciphertext` are the tag. */
export interface Sealed {
  ciphertext: string;
  nonce: string;
  associatedData: string;
}

const TAG_BYTES = 16;
/** WeChat sends 12 bytes; 16 is seen in the wild (vector aead-axios-empty-plaintext). */
const NONCE_BYTES = [12, 16];

/**
 * Opens a sealed resource with the APIv3 key (APIv3密钥). Undefined when it was not sealed with this key,
 * nonce and associated data, or is no such box at all; it never throws.
 */
export function open(sealed: Sealed, key: Uint8Array): Buffer | undefined {
  const box = fromBase64(sealed.ciphertext);
  const nonce = Buffer.from(sealed.nonce);
  if (!box || !NONCE_BYTES.includes(nonce.length)) return undefined;
  try {
    const options = { authTagLength: TAG_BYTES };
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, options);
    // It takes no tag but a whole one: a forger needs fewer trials for a short one.
    decipher.setAuthTag(box.subarray(-TAG_BYTES));
    decipher.setAAD(Buffer.from(sealed.associatedData));
    const opened = decipher.update(box.subarray(0, -TAG_BYTES));
    // final() adds no byte in this mode: it checks the tag, without which a changed byte would pass as payment.
    decipher.final();
    return opened;
  } catch {
    return undefined;
  }
}

/** Seals a resource as WeChat Pay does; the twin of {@link open}, used by the simulated WeChat. */
export function seal(
  plaintext: string | Uint8Array,
  key: Uint8Array,
  nonce: string,
  associatedData: string,
): Sealed {
  const cipher = createCipheriv('aes-256-gcm', key, Buffer.from(nonce));
  cipher.setAAD(Buffer.from(associatedData));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  return { ciphertext: body.toString('base64'), nonce, associatedData };
}
