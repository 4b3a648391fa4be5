import { constants, type KeyObject, publicDecrypt } from 'node:crypto';
import { fromBase64 } from '../../shared/gateway/apiV3/crypto/base64.ts';

/** How the DER of a SHA-256 digest begins that an RSA signature holds. Source: `RFC 8017`. */
const SHA256_DER = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/**
 * Reads which digest a key has signed; undefined where another key made the signature. It verifies nothing: a
 * digest of whatever text says who signed, and that is all.
 */
export function digestSignedBy(signature: string, publicKey: KeyObject): Buffer | undefined {
  const bytes = fromBase64(signature);
  if (!bytes) return undefined;
  try {
    const padding = constants.RSA_PKCS1_PADDING;
    const opened = publicDecrypt({ key: publicKey, padding }, bytes);
    const isDigest = opened.subarray(0, SHA256_DER.length).equals(SHA256_DER);
    return isDigest ? opened.subarray(SHA256_DER.length) : undefined;
  } catch {
    return undefined;
  }
}
