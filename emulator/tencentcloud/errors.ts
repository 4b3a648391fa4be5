/** Every word that this API refuses with. Source: tencentcloud-sdk-nodejs, scf and tcb. */
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

/** A refusal on its way to the door: HTTP 200 with `{Response: {Error: {Code, Message}}}`. */
export class RefusalError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A refusal in one of the service's own words; `message` says what to do, Chinese first. */
export function refuse(code: ErrorCode, message: string): RefusalError {
  return new RefusalError(code, message);
}

/** A required parameter is not there. */
export function missingParameter(name: string): RefusalError {
  return refuse('MissingParameter', `缺少参数 ${name} (the parameter ${name} is missing)`);
}

/** What the real service does and the local cloud does not: said plainly, never ignored. */
export function notSimulated(code: ErrorCode, what: string): RefusalError {
  return refuse(code, `本地云不模拟 ${what} (${what} is not imitated by the local cloud)`);
}
