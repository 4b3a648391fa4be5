/** A failure by a code, of the HTTP API or of the runner. */
export interface Failure {
  code: string;
  message: string;
}

/** A refusal that the HTTP API answers with. */
export class RefusalError extends Error implements Failure {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Every refusal before a function is called, with its word. */
export const refuse = {
  noKey: () =>
    new RefusalError(
      'MISSING_CREDENTIALS',
      '缺少 Authorization: Bearer <API Key>；本地云启动时会打印 (the header is missing; the local cloud prints the key when it starts)',
    ),
  key: () =>
    new RefusalError(
      'INVALID_CREDENTIALS',
      '不是本地云的 API Key (not the API Key of this local cloud)',
    ),
  parameter: (what: string) =>
    new RefusalError('FUNCTION_PARAM_INVALID', `参数有误 (a parameter is wrong): ${what}`),
  tooLarge: (bytesMax: number) =>
    new RefusalError(
      'EXCEED_MAX_PAYLOAD_SIZE',
      `请求体最多 ${bytesMax} 字节 (the body may have so many bytes)`,
    ),
};

/** The words that this API has for failures of an invocation. Source: docs.cloudbase.net/http-api/functions. */
const WORDS: Readonly<Record<string, string>> = {
  FUNCTIONS_EXECUTE_FAIL: 'FUNCTION_INVOCATION_FAILED',
  FUNCTIONS_TIME_LIMIT_EXCEEDED: 'FUNCTION_TIME_LIMIT_EXCEEDED',
  FUNCTIONS_MEMORY_LIMIT_EXCEEDED: 'FUNCTION_MEMORY_LIMIT_EXCEEDED',
};

/** Names a failure as this API does; one without a word of its own keeps its code. */
export function wordOf(code: string): string {
  return WORDS[code] ?? code;
}

/**
 * Of these the documents give the status, by kind or by word. Sources:
 * docs.cloudbase.net/http-api/functions, docs.cloudbase.net/error-code/semantic-http-status.
 */
const STATUSES: Readonly<Record<string, number>> = {
  FUNCTION_PARAM_INVALID: 400,
  MISSING_CREDENTIALS: 401,
  INVALID_CREDENTIALS: 401,
  FUNCTION_NOT_FOUND: 404,
  FUNCTION_QUALIFIER_NOT_FOUND: 404,
  EXCEED_MAX_PAYLOAD_SIZE: 413,
};

/** Finds the HTTP status of a word; what no document gives a status is a failure of the server's. */
export function statusOf(word: string): number {
  return STATUSES[word] ?? 500;
}
