/**
 * The error carries a refusal as the platform words it: HTTP 200 with `{code, message, requestId}`.
 */
export class RefusalError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The backend's own messages end so. */
const CONTACT_US = 'Please check your request, but if the problem persists, contact us.';

/**
 * CloudBase refuses with these codes; the bracketed words are the backend's own.
 * Source: docs.cloudbase.net/error-code, and the messages that merchants post.
 */
export const refuse = {
  malformed: (why: string) => new RefusalError('INVALID_PARAM', why),
  environment: (env: string) => new RefusalError('INVALID_ENV', `env ${env} is not known here`),
  signature: (why: string) => new RefusalError('SIGN_PARAM_INVALID', `sign param invalid: ${why}`),
  collection: (name: string) =>
    new RefusalError(
      'DATABASE_COLLECTION_NOT_EXIST',
      `[ResourceNotFound] Db or Table not exist: ${name}. ${CONTACT_US}`,
    ),
  duplicate: (namespace: string, index: string, key: string) =>
    new RefusalError(
      'DATABASE_DUPLICATE_WRITE',
      '[FailedOperation.DuplicateWrite] multiple write errors: [{write errors: [{E11000 duplicate ' +
        `key error collection: ${namespace} index: ${index} dup key: ${key}}]}, {<nil>}]`,
    ),
  database: (why: string) =>
    new RefusalError(
      'DATABASE_REQUEST_FAILED',
      `[FailedOperation] ${why.replace(/\.$/, '')}. ${CONTACT_US}`,
    ),
  operator: (why: string) => new RefusalError('DATABASE_INVALID_OPERRATOR', why), // The platform's spelling.
  conflict: () =>
    new RefusalError(
      'DATABASE_TRANSACTION_CONFLICT',
      '[ResourceUnavailable.TransactionConflict] Transaction is conflict, maybe resource operated ' +
        `by others. ${CONTACT_US}`,
    ),
  noTransaction: () =>
    new RefusalError(
      'DATABASE_TRANSACTION_FAIL',
      '[ResourceUnavailable.TransactionNotExist] Transaction does not exist on the server, ' +
        `transaction must be commit or abort in 30 seconds. ${CONTACT_US}`,
    ),
  tooLarge: (bytes: number) =>
    new RefusalError(
      'EXCEED_MAX_RESPONSE_SIZE',
      `response of ${bytes} bytes exceeds the 1MB limit`,
    ),
  throttled: () => new RefusalError('EXCEED_REQUEST_LIMIT', 'request limit exceeded'),
};
