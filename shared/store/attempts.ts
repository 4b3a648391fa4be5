import { StoreError } from '../ports/store.ts';
import { UNSENT_CODES } from '../ports/transport.ts';

/** Waits between attempts at one operation of the database. */
const RETRY_WAITS_MS = [50, 250] as const;

/** Codes after which the database did not act: the operation never reached it, or was turned away. */
const NOT_ACTED = new Set([
  'EXCEED_REQUEST_LIMIT',
  'EXCEED_CONCURRENT_REQUEST_LIMIT',
  ...UNSENT_CODES,
]);

/** Codes of a final refusal, and what to do about it; after every other code the outcome is open. */
const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [/^DATABASE_COLLECTION_NOT_EXIST$/, 'deploy creates the collection'],
  [/^(DATABASE_PERMISSION_DENIED$|PERMISSION)/, 'the role of the function needs the database'],
  [/^SIGN_/, 'check the credentials and the clock'],
  [/^(DATABASE_INVALID_|INVALID_)/, 'check environment id and credentials'],
  [/^(DATABASE_COLLECTION_EXCEED_LIMIT$|EXCEED_MAX)/, 'a limit of the platform is reached'],
  [/^DATABASE_DUPLICATE_WRITE$/, 'another document has this value of a unique index'],
  [/^ResourceNotFound/, 'the environment does not exist'],
];

/** Reads the code of an error: the SDK's, Node's, or none. */
export function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === undefined ? '' : String(code);
}

/** Tells what depends on an operation of the database. */
export interface AttemptOptions {
  /** It writes: without an answer, it may have taken effect. */
  writes: boolean;
  /** It reads the outcome of an earlier write: without an answer, that stays unknown. */
  unsure?: boolean;
}

/** An answer; `unsure`: an earlier attempt may have taken effect, so that "no" is no proof. */
export interface AttemptResult<T> {
  answer: T;
  unsure: boolean;
}

/**
 * Attempts one operation of the database, and the very same again while it has no answer: a reset
 * connection, a time-out, a malformed answer. @cloudbase/node-sdk never repeats, and a frozen instance
 * wakes up with dead sockets. Throws a {@link StoreError} that never calls a write undone that may be done.
 */
export async function attempt<T>(
  operation: () => Promise<T>,
  wait: (ms: number) => Promise<void>,
  { writes, unsure: before = false }: AttemptOptions,
): Promise<AttemptResult<T>> {
  let unsure = before;
  for (let attempts = 0; ; attempts += 1) {
    try {
      return { answer: await operation(), unsure };
    } catch (error) {
      const code = codeOf(error);
      const hint = REFUSALS.find(([pattern]) => pattern.test(code))?.[1];
      unsure ||= writes && hint === undefined && !NOT_ACTED.has(code);
      const waitMs = RETRY_WAITS_MS[attempts];
      if (hint !== undefined || waitMs === undefined) throw failure({ unsure, code, hint }, error);
      await wait(waitMs);
    }
  }
}

/** Makes the error of a failed operation; a refused repeat does not show that its first attempt failed. */
function failure(
  { unsure, code, hint }: { unsure: boolean; code: string; hint: string | undefined },
  cause: unknown,
): StoreError {
  const named = code === '' ? 'no code' : code;
  const text = hint === undefined ? `no answer (${named})` : `refused: ${named}; ${hint}`;
  if (unsure) {
    const message = `the database did not tell whether it wrote: ${text}`;
    return new StoreError('STORE_OUTCOME_UNKNOWN', 'same_request', message, cause);
  }
  return hint === undefined
    ? new StoreError('STORE_UNAVAILABLE', 'same_request', `database: ${text}`, cause)
    : new StoreError('STORE_REFUSED', 'never', `database: ${text}`, cause);
}
