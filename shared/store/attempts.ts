import { StoreError } from '../ports/store.ts';

/** Waits between repeats of one trip to the database. */
const repeatAfterMs = [50, 250] as const;

/** Words after which the database did not act: the trip never began, or was turned away. */
const NOT_ACTED = new Set([
  'EXCEED_REQUEST_LIMIT',
  'EXCEED_CONCURRENT_REQUEST_LIMIT',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** Words of a refusal that stays one, and what to do about it; every other word tells nothing. */
const refusals: readonly (readonly [RegExp, string])[] = [
  [/^DATABASE_COLLECTION_NOT_EXIST$/, 'deploy creates the collection'],
  [/^(DATABASE_PERMISSION_DENIED$|PERMISSION)/, 'the role of the function needs the database'],
  [/^SIGN_/, 'check the credentials and the clock'],
  [/^(DATABASE_INVALID_|INVALID_)/, 'check environment id and credentials'],
  [/^(DATABASE_COLLECTION_EXCEED_LIMIT$|EXCEED_MAX)/, 'a limit of the platform is reached'],
  [/^DATABASE_DUPLICATE_WRITE$/, 'another document has this value of a unique index'],
  [/^ResourceNotFound/, 'the environment does not exist'],
];

/** Words of an error: the SDK's, Node's, or none. */
export function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === undefined ? '' : String(code);
}

/** What is known before a trip. */
export interface AttemptOptions {
  /** It writes: without an answer, it may have taken effect. */
  writes: boolean;
  /** It is to tell what became of an earlier write: without an answer, that stays unknown. */
  unsure?: boolean;
}

/** An answer; `unsure` tells that an earlier try may have taken effect, so that "no" is no proof. */
export interface AttemptResult<T> {
  answer: T;
  unsure: boolean;
}

/**
 * Makes one trip to the database, and the very same again while it has no answer: a reset connection,
 * a time-out, nonsense. @cloudbase/node-sdk never repeats, and a frozen instance wakes up
 * with dead sockets. Throws a {@link StoreError} that never calls a write undone that may be done.
 */
export async function attempt<T>(
  operation: () => Promise<T>,
  wait: (ms: number) => Promise<void>,
  { writes, unsure: before = false }: AttemptOptions,
): Promise<AttemptResult<T>> {
  let unsure = before;
  for (let round = 0; ; round += 1) {
    try {
      return { answer: await operation(), unsure };
    } catch (error) {
      const code = codeOf(error);
      const hint = refusals.find(([word]) => word.test(code))?.[1];
      unsure ||= writes && hint === undefined && !NOT_ACTED.has(code);
      const waitMs = repeatAfterMs[round];
      if (hint !== undefined || waitMs === undefined) throw failure(unsure, code, hint, error);
      await wait(waitMs);
    }
  }
}

function failure(unsure: boolean, code: string, hint: string | undefined, cause: unknown) {
  const word = code === '' ? 'no word' : code;
  const result = hint === undefined ? `no answer (${word})` : `refused: ${word}; ${hint}`;
  // A refusal of the repeat tells nothing about the try before it.
  if (unsure) {
    const next = `the database did not tell whether it wrote: ${result}`;
    return new StoreError('STORE_OUTCOME_UNKNOWN', 'same_request', next, cause);
  }
  const [kind, retry] =
    hint === undefined
      ? (['STORE_UNAVAILABLE', 'same_request'] as const)
      : (['STORE_REFUSED', 'never'] as const);
  return new StoreError(kind, retry, `database: ${result}`, cause);
}
