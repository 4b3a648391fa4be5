/**
 * Decides whether anything that failed at WeChat is sent again. Pure: those who send and wait add only
 * what they know, whether time is left and another way is untried.
 */

import { RETRY_WAITS_MS } from './schedules.ts';

/** Tells a caller what to do after a call failed. */
export type Retry =
  /** It was refused; the same request will be refused again. */
  | 'never'
  /** The same request may follow unchanged: it had no effect, or its repeat is recognised as one. */
  | 'same_request'
  /** Its effect is unknown (time-out, broken connection, malformed answer): query before acting again. */
  | 'query_first';

/** A failed attempt, as far as the decision needs it. */
export interface Failure {
  code: string;
  retry: Retry;
  /** How long to wait at least before the same request. */
  retryAfterMs?: number;
  /** It concerns our keys or our clock, whatever its code. */
  isOurs?: boolean;
}

/** Codes that a repeat within this invocation cannot change: an order's end, no token or time in it. */
const CONCLUSIVE = [
  'ORDERPAID',
  'ORDER_NOT_EXIST',
  'TRADE_ERROR',
  'CLOUDPAY_TOKEN_MISSING',
  'CALLS_SPENT',
  'DEADLINE',
];

/** Whoever asks for a longer wait is not called again in this invocation: its caller may hang no longer. */
const RETRY_WAIT_MS_MAX = 2000;

/**
 * Decides how long to wait before a re-entrant request is sent again unchanged; undefined when it is not.
 * Equal orders, queries and closes are one at WeChat, so even an unknown outcome allows it; a refund is not
 * sent so, see {@link afterRefundAttempt}. `earlier` counts the failures before this one.
 */
export function retryUnchangedAfterMs(failure: Failure, earlier: number): number | undefined {
  const { code, retry, retryAfterMs = 0 } = failure;
  const waitMs = RETRY_WAITS_MS[earlier];
  if (waitMs === undefined || retry === 'never' || CONCLUSIVE.includes(code)) return undefined;
  return retryAfterMs > RETRY_WAIT_MS_MAX ? undefined : Math.max(waitMs, retryAfterMs);
}

/** Codes after which `same_request` certainly had no effect: it never left, or was turned away. */
const HAD_NO_EFFECT = [
  'CALLS_SPENT',
  'WECHAT_UNREACHABLE',
  'CLOUDPAY_TOKEN_MISSING',
  'CLOUDPAY_REFUSED',
  'NOT_ENOUGH',
];

/** Tells whether a failed request may have taken effect: then no later refusal is final. */
function mayHaveActed({ code, retry }: Failure): boolean {
  return retry === 'query_first' || (retry === 'same_request' && !HAD_NO_EFFECT.includes(code));
}

/**
 * Tells whether the same bytes may go to another address, or be signed with another key pair, at once:
 * where the request certainly had no effect, and for queries always.
 */
export function mayFailOver(failure: Failure, { isQuery }: { isQuery: boolean }): boolean {
  return isQuery || !mayHaveActed(failure);
}

/** Joins a failure with those before it: after one that may have taken effect a refusal is not final. */
export function retryAfterAll({ retry }: Failure, earlier: readonly Failure[]): Retry {
  return retry === 'never' && earlier.some(mayHaveActed) ? 'query_first' : retry;
}

/** Codes that concern our configuration, permission or quota: once repaired, the same number goes through. */
const REPAIRABLE = [
  'MERCHANT_NOT_CONFIGURED',
  'LINK_NOT_CONFIGURED',
  'SIGN_ERROR',
  'API_V3_KEY_WRONG',
  'PLATFORM_CERT_NONE',
  'NO_AUTH',
  'APPID_MCHID_NOT_MATCH',
  'MCH_NOT_EXISTS',
  'RULE_LIMIT',
];

/** Tells a refusal that is ours to put right: WeChat took nothing, and the same bytes go through afterwards. */
export function isOursToRepair({ code, retry, isOurs = false }: Failure): boolean {
  return retry === 'never' && (isOurs || REPAIRABLE.includes(code));
}

/** Tells whether a refusal ends its number, given that no other attempt can have taken effect. */
export function endsNumber(failure: Failure): boolean {
  return failure.retry === 'never' && !isOursToRepair(failure);
}

/** Codes with which WeChat does not take a refund now, nor in a moment. */
const NOT_TAKEN = ['NOT_ENOUGH'];

/** How often a refund's bytes are sent in one go, each time only after WeChat knows of none. */
const REFUND_ATTEMPTS_MAX = 2;

/** The end of an attempt that sent a refund's bytes without success, once or more. */
export type AttemptEnd =
  /** WeChat refused it for good, and took nothing of what was sent before. */
  | 'refused'
  /** WeChat certainly took nothing of it. */
  | 'not_taken'
  /** Something of it may land still. */
  | 'uncertain';

/** Tells how to go on with a refund whose bytes were sent without success. */
export type AfterRefundFailure =
  /** It goes no further now. */
  | { kind: 'stop' }
  /** WeChat is queried; only if it knows of none may the same bytes follow, and `isLast` forbids even that. */
  | { kind: 'query'; isLast: boolean };

/** Decides how to go on with a refund after these failures of one attempt. */
export function afterRefundFailures(failures: readonly Failure[]): AfterRefundFailure {
  const last = failures.at(-1);
  if (!last || last.retry === 'never' || NOT_TAKEN.includes(last.code)) return { kind: 'stop' };
  return { kind: 'query', isLast: failures.length >= REFUND_ATTEMPTS_MAX };
}

/** Finds the end of an attempt from all of its failures: a query that found nothing proves none of them. */
export function attemptEnd(failures: readonly Failure[]): AttemptEnd {
  if (failures.some(mayHaveActed)) return 'uncertain';
  const last = failures.at(-1);
  return last && endsNumber(last) ? 'refused' : 'not_taken';
}

/** Tells whether the same bytes may follow once WeChat was queried: under one number they are one refund. */
export function maySubmitAgain({ outcome }: { outcome: string }): boolean {
  return outcome === 'refund_not_found' || outcome === 'refund_status_unknown';
}

/** Codes that say that WeChat cannot be reached or cannot serve, whatever was requested. */
const OUTAGE = [
  'WECHAT_UNREACHABLE',
  'ANSWER_LOST',
  'ANSWER_MALFORMED',
  'SYSTEM_ERROR',
  'SERVICE_UNAVAILABLE',
  'FREQUENCY_LIMITED',
  'HTTP_429',
];

/** Tells a failure of WeChat as a whole from one that concerns a single order. */
export function isOutage({ code }: Pick<Failure, 'code'>): boolean {
  return OUTAGE.includes(code) || /^HTTP_5\d\d$/.test(code);
}
