import { expect, test } from 'vitest';
import {
  afterRefundFailures,
  attemptEnd,
  endsNumber,
  isOursToRepair,
  isOutage,
  mayFailOver,
  maySubmitAgain,
  type Retry,
  retryAfterAll,
  retryUnchangedAfterMs,
} from './retry.ts';

const failure = (retry: Retry, code = 'X') => ({ code, retry });
const uncertain = failure('query_first', 'ANSWER_LOST');
const busy = failure('same_request', 'SYSTEM_ERROR');
const refused = failure('never', 'PARAM_ERROR');

test.each([
  ['WeChat did not act', busy, 0, 200],
  ['its second failure', busy, 1, 600],
  ['its third failure', busy, 2, undefined],
  ['the outcome is unknown, and equal requests are one', uncertain, 0, 200],
  ['it is refused', refused, 0, undefined],
  ['the order is paid', failure('query_first', 'ORDERPAID'), 0, undefined],
  ['no token came with the call', failure('same_request', 'CLOUDPAY_TOKEN_MISSING'), 0, undefined],
  ['WeChat asks for a longer wait', { ...busy, retryAfterMs: 2000 }, 0, 2000],
  [
    'WeChat asks for a wait that a caller would not bear',
    { ...busy, retryAfterMs: 7000 },
    0,
    undefined,
  ],
  ['WeChat asks for a shorter wait', { ...busy, retryAfterMs: 0 }, 1, 600],
])('a re-entrant request where %s waits %o ms', (_when, failed, earlier, waitMs) => {
  expect(retryUnchangedAfterMs(failed, earlier)).toBe(waitMs);
});

test.each([
  ['an order whose outcome is unknown stays', uncertain, false, false],
  ['a query may always go', uncertain, true, true],
  ['an order that WeChat may have taken before it failed stays', busy, false, false],
  [
    'a refund that was turned away, and may be under way all the same, stays',
    failure('query_first', 'FREQUENCY_LIMITED'),
    false,
    false,
  ],
  ['an order that never left may go', failure('same_request', 'WECHAT_UNREACHABLE'), false, true],
  [
    'an order that was turned away, and may have landed all the same, stays',
    failure('same_request', 'HTTP_429'),
    false,
    false,
  ],
  ['an order that was refused for our key may go', refused, false, true],
])('to the other address: %s', (_what, failed, isQuery, may) => {
  expect(mayFailOver(failed, { isQuery })).toBe(may);
});

test.each([
  ['a refusal alone', refused, [], 'never'],
  ['a refusal after WeChat failed, which may have acted', refused, [busy], 'query_first'],
  [
    'a refusal after nothing was sent',
    refused,
    [failure('same_request', 'WECHAT_UNREACHABLE')],
    'never',
  ],
  [
    'a refusal after WeChat was too busy, whose documents do not say that it took nothing',
    refused,
    [failure('same_request', 'FREQUENCY_LIMITED')],
    'query_first',
  ],
  ['a refusal after an unknown outcome', refused, [busy, uncertain], 'query_first'],
  ['busy after an unknown outcome', busy, [uncertain], 'same_request'],
  [
    'a refusal after a limit that may have acted',
    refused,
    [failure('query_first', 'FREQUENCY_LIMITED')],
    'query_first',
  ],
] as const)('joined with the failures before it: %s', (_what, last, earlier, retry) => {
  expect(retryAfterAll(last, earlier)).toBe(retry);
});

const noBalance = failure('same_request', 'NOT_ENOUGH');
const unsent = failure('same_request', 'WECHAT_UNREACHABLE');

