/**
 * Lists WeChat's error codes, and what each means for the same call made again. Sources: D4012791856
 * (order), D4012791859 (query), D4012791860 (close), D4012791862 (refund), D4012791863 (its query),
 * D4012791866 (bill).
 */

import type { Retry } from '../domain/retry.ts';

/** The operation that a code answered; some codes mean more after one than after another. */
export type Operation = 'order' | 'query' | 'close' | 'refund' | 'queryRefund' | 'bill' | 'keys';

/** The meaning of a code after any operation, and after those where it differs. */
export type Meaning = readonly [Retry, Partial<Record<Operation, Retry>>?];

const NEVER: Meaning = ['never'];
/** The same request may follow: repeats of every call of ours are recognised by its number. */
const AGAIN: Meaning = ['same_request'];

/** The codes that we know, each in our spelling. */
export const MEANINGS = {
  PARAM_ERROR: NEVER,
  INVALID_REQUEST: NEVER,
  OPENID_MISMATCH: NEVER,
  INVALID_TRANSACTIONID: NEVER,
  APPID_MCHID_NOT_MATCH: NEVER,
  APPID_NOT_EXIST: NEVER,
  MCH_NOT_EXISTS: NEVER,
  SIGN_ERROR: NEVER,
  NO_AUTH: NEVER,
  RULE_LIMIT: NEVER,
  ACCOUNT_ERROR: NEVER,
  USER_ACCOUNT_ABNORMAL: NEVER,
  // 商户余额不足: topped up, the same refund goes through.
  NOT_ENOUGH: ['never', { refund: 'same_request' }],
  TRADE_OVERDUE: NEVER,
  // The number is known at WeChat with another amount: what it is, a query tells.
  REFUND_FEE_MISMATCH: ['never', { refund: 'query_first' }],
  // A close it refuses may be one of a paid order; v3-error-reactions says: query.
  TRADE_ERROR: ['never', { close: 'query_first' }],
  OUT_TRADE_NO_USED: NEVER,
  ORDER_CLOSED: NEVER,
  ORDERPAID: ['query_first'],
  // A late repeat of the order call could still land after a close that found nothing.
  ORDER_NOT_EXIST: ['never', { close: 'query_first' }],
  RESOURCE_NOT_EXISTS: NEVER,
  NO_STATEMENT_EXIST: NEVER,
  STATEMENT_CREATING: AGAIN,
  // A refund may be in progress all the same (D4014959631).
  FREQUENCY_LIMITED: ['same_request', { refund: 'query_first' }],
  SYSTEM_ERROR: AGAIN,
  BANK_ERROR: AGAIN,
  SERVICE_UNAVAILABLE: AGAIN,
  BIZERR_NEED_RETRY: AGAIN,
  USER_PAYING: AGAIN,
  /** 202 without a code: taken, not done. */
  ACCEPTED: AGAIN,
  // The codes of v2 that only a wrong request can meet.
  LACK_PARAMS: NEVER,
  XML_FORMAT_ERROR: NEVER,
  REQUIRE_POST_METHOD: NEVER,
  POST_DATA_EMPTY: NEVER,
  NOT_UTF8: NEVER,
} as const satisfies Record<string, Meaning>;

export type KnownCode = keyof typeof MEANINGS;

/** Spellings that differ by more than underscores and case. */
const OTHER_SPELLINGS = {
  RATELIMIT_EXCEEDED: 'FREQUENCY_LIMITED',
  RATELIMIT_EXCEED: 'FREQUENCY_LIMITED',
  FREQUENCY_LIMIT_EXCEED: 'FREQUENCY_LIMITED',
  INVALID_REQ_TOO_MUCH: 'FREQUENCY_LIMITED',
  MCHID_NOT_EXIST: 'MCH_NOT_EXISTS',
  MCH_NOT_EXIST: 'MCH_NOT_EXISTS',
  RESOURCE_NOT_EXIST: 'RESOURCE_NOT_EXISTS',
  REFUND_NOT_EXIST: 'RESOURCE_NOT_EXISTS',
  NO_BILL_EXIST: 'NO_STATEMENT_EXIST',
  BILL_CREATING: 'STATEMENT_CREATING',
} as const satisfies Record<string, KnownCode>;

/** Numbers at the end of `Request-ID` that are more exact than a vague code. facts.json. */
const CODE_BY_NUMBER = new Map<string, KnownCode>([
  ['268435461', 'PARAM_ERROR'],
  ['268435464', 'PARAM_ERROR'],
  ['268443699', 'SIGN_ERROR'],
  ['268445527', 'APPID_MCHID_NOT_MATCH'],
  ['268447840', 'FREQUENCY_LIMITED'],
  ['268449538', 'ORDERPAID'],
  ['268449641', 'TRADE_ERROR'],
  ['268498688', 'OUT_TRADE_NO_USED'],
  ['268498689', 'ORDERPAID'],
  ['268512771', 'ORDER_NOT_EXIST'],
]);

/** Codes that WeChat also uses where a more exact one exists. */
const VAGUE_CODES = new Set<string>([
  'INVALID_REQUEST',
  'PARAM_ERROR',
  'TRADE_ERROR',
  'RULE_LIMIT',
  'NO_AUTH',
  'RESOURCE_NOT_EXISTS',
]);

const normalise = (code: string): string => code.replace(/[_ ]/g, '').toUpperCase();

const CODE_BY_SPELLING = new Map<string, KnownCode>([
  ...Object.keys(MEANINGS).map((code) => [normalise(code), code as KnownCode] as const),
  ...Object.entries(OTHER_SPELLINGS).map(([other, code]) => [normalise(other), code] as const),
]);

/**
 * Finds our spelling of WeChat's code; where it is vague, the number of the `Request-ID` decides. An answer
 * without a code says nothing: a proxy or a path with a typo may have given it.
 */
export function knownCode(
  wechatCode: string | undefined,
  requestId: string | undefined,
  operation: Operation,
): KnownCode | undefined {
  if (wechatCode === undefined) return undefined;
  const bySpelling = CODE_BY_SPELLING.get(normalise(wechatCode));
  const byNumber = CODE_BY_NUMBER.get(requestId?.split('-').at(-1) ?? '');
  const code =
    byNumber !== undefined && (bySpelling === undefined || VAGUE_CODES.has(bySpelling))
      ? byNumber
      : bySpelling;
  const aboutAnOrder = operation === 'query' || operation === 'close';
  // The only resource that those two paths name is the order.
  return code === 'RESOURCE_NOT_EXISTS' && aboutAnOrder ? 'ORDER_NOT_EXIST' : code;
}

/** Tells what to do about a known code. */
export function retryOf(code: KnownCode, operation: Operation): Retry {
  const [everywhere, here]: Meaning = MEANINGS[code];
  return here?.[operation] ?? everywhere;
}

/** Tells what to do about a code that we do not know, or none at all, by the status of the answer. */
export function retryOfStatus(
  status: number,
  { code, operation }: { code: string | undefined; operation: Operation },
): Retry {
  if (status === 429) return retryOf('FREQUENCY_LIMITED', operation);
  const isWrite = operation === 'order' || operation === 'close' || operation === 'refund';
  if ([202, 500, 502, 503].includes(status)) return isWrite ? 'query_first' : 'same_request';
  // A 4xx without a code is no refusal of WeChat Pay's: something on the way answered.
  return status >= 400 && status < 500 && code !== undefined ? 'never' : 'query_first';
}
