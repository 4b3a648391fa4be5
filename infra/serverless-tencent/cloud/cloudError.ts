/**
 * What to do after a call to Tencent Cloud failed: `never` (refused), `wait` (not now: throttled, or the
 * resource is busy), `look` (unknown, it may have happened: read before acting again).
 */
export type Retry = 'never' | 'wait' | 'look';

/** A call to Tencent Cloud that failed; `code` is its own word. Carries no value that was sent. */
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

/** Words of a wire that broke: the request may have arrived. */
const CONNECTION_CODES = /^(ECONNRESET|ECONNABORTED|ETIMEDOUT|EPIPE|NetworkError|HTTP_5)/;

/** Refused before anything was done; the same again later is fine. */
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
  if (BUSY_CODES.some((busyCode) => code === busyCode || code.startsWith('RequestLimitExceeded')))
    return 'wait';
  if (CONNECTION_CODES.test(code) || /^(InternalError|State\.)/.test(code)) return 'look';
  // Somebody, most likely our own unanswered call, was there first or is through already.
  return /^(ResourceInUse|ResourceUnavailable\.ResourceExist|ResourceNotFound)/.test(code)
    ? 'look'
    : 'never';
}

/** What a person can do, by the beginning of the code. */
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