test.each([
  ['refused at once', [refused], { kind: 'stop' }, 'refused'],
  ['refused after nothing was sent', [unsent, refused], { kind: 'stop' }, 'refused'],
  ['refused after an answer was lost', [uncertain, refused], { kind: 'stop' }, 'uncertain'],
  ['refused after WeChat failed', [busy, refused], { kind: 'stop' }, 'uncertain'],
  ['a key of ours', [failure('never', 'SIGN_ERROR')], { kind: 'stop' }, 'not_taken'],
  ['a clock of ours', [{ ...refused, isOurs: true }], { kind: 'stop' }, 'not_taken'],
  ['no balance', [noBalance], { kind: 'stop' }, 'not_taken'],
  ['no balance after an answer was lost', [uncertain, noBalance], { kind: 'stop' }, 'uncertain'],
  [
    'a limit that it may have passed',
    [failure('query_first', 'FREQUENCY_LIMITED')],
    { kind: 'query', isLast: false },
    'uncertain',
  ],
  [
    'no token came with the call',
    [failure('same_request', 'CLOUDPAY_TOKEN_MISSING')],
    { kind: 'query', isLast: false },
    'not_taken',
  ],
  ['nothing could be sent, twice', [unsent, unsent], { kind: 'query', isLast: true }, 'not_taken'],
  ['unknown', [uncertain], { kind: 'query', isLast: false }, 'uncertain'],
  ['unknown again', [uncertain, uncertain], { kind: 'query', isLast: true }, 'uncertain'],
])('a refund, %s', (_what, failures, next, end) => {
  expect(afterRefundFailures(failures)).toEqual(next);
  expect(attemptEnd(failures)).toBe(end);
});

test.each(['ORDERPAID', 'ORDER_NOT_EXIST', 'TRADE_ERROR', 'CLOUDPAY_TOKEN_MISSING'])(
  'no repeat changes %s',
  (code) => {
    expect(retryUnchangedAfterMs(failure('same_request', code), 0)).toBeUndefined();
  },
);

test.each(['WECHAT_UNREACHABLE', 'CLOUDPAY_TOKEN_MISSING', 'CLOUDPAY_REFUSED', 'NOT_ENOUGH'])(
  'after %s, which had no effect, the other address may have the order',
  (code) => {
    expect(mayFailOver(failure('same_request', code), { isQuery: false })).toBe(true);
  },
);

test.each([
  'MERCHANT_NOT_CONFIGURED',
  'LINK_NOT_CONFIGURED',
  'SIGN_ERROR',
  'API_V3_KEY_WRONG',
  'PLATFORM_CERT_NONE',
  'NO_AUTH',
  'APPID_MCHID_NOT_MATCH',
  'MCH_NOT_EXISTS',
  'RULE_LIMIT',
])('%s is ours to put right, and uses up no number', (code) => {
  expect(endsNumber(failure('never', code))).toBe(false);
  expect(isOursToRepair(failure('never', code))).toBe(true);
});

test.each(['INVALID_REQUEST', 'PARAM_ERROR'])(
  'a fault of our clock or keys that comes as %s uses up no number',
  (code) => {
    expect(endsNumber({ ...failure('never', code), isOurs: true })).toBe(false);
    expect(isOursToRepair({ ...failure('never', code), isOurs: true })).toBe(true);
    expect(isOursToRepair({ ...failure('query_first', code), isOurs: true })).toBe(false);
    expect(isOursToRepair(failure('never', code))).toBe(false);
  },
);

test.each([
  ['never', true],
  ['same_request', false],
  ['query_first', false],
] as const)('a refusal of WeChat uses up its number, nothing else does: %s', (retry, ends) => {
  expect(endsNumber(failure(retry))).toBe(ends);
});

test.each([
  ['refund_not_found', true],
  ['refund_status_unknown', true],
  ['refund_processing', false],
  ['refund_success', false],
  ['refund_closed', false],
  ['refund_mismatch', false],
])('after %s the bytes of a refund may follow once more: %s', (outcome, may) => {
  expect(maySubmitAgain({ outcome })).toBe(may);
});

test.each([
  ['WECHAT_UNREACHABLE', true],
  ['ANSWER_LOST', true],
  ['ANSWER_MALFORMED', true],
  ['SYSTEM_ERROR', true],
  ['SERVICE_UNAVAILABLE', true],
  ['FREQUENCY_LIMITED', true],
  ['HTTP_429', true],
  ['HTTP_500', true],
  ['HTTP_599', true],
  ['HTTP_404', false],
  ['HTTP_5000', false],
  ['X_HTTP_500', false],
  ['HTTP_5x0', false],
  ['HTTP_50x', false],
  ['NO_AUTH', false],
])('%s shows that WeChat itself is away: %s', (code, isAway) => {
  expect(isOutage(failure('same_request', code))).toBe(isAway);
});
