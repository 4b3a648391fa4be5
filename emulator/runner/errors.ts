/** A failure says why an invocation has no result, as the platform words it. */
export interface Failure {
  code: FailureCode;
  message: string;
}

/** The platform fails invocations with these codes. Source: docs.cloudbase.net/error-code. */
export type FailureCode =
  | 'FUNCTION_NOT_FOUND'
  | 'PERMISSION_DENIED'
  | 'FUNCTIONS_EXECUTE_FAIL'
  | 'FUNCTIONS_TIME_LIMIT_EXCEEDED'
  | 'FUNCTIONS_MEMORY_LIMIT_EXCEEDED'
  | 'EXCEED_MAX_PAYLOAD_SIZE'
  | 'EXCEED_MAX_RESPONSE_SIZE';

/** Every failure of an invocation, with the platform's code and message. */
export const failures = {
  notFound: (name: string): Failure => ({
    code: 'FUNCTION_NOT_FOUND',
    message: `FunctionName parameter could not be found: ${name}`,
  }),
  /** The environment's function rules; the platform's exact words are not known. */
  notPermitted: (name: string): Failure => ({
    code: 'PERMISSION_DENIED',
    message: `the function rules of the environment do not let clients invoke ${name}`,
  }),
  thrown: (message: string): Failure => ({ code: 'FUNCTIONS_EXECUTE_FAIL', message }),
  /** The process ended before it answered. */
  exited: (): Failure => ({ code: 'FUNCTIONS_EXECUTE_FAIL', message: '145 code exit unexpected' }),
  timedOut: (limitMs: number): Failure => ({
    code: 'FUNCTIONS_TIME_LIMIT_EXCEEDED',
    message: `Invoking task timed out after ${limitMs / 1000} seconds`,
  }),
  outOfMemory: (limitMb: number): Failure => ({
    code: 'FUNCTIONS_MEMORY_LIMIT_EXCEEDED',
    message: `Memory limit of ${limitMb} MB exceeded`,
  }),
  eventTooLarge: (): Failure => ({
    code: 'EXCEED_MAX_PAYLOAD_SIZE',
    message: 'The size of the request event exceeds the upper limit',
  }),
  resultTooLarge: (limitMb: number): Failure => ({
    code: 'EXCEED_MAX_RESPONSE_SIZE',
    message: `The size of response exceeds the upper limit (${limitMb}MB)`,
  }),
} as const;
