import { StoreError } from '../ports/store.ts';

/** Waits between repeats of one call to the database. */
const repeatAfterMs = [50, 250] as const;

/** Words after which the database did not act, and the same call makes sense again. */
const NOT_ACTED = new Set<unknown>([
  'EXCEED_REQUEST_LIMIT',
  'EXCEED_CONCURRENT_REQUEST_LIMIT',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** Words of a refusal that stays one. */
const REFUSED =
  /^(DATABASE_(?!REQUEST_FAILED|TIMEOUT|TRANSACTION)|INVALID_|SIGN_|PERMISSION|EXCEED_MAX|ResourceNotFound)/;

/** Word for a key that is taken, by us or by somebody else: an answer, no failure. */
export const DUPLICATE = 'DATABASE_DUPLICATE_WRITE';

/** The word of an error of the SDK. */
export function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === undefined ? '' : String(code);
}

/**
 * Makes one call to the database, and the very same again while its outcome is unknown: a reset
 * connection, a time-out, an answer that is none. `unsure` tells that an earlier attempt may have
 * taken effect, so that the caller looks before it believes a "no".
 */
export async function attempt<T>(
  call: () => Promise<T>,
  wait: (ms: number) => Promise<void>,
): Promise<{ answer: T; unsure: boolean }> {
  let unsure = false;
  for (const waitMs of [...repeatAfterMs, undefined]) {
    try {
      return { answer: await call(), unsure };
    } catch (error) {
      if (error instanceof RangeError || error instanceof StoreError) throw error;
      const code = codeOf(error);
      if (REFUSED.test(code)) throw refused(code, error);
      unsure ||= !NOT_ACTED.has(code);
      if (waitMs === undefined) throw unknown(unsure, code, error);
      await wait(waitMs);
    }
  }
  throw new StoreError('STORE_UNAVAILABLE', 'same_write', 'unreachable');
}

function refused(code: string, cause: unknown): StoreError {
  const hint = code === 'DATABASE_COLLECTION_NOT_EXIST' ? ': deploy creates the collection' : '';
  return new StoreError('STORE_REFUSED', 'never', `the database refused: ${code}${hint}`, cause);
}

function unknown(unsure: boolean, code: string, cause: unknown): StoreError {
  const kind = unsure ? 'STORE_OUTCOME_UNKNOWN' : 'STORE_UNAVAILABLE';
  return new StoreError(kind, 'same_write', `the database did not answer: ${code}`, cause);
}
