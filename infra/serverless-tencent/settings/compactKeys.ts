import { primesOf } from '../../../shared/gateway/apiV3/keys/primes.ts';
import { type ReadResult, readCertificates, readPrivateKey, readPublicKey } from './keys.ts';

/**
 * Writes the keys of an environment in their shortest form: private ones as their primes, others as base64
 * without line ends. What cannot be read, and every other value, stays as it is.
 */
export function compactKeys(environment: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(environment).map(([key, value]) => {
    const compact = Object.hasOwn(WRITERS, key) ? WRITERS[key]?.(value) : undefined;
    return [key, compact ?? value] as const;
  });
  return Object.fromEntries(entries);
}

type Writer = (text: string) => string | undefined;

const privateKey: Writer = (text) => {
  const key = keyIn(readPrivateKey(text));
  return key && primesOf(key);
};

const publicKey: Writer = (text) =>
  keyIn(readPublicKey(text))?.export({ format: 'der', type: 'spki' }).toString('base64');

const certificate: Writer = (text) => {
  const [one, ...more] = keyIn(readCertificates(text)) ?? [];
  // Several need their frames, which say where each ends.
  return more.length > 0 ? undefined : one?.raw.toString('base64');
};

const WRITERS: Readonly<Record<string, Writer>> = {
  WXPAY_PRIVATE_KEY: privateKey,
  WXPAY_PRIVATE_KEY_NEXT: privateKey,
  WXPAY_PUBLIC_KEY: publicKey,
  WXPAY_PLATFORM_CERT: certificate,
};

function keyIn<T>(read: ReadResult<T>): T | undefined {
  return read.kind === 'value' ? read.value : undefined;
}
