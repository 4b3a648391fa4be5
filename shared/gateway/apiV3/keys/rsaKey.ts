import type { KeyObject } from 'node:crypto';
import { KeyError, type KeyErrorCode } from './keyError.ts';
import { type EncodedKey, readPem } from './pem.ts';

const SHA256_RSA_BITS_MIN = 2048;

/** Reads a text that holds one key and nothing else; throws a {@link KeyError} `code` for any other. */
export function onlyOne(text: string, code: KeyErrorCode): EncodedKey {
  const [key, ...more] = readPem(text);
  if (!key || more.length > 0) throw new KeyError(code);
  return key;
}

/** Reads with the first reader that does not throw; when all throw, a {@link KeyError} `code`. */
export function firstThatReads<T>(readers: readonly (() => T)[], code: KeyErrorCode): T {
  let cause: unknown;
  for (const read of readers) {
    try {
      return read();
    } catch (error) {
      cause ??= error;
    }
  }
  throw new KeyError(code, { cause });
}

/** Returns an RSA key of 2048 bits or more, as SHA256withRSA of APIv3 needs it; throws for any other. */
export function strongRsa(key: KeyObject, code: KeyErrorCode): KeyObject {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType === 'rsa' && bits >= SHA256_RSA_BITS_MIN) return key;
  throw new KeyError(code, { found: `${key.asymmetricKeyType} ${bits}` });
}
