import { createDecipheriv, createHash } from 'node:crypto';

/** Makes the key of `req_info`: the hexadecimal MD5 of the APIv2 key (APIv2 密钥), in lower case, as 32 characters. */
export function reqInfoKey(apiV2Key: string): Buffer {
  return Buffer.from(createHash('md5').update(apiV2Key).digest('hex'));
}

/**
 * Opens base64 of AES-256-ECB with PKCS#7; undefined when it is none, or was closed with another key. It has
 * no integrity: blocks can be left out, doubled and put in another order, so what opens proves nothing.
 */
export function openEcb(text: string, key: Uint8Array): Buffer | undefined {
  const box = Buffer.from(text, 'base64');
  if (box.length === 0 || box.toString('base64') !== text) return undefined;
  const decipher = createDecipheriv('aes-256-ecb', key, null);
  try {
    return Buffer.concat([decipher.update(box), decipher.final()]);
  } catch {
    return undefined;
  }
}
