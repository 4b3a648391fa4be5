/**
 * Whether a call to Tencent Cloud that failed may be repeated: `never` (refused), `same_request`
 * (throttled, or the resource is busy: later), `query_first` (it may have taken effect: read before
 * acting again).
 */
export type Retry = 'never' | 'same_request' | 'query_first';

/** A call to Tencent Cloud failed; `code` is the cloud's own. Carries no value that was sent. */
export class CloudError extends Error {
  override readonly name = 'CloudError';
  readonly action: string;
  readonly code: string;
  readonly retry: Retry;
  readonly requestId: string | undefined;

  constructor(action: string, failure: { code: string; message: string; requestId?: string }) {
    const id = failure.requestId ? ` (RequestId ${failure.requestId})` : '';
    const hint = hintFor(failure.code);
    super(`${action}: ${failure.code} ${failure.message}${id}${hint ? `\n  ${hint}` : ''}`);
    this.action = action;
    this.code = failure.code;
    this.retry = retryOf(failure.code);
    this.requestId = failure.requestId;
  }
}

/** Codes of a connection that broke: the request may have arrived. */
const CONNECTION_CODES = /^(ECONNRESET|ECONNABORTED|ETIMEDOUT|EPIPE|NetworkError|HTTP_5)/;

/** Codes of calls that were refused before they took effect; the same call may succeed later. */
const BUSY_CODES = [
  'RequestLimitExceeded',
  'LimitExceeded.Request',
  'LimitExceeded.Concurrent',
  'FailedOperation.FunctionStatusError',
  'FailedOperation.FunctionNameStatusError',
  'FailedOperation.FunctionVersionStatusNotActive',
  'FailedOperation.UpdateFunctionCode',
  'FailedOperation.PublishVersion',
  'FailedOperation.OperationConflict',
  'ResourceInUse.IndexCreating',
  'ResourceInUse.FsACLJobUnDone',
];

function retryOf(code: string): Retry {
  if (BUSY_CODES.includes(code) || code.startsWith('RequestLimitExceeded')) return 'same_request';
  if (CONNECTION_CODES.test(code) || /^(InternalError|State\.)/.test(code)) return 'query_first';
  // Somebody, most likely our own unanswered call, was there first or is through already.
  return /^(ResourceInUse|ResourceUnavailable\.ResourceExist|ResourceNotFound)/.test(code)
    ? 'query_first'
    : 'never';
}

/** Hints for a person, by the beginning of the code. */
const HINTS: readonly [start: string, text: string][] = [
  ['AuthFailure.SignatureExpire', '本机时钟有误，请校准 (this machine’s clock is off: set it)'],
  [
    'AuthFailure',
    '密钥有误：检查 TENCENTCLOUD_SECRET_ID 与 TENCENTCLOUD_SECRET_KEY，见控制台「访问管理-API 密钥」 (check the API key pair)',
  ],
  [
    'UnauthorizedOperation',
    '子账号缺少权限：需要 QcloudSCFFullAccess 与 QcloudTCBFullAccess (the sub-account lacks these policies)',
  ],
  ['ResourceNotFound.EnvNotExist', '检查 TCB_ENV_ID 与地域 (check TCB_ENV_ID and the region)'],
  ['ENOTFOUND', '无法连接腾讯云，检查网络 (Tencent Cloud cannot be reached)'],
  ['ECONNREFUSED', '无法连接，检查网络与 TENCENTCLOUD_ENDPOINT (nothing answers there)'],
  ['LimitExceeded', '超出配额，见控制台 (over the quota of this account)'],
];

function hintFor(code: string): string | undefined {
  return HINTS.find(([start]) => code.startsWith(start))?.[1];
}
