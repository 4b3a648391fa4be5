/** This API refuses with these codes. Source: tencentcloud-sdk-nodejs, scf and tcb. */
export type ErrorCode =
  | `AuthFailure.${'InvalidAuthorization' | 'SecretIdNotFound' | 'SignatureFailure' | 'SignatureExpire' | 'TokenFailure'}`
  | 'RequestLimitExceeded'
  | 'RequestSizeLimitExceeded'
  | 'InvalidAction'
  | 'NoSuchVersion'
  | 'UnsupportedRegion'
  | 'InternalError'
  | 'InvalidParameter'
  | 'InvalidParameterValue'
  | 'MissingParameter'
  | `MissingParameter.${'Code' | 'Runtime'}`
  | `ResourceInUse.${'Function' | 'Alias' | 'TriggerName' | 'HTTPServiceRoute' | 'IndexCreating'}`
  | `ResourceNotFound.${'Function' | 'FunctionVersion' | 'Alias' | 'Timer' | 'Namespace'}`
  | `ResourceNotFound.${'EnvNotExist' | 'HTTPServiceDomain' | 'TableNotFound'}`
  | `ResourceUnavailable.${'ResourceExist' | 'IndexOptionsConflict'}`
  | 'InvalidParameter.FunctionName'
  | 'InvalidParameter.ResourceNotExists'
  | `InvalidParameterValue.${'Handler' | 'MemorySize' | 'Runtime' | 'Description' | 'Type'}`
  | `InvalidParameterValue.${'Environment' | 'EnvironmentExceededLimit' | 'EnvironmentSystemProtect'}`
  | `InvalidParameterValue.${'Enable' | 'TriggerDesc' | 'TriggerName' | 'Qualifier' | 'Alias' | 'Param'}`
  | `InvalidParameterValue.${'ZipFile' | 'ZipFileBase64BinasciiError' | 'InlineZipFile' | 'TempCosObjectName'}`
  | `LimitExceeded.${'Timeout' | 'Memory' | 'Trigger' | 'Function'}`
  | `FailedOperation.${'FunctionStatusError' | 'UpdateFunctionCode' | 'FunctionVersionStatusNotActive'}`
  | `FailedOperation.${'CreateTable' | 'DuplicatedData'}`
  | 'UnsupportedOperation.AliasBind';

/**
 * The error carries a refusal to the handler: HTTP 200 with `{Response: {Error: {Code, Message}}}`.
 */
export class RefusalError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Refuses with one of the service's own codes; `message` says what to do, Chinese first. */
export function refuse(code: ErrorCode, message: string): RefusalError {
  return new RefusalError(code, message);
}

/** Refuses a request without a required parameter. */
export function missingParameter(name: string): RefusalError {
  return refuse('MissingParameter', `缺少参数 ${name} (the parameter ${name} is missing)`);
}

/** Refuses plainly what the real service does and the local cloud does not; nothing is ignored. */
export function notSimulated(code: ErrorCode, what: string): RefusalError {
  return refuse(code, `本地云不模拟 ${what} (${what} is not imitated by the local cloud)`);
}
