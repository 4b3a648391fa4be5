import { GatewayError } from '../../ports/gateway.ts';
import type { RandomBytes } from '../../ports/random.ts';
import { type KnownCode, knownCode, type Operation, retryOf } from '../errorCodes.ts';
import { failure, malformedAnswer, transportFailure } from '../failure.ts';
import { type Fields, Malformed } from '../read.ts';
import { readOrMalformed } from '../understand.ts';
import type { Watched } from '../watch.ts';
import { fieldsOf, readAnswer } from './json.ts';

/** Options of the cloud pay link. */
export interface CloudPayOptions extends Watched {
  /**
   * Sends one call through the platform, `callWxPayApi` of the CloudBase SDK: the answer's bytes.
   * Rejects with an Error whose `code` is the platform's, or that of a broken connection.
   */
  send(apiName: string, request: Buffer, timeoutMs: number): Promise<unknown>;
  /** Tells whether this very call has the platform's token, which only some callers bring. */
  hasToken: boolean;
  /** The whole id of the environment that WeChat is to call back. */
  envId: string;
  /** The configured merchant, for queries that name no order. */
  mchid: string;
  randomBytes: RandomBytes;
}

/** One call: the platform's name of it, its JSON, and the operation by which its codes are read. */
export interface ApiCall {
  apiName: 'unifiedOrder' | 'queryOrder' | 'closeOrder' | 'refund' | 'queryRefund' | 'downloadBill';
  operation: Operation;
  body: string;
  timeoutMs: number;
}

/** Makes a nonce: 32 hexadecimal digits. */
export function nonceOf({ randomBytes }: CloudPayOptions): string {
  return Buffer.from(randomBytes(16)).toString('hex');
}

/** Makes one call and reads its answer if it is a success; all else throws a {@link GatewayError}. */
export async function callApi(options: CloudPayOptions, call: ApiCall): Promise<Fields> {
  return readSuccess(readPlatformAnswer(await send(options, call), call), call);
}

/** Answers are a few kB, bills apart; a larger one is none to our calls. */
const ANSWER_BYTES_MAX = 512 * 1024;

/**
 * Reads the platform's answer, in bytes or parsed by the SDK already. The SDK recognises the platform's own
 * refusals, `{code, message}`, only under one content type, which is documented nowhere.
 */
export function readPlatformAnswer(
  answer: unknown,
  { operation }: Pick<ApiCall, 'operation'>,
): Fields {
  if (isBytes(answer) && answer.length > ANSWER_BYTES_MAX) {
    throw failure('ANSWER_TOO_LARGE', 'query_first');
  }
  const fields = readOrMalformed(() => (isBytes(answer) ? readAnswer(answer) : fieldsOf(answer)));
  const code = textIn(fields, 'code');
  if (code === undefined || fields.has('return_code')) return fields;
  const refused = Object.assign(new Error(textIn(fields, 'message')), { code });
  throw platformFailure(refused, operation);
}

/** Makes one call and returns the platform's answer unread. */
export async function send(
  options: CloudPayOptions,
  { apiName, operation, body, timeoutMs }: ApiCall,
) {
  const { hasToken, watch, subject } = options;
  if (!hasToken) throw failure('CLOUDPAY_TOKEN_MISSING', 'same_request');
  watch?.check();
  const end = watch?.begin({ operation, ...subject });
  try {
    const answer = await options.send(apiName, Buffer.from(body), timeoutMs);
    end?.({});
    return answer;
  } catch (error) {
    const failed = platformFailure(error, operation);
    end?.({ errCode: failed.code });
    throw failed;
  }
}

/** Tells bytes from what the SDK has parsed already. */
export function isBytes(answer: unknown): answer is Uint8Array {
  return answer instanceof Uint8Array;
}

/** Refusals of the platform itself: the call never reached WeChat. A mere failure is none. */
const PLATFORM_REFUSED = /^(INVALID_|SIGN_|PERMISSION_|EXCEED_AUTHORITY|ACTION_FORBIDDEN)/;
const THROTTLED = ['EXCEED_REQUEST_LIMIT', 'EXCEED_CONCURRENT_REQUEST_LIMIT'];

function platformFailure(cause: unknown, operation: Operation): GatewayError {
  const { code, message = '' } =
    cause instanceof Error ? (cause as Error & { code?: unknown }) : {};
  const platformCode = typeof code === 'string' ? code : '';
  if (message.includes('wxCloudApiToken')) {
    return failure('CLOUDPAY_TOKEN_MISSING', 'same_request', { cause });
  }
  if (THROTTLED.includes(platformCode)) {
    const retry = retryOf('FREQUENCY_LIMITED', operation);
    return new GatewayError('FREQUENCY_LIMITED', retry, platformCode, { cause });
  }
  if (PLATFORM_REFUSED.test(platformCode)) {
    return failure('CLOUDPAY_REFUSED', 'same_request', { found: platformCode, cause });
  }
  return transportFailure(cause);
}

/** Returns a successful answer; throws a refusal in the codes of APIv2 (通信标识、业务结果). */
export function readSuccess(answer: Fields, { operation }: Pick<ApiCall, 'operation'>): Fields {
  const returnCode = readOrMalformed(() => answer.word('return_code'));
  const resultCode = readOrMalformed(() =>
    answer.has('result_code') ? answer.word('result_code') : undefined,
  );
  if (returnCode === 'SUCCESS' && resultCode === 'SUCCESS') return answer;
  const message = textIn(answer, 'err_code_des') ?? textIn(answer, 'return_msg');
  const code = textIn(answer, 'err_code') ?? (returnCode === 'SUCCESS' ? undefined : message);
  if (code === undefined) throw malformedAnswer('err_code');
  const known = knownCodeIn(answer, code, operation);
  // A code that we do not know may come after all was done: it is queried, never given up.
  const retry = known ? retryOf(known, operation) : 'query_first';
  throw new GatewayError(known ?? codeOf(answer, code), retry, message ?? code);
}

/** Codes that count even in `return_msg`; no other text there ends an order or a number. */
const CREDIBLE_MESSAGES: readonly string[] = [
  'NO_STATEMENT_EXIST',
  'STATEMENT_CREATING',
  'SYSTEM_ERROR',
  'FREQUENCY_LIMITED',
] satisfies KnownCode[];

function knownCodeIn(answer: Fields, result: string, operation: Operation): KnownCode | undefined {
  const known = knownCode(result, undefined, operation);
  return answer.has('err_code') || (known && CREDIBLE_MESSAGES.includes(known)) ? known : undefined;
}

const MESSAGE_LENGTH_MAX = 256;

function textIn(answer: Fields, name: string): string | undefined {
  try {
    const text = answer.has(name) ? answer.text(name).replace(/\p{Cc}/gu, ' ') : '';
    return text === '' ? undefined : text.slice(0, MESSAGE_LENGTH_MAX);
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

/** Takes WeChat's `err_code` as the code; a text of `return_msg` is never one, even if it looks like it. */
function codeOf(answer: Fields, result: string): string {
  const isWord = answer.has('err_code') && /^[A-Z][A-Z0-9_]{1,63}$/.test(result);
  return isWord ? result : 'CLOUDPAY_FAIL';
}
