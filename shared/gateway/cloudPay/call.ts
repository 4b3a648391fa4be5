import { GatewayError } from '../../ports/gateway.ts';
import type { RandomBytes } from '../../ports/random.ts';
import { type KnownCode, knownCode, type Operation, retryOf } from '../errorCodes.ts';
import { failure, malformedAnswer, transportFailure } from '../failure.ts';
import { type Fields, Malformed } from '../read.ts';
import { understand } from '../understand.ts';
import { fieldsOf, readAnswer } from './json.ts';

/** What cloud pay is made of. */
export interface CloudPayOptions {
  /**
   * Sends one call through the platform, `callWxPayApi` of the CloudBase SDK: the answer's bytes.
   * Rejects with an Error whose `code` is the platform's, or that of a broken connection.
   */
  send(apiName: string, request: Buffer, timeoutMs: number): Promise<unknown>;
  /** Whether this very call has the platform's token, which only some callers bring. */
  hasToken: boolean;
  /** The whole id of the environment that WeChat is to call back. */
  envId: string;
  /** The configured merchant, for questions that name no order. */
  mchid: string;
  randomBytes: RandomBytes;
}

/** One call: the platform's name of it, its JSON, and what words may answer it. */
export interface Asked {
  apiName: 'unifiedOrder' | 'queryOrder' | 'closeOrder' | 'refund' | 'queryRefund' | 'downloadBill';
  operation: Operation;
  body: string;
  timeoutMs: number;
}

/** Makes one call and reads its answer if it is a success; all else throws a {@link GatewayError}. */
export async function call(link: CloudPayOptions, asked: Asked): Promise<Fields> {
  return succeeded(read(await send(link, asked), asked), asked);
}

/**
 * Reads what the platform answered, in bytes or parsed by the SDK already. Its own refusals, `{code,
 * message}`, are known by the SDK only under one content type, which is documented nowhere.
 */
export function read(answer: unknown, { operation }: Pick<Asked, 'operation'>): Fields {
  const fields = understand(() => (isBytes(answer) ? readAnswer(answer) : fieldsOf(answer)));
  const code = textIn(fields, 'code');
  if (code === undefined || fields.has('return_code')) return fields;
  const refused = Object.assign(new Error(textIn(fields, 'message')), { code });
  throw platformFailure(refused, operation);
}

/** Makes one call; whatever the platform answered, unread. */
export async function send(link: CloudPayOptions, { apiName, operation, body, timeoutMs }: Asked) {
  if (!link.hasToken) throw failure('CLOUDPAY_TOKEN_MISSING', 'same_request');
  try {
    return await link.send(apiName, Buffer.from(body), timeoutMs);
  } catch (error) {
    throw platformFailure(error, operation);
  }
}

/** Tells bytes from what the SDK has parsed already. */
export function isBytes(answer: unknown): answer is Uint8Array {
  return answer instanceof Uint8Array;
}

/** Refusals of the platform itself: WeChat never heard of the call. */
const REFUSED = /^(INVALID_|SIGN_|PERMISSION_|EXCEED_AUTHORITY|OPERATION_FAIL$|ACTION_FORBIDDEN)/;
const THROTTLED = ['EXCEED_REQUEST_LIMIT', 'EXCEED_CONCURRENT_REQUEST_LIMIT'];

function platformFailure(cause: unknown, operation: Operation): GatewayError {
  const { code, message = '' } =
    cause instanceof Error ? (cause as Error & { code?: unknown }) : {};
  const word = typeof code === 'string' ? code : '';
  if (message.includes('wxCloudApiToken')) {
    return failure('CLOUDPAY_TOKEN_MISSING', 'same_request', { cause });
  }
  if (THROTTLED.includes(word)) {
    const retry = retryOf('FREQUENCY_LIMITED', operation);
    return new GatewayError('FREQUENCY_LIMITED', retry, word, { cause });
  }
  if (REFUSED.test(word)) {
    return failure('CLOUDPAY_REFUSED', 'same_request', { found: word, cause });
  }
  return transportFailure(cause);
}

/** The answer, unless it is a refusal in the words of APIv2 (通信标识、业务结果). */
export function succeeded(answer: Fields, { operation }: Pick<Asked, 'operation'>): Fields {
  const [returned, result] = understand(() => [
    answer.word('return_code'),
    answer.has('result_code') ? answer.word('result_code') : undefined,
  ]);
  if (returned === 'SUCCESS' && result === 'SUCCESS') return answer;
  const message = textIn(answer, 'err_code_des') ?? textIn(answer, 'return_msg');
  const said = textIn(answer, 'err_code') ?? (returned === 'SUCCESS' ? undefined : message);
  if (said === undefined) throw malformedAnswer('err_code');
  const known = wordIn(answer, said, operation);
  // A word that we do not know may come after all was done: asked about, never given up.
  const retry = known ? retryOf(known, operation) : 'query_first';
  throw new GatewayError(known ?? wordOf(answer, said), retry, message ?? said);
}

/** Sentences of `return_msg` that may be taken at their word; no other ends an order or a number. */
const SAYABLE: readonly string[] = [
  'NO_STATEMENT_EXIST',
  'STATEMENT_CREATING',
  'SYSTEM_ERROR',
  'FREQUENCY_LIMITED',
] satisfies KnownCode[];

function wordIn(answer: Fields, said: string, operation: Operation): KnownCode | undefined {
  const known = knownCode(said, undefined, operation);
  return answer.has('err_code') || (known && SAYABLE.includes(known)) ? known : undefined;
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

/** WeChat's word as a code; a sentence stays a message, though it be one word that we know. */
function wordOf(answer: Fields, said: string): string {
  const isWord = answer.has('err_code') && /^[A-Z][A-Z0-9_]{1,63}$/.test(said);
  return isWord ? said : 'CLOUDPAY_FAIL';
}
