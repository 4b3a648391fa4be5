import { expect, test } from 'vitest';
import { type AttemptOptions, attempt } from './attempts.ts';

const failing = (codes: string[], options: AttemptOptions) => {
  const operation = async () => {
    const code = codes.shift() ?? '';
    throw Object.assign(new Error('x'), code === '' ? {} : { code });
  };
  return attempt(operation, async () => {}, options);
};

// Who reads the log has to find out what to do.
test.each([
  ['DATABASE_COLLECTION_NOT_EXIST', 'deploy creates the collection'],
  ['DATABASE_PERMISSION_DENIED', 'the role of the function needs the database'],
  ['PERMISSION_DENIED', 'the role of the function needs the database'],
  ['SIGN_PARAM_INVALID', 'check the credentials and the clock'],
  ['DATABASE_INVALID_PARAM', 'check environment id and credentials'],
  ['INVALID_ENV', 'check environment id and credentials'],
  ['DATABASE_COLLECTION_EXCEED_LIMIT', 'a limit of the platform is reached'],
  ['EXCEED_MAX_PAYLOAD_SIZE', 'a limit of the platform is reached'],
  ['DATABASE_DUPLICATE_WRITE', 'another document has this value of a unique index'],
  ['ResourceNotFound.Env', 'the environment does not exist'],
])('a refusal names what to do: %s', async (code, hint) => {
  const message = `database: refused: ${code}; ${hint}`;
  const refused = { code: 'STORE_REFUSED', retry: 'never', message };
  await expect(failing([code], { writes: false })).rejects.toMatchObject(refused);
});

// Names that only hold or resemble those above: nobody knows what the database did.
test.each([
  'X_DATABASE_COLLECTION_NOT_EXIST',
  'DATABASE_COLLECTION_NOT_EXIST_YET',
  'DATABASE_PERMISSION_DENIED_X',
  'NO_PERMISSION',
  'X_SIGN_PARAM',
  'X_INVALID_ENV',
  'X_EXCEED_MAX',
  'DATABASE_COLLECTION_EXCEED_LIMIT_X',
  'DATABASE_DUPLICATE_WRITE_X',
  'X_DATABASE_DUPLICATE_WRITE',
  'X_ResourceNotFound',
])('what is no known refusal leaves a write open: %s', async (code) => {
  await expect(failing([code, code, code], { writes: true })).rejects.toMatchObject({
    code: 'STORE_OUTCOME_UNKNOWN',
    retry: 'same_request',
    message: `the database did not tell whether it wrote: no answer (${code})`,
  });
});

test('an answer without a code is named so', async () => {
  await expect(failing(['', '', ''], { writes: false })).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: 'database: no answer (no code)',
  });
});
