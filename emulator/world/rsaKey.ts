import { generateKeyPairSync } from 'node:crypto';

/** Makes a private key: RSA-2048, PKCS#8 PEM; it takes a good part of a second. */
export function newRsaKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}
