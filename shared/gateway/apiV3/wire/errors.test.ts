import { describe, expect, test } from 'vitest';
import errors from '../../../../tests/vectors/errors.json' with { type: 'json' };
import facts from '../../../../tests/vectors/facts.json' with { type: 'json' };
import { knownCode, type Operation } from '../../errorCodes.ts';
import { transportFailure } from '../../failure.ts';
import { readApiError } from './errors.ts';

type Case = { status: number; code?: string; number?: string; on?: Operation; body?: string };

function refused({ status, code, number, on = 'order', body }: Case) {
  const text = body ?? (code === undefined ? '' : JSON.stringify({ code, message: '说明' }));
  const headers = number === undefined ? {} : { 'request-id': `08A1B2-${number}` };
  return readApiError(
    { status, headers: headers as Record<string, string>, body: Buffer.from(text) },
    on,
  );
}

describe('every code, in every spelling, after every operation', () => {
  test.each<[number, string, Operation[], string, string]>([
    // §A10 and §A5: placing.
    [
      400,
      'PARAM_ERROR PARAMERROR param_error',
      ['order', 'query', 'close', 'bill'],
      'PARAM_ERROR',
      'never',
    ],
    [
      400,
      'INVALID_REQUEST INVALIDREQUEST',
      ['order', 'query', 'close', 'bill'],
      'INVALID_REQUEST',
      'never',
    ],
    [400, 'APPID_MCHID_NOT_MATCH', ['order'], 'APPID_MCHID_NOT_MATCH', 'never'],
    [
      400,
      'MCH_NOT_EXISTS MCH_NOT_EXIST MCHID_NOT_EXIST',
      ['order', 'query'],
      'MCH_NOT_EXISTS',
      'never',
    ],
    [404, 'MCH_NOT_EXISTS', ['order', 'query', 'close'], 'MCH_NOT_EXISTS', 'never'],
    [400, 'OPENID_MISMATCH', ['order'], 'OPENID_MISMATCH', 'never'],
    // The official table: refused for good, with 500.
    [500, 'OPENID_MISMATCH', ['order'], 'OPENID_MISMATCH', 'never'],
    [500, 'INVALID_TRANSACTIONID', ['query', 'refund'], 'INVALID_TRANSACTIONID', 'never'],
    [400, 'ORDER_CLOSED ORDERCLOSED', ['order', 'close'], 'ORDER_CLOSED', 'never'],
    [401, 'SIGN_ERROR SIGNERROR', ['order', 'query', 'close', 'bill'], 'SIGN_ERROR', 'never'],
    [403, 'NO_AUTH NOAUTH', ['order', 'query', 'close', 'bill'], 'NO_AUTH', 'never'],
    [403, 'RULE_LIMIT RULELIMIT', ['order', 'close'], 'RULE_LIMIT', 'never'],
    [403, 'TRADE_ERROR TRADEERROR', ['order', 'query'], 'TRADE_ERROR', 'never'],
    [403, 'ACCOUNT_ERROR ACCOUNTERROR', ['order'], 'ACCOUNT_ERROR', 'never'],
    [403, 'NOT_ENOUGH NOTENOUGH', ['order'], 'NOT_ENOUGH', 'never'],
    [403, 'USER_ACCOUNT_ABNORMAL', ['order'], 'USER_ACCOUNT_ABNORMAL', 'never'],
    [403, 'OUT_TRADE_NO_USED', ['order'], 'OUT_TRADE_NO_USED', 'never'],
    [403, 'ORDERPAID ORDER_PAID', ['order', 'close'], 'ORDERPAID', 'query_first'],
    [
      429,
      'FREQUENCY_LIMITED',
      ['order', 'query', 'close', 'bill'],
      'FREQUENCY_LIMITED',
      'same_request',
    ],
    [
      429,
      'RATELIMIT_EXCEEDED RATELIMIT_EXCEED',
      ['order', 'query', 'close', 'bill'],
      'FREQUENCY_LIMITED',
      'same_request',
    ],
    [
      500,
      'SYSTEM_ERROR SYSTEMERROR',
      ['order', 'query', 'queryRefund', 'close', 'bill'],
      'SYSTEM_ERROR',
      'same_request',
    ],
    [500, 'SYSTEM_ERROR SYSTEMERROR', ['refund'], 'SYSTEM_ERROR', 'same_request'],
    [500, 'BANK_ERROR BANKERROR', ['order', 'close'], 'BANK_ERROR', 'same_request'],
    [500, 'BANK_ERROR BANKERROR', ['refund'], 'BANK_ERROR', 'same_request'],
    [503, 'SERVICE_UNAVAILABLE', ['query', 'bill'], 'SERVICE_UNAVAILABLE', 'same_request'],
    [503, 'SERVICE_UNAVAILABLE', ['refund'], 'SERVICE_UNAVAILABLE', 'same_request'],
    [500, 'BIZERR_NEED_RETRY', ['refund'], 'BIZERR_NEED_RETRY', 'same_request'],
    // §A6: asking and closing.
    [
      404,
      'ORDER_NOT_EXIST ORDERNOTEXIST RESOURCE_NOT_EXISTS',
      ['query'],
      'ORDER_NOT_EXIST',
      'never',
    ],
    [
      404,
      'ORDER_NOT_EXIST ORDERNOTEXIST RESOURCE_NOT_EXISTS',
      ['close'],
      'ORDER_NOT_EXIST',
      'query_first',
    ],
    [
      404,
      'RESOURCE_NOT_EXISTS RESOURCENOTEXIST',
      ['order', 'bill'],
      'RESOURCE_NOT_EXISTS',
      'never',
    ],
    [202, 'USER_PAYING USERPAYING', ['query'], 'USER_PAYING', 'same_request'],
    [202, 'USER_PAYING', ['close'], 'USER_PAYING', 'same_request'],
    [403, 'TRADE_ERROR TRADEERROR', ['close'], 'TRADE_ERROR', 'query_first'],
    // Refunds: what WeChat refuses for good, what money or time repairs, what a query tells.
    [403, 'NOT_ENOUGH NOTENOUGH', ['refund'], 'NOT_ENOUGH', 'same_request'],
    [403, 'USER_ACCOUNT_ABNORMAL', ['refund'], 'USER_ACCOUNT_ABNORMAL', 'never'],
    [403, 'TRADE_OVERDUE', ['refund'], 'TRADE_OVERDUE', 'never'],
    [403, 'REFUND_FEE_MISMATCH', ['refund'], 'REFUND_FEE_MISMATCH', 'query_first'],
    [404, 'RESOURCE_NOT_EXISTS', ['refund', 'queryRefund'], 'RESOURCE_NOT_EXISTS', 'never'],
    [404, 'REFUNDNOTEXIST', ['queryRefund'], 'RESOURCE_NOT_EXISTS', 'never'],
    [429, 'FREQUENCY_LIMITED INVALID_REQ_TOO_MUCH', ['refund'], 'FREQUENCY_LIMITED', 'query_first'],
    [429, 'FREQUENCY_LIMITED', ['queryRefund'], 'FREQUENCY_LIMITED', 'same_request'],
    // Bills: the status varies, the word decides.
    [400, 'NO_STATEMENT_EXIST', ['bill'], 'NO_STATEMENT_EXIST', 'never'],
    [404, 'NO_STATEMENT_EXIST NOSTATEMENTEXIST', ['bill'], 'NO_STATEMENT_EXIST', 'never'],
    [400, 'STATEMENT_CREATING', ['bill'], 'STATEMENT_CREATING', 'same_request'],
    // The words of v2 that older pages carry over.
    [400, 'APPID_NOT_EXIST', ['order'], 'APPID_NOT_EXIST', 'never'],
    [400, 'LACK_PARAMS', ['order'], 'LACK_PARAMS', 'never'],
    [400, 'XML_FORMAT_ERROR', ['order'], 'XML_FORMAT_ERROR', 'never'],
    [400, 'REQUIRE_POST_METHOD', ['order'], 'REQUIRE_POST_METHOD', 'never'],
    [400, 'POST_DATA_EMPTY', ['order'], 'POST_DATA_EMPTY', 'never'],
    [400, 'NOT_UTF8', ['order'], 'NOT_UTF8', 'never'],
    [400, 'INVALID_REQ_TOO_MUCH', ['order'], 'FREQUENCY_LIMITED', 'same_request'],
  ])('%d %s, after %s: %s, %s', (status, words, operations, code, retry) => {
    for (const on of operations) {
      for (const word of words.split(' ')) {
        expect(refused({ status, code: word, on }), `${word} ${on}`).toMatchObject({ code, retry });
      }
    }
  });

  test('every word of the documents is known', () => {
    const { expected } = facts.vectors.find(({ id }) => id === 'v3-error-reactions')!;
    const {
      create = {},
      query = {},
      close = {},
      refund = {},
      bill = {},
    } = expected as Record<string, object>;
    const documented = {
      order: create,
      query,
      close,
      refund,
      queryRefund: {},
      bill,
      keys: {},
    } satisfies Record<Operation, object>;
    for (const [on, words] of Object.entries(documented)) {
      for (const word of Object.keys(words)) {
        expect(knownCode(word, undefined, on as Operation), `${on} ${word}`).toBeDefined();
      }
    }
  });
});

describe('the number of the Request-ID makes a vague word exact', () => {
  test.each<[string | undefined, string, Operation, string, string]>([
    ['INVALID_REQUEST', '268449538', 'order', 'ORDERPAID', 'query_first'],
    ['INVALID_REQUEST', '268498689', 'order', 'ORDERPAID', 'query_first'],
    ['INVALID_REQUEST', '268498688', 'order', 'OUT_TRADE_NO_USED', 'never'],
    ['TRADE_ERROR', '268449538', 'close', 'ORDERPAID', 'query_first'],
    ['RULE_LIMIT', '268449641', 'close', 'TRADE_ERROR', 'query_first'],
    ['RESOURCE_NOT_EXISTS', '268512771', 'order', 'ORDER_NOT_EXIST', 'never'],
    ['SOMETHING_NEW', '268447840', 'query', 'FREQUENCY_LIMITED', 'same_request'],
    // A word that says it is believed, whatever the number.
    ['SYSTEM_ERROR', '268512771', 'query', 'SYSTEM_ERROR', 'same_request'],
    ['INVALID_REQUEST', '268435456', 'order', 'INVALID_REQUEST', 'never'],
  ])('%s with %s after %s: %s, %s', (code, number, on, expected, retry) => {
    const error = refused({ status: 400, ...(code === undefined ? {} : { code }), number, on });
    expect(error).toMatchObject({ code: expected, retry, requestId: `08A1B2-${number}` });
  });
});

describe('an unknown code stays as it is, and the status tells what to do', () => {
  test.each([
    [202, 'query_first', 'same_request'],
    [400, 'never', 'never'],
    [401, 'never', 'never'],
    [403, 'never', 'never'],
    [404, 'never', 'never'],
    [429, 'same_request', 'same_request'],
    [500, 'query_first', 'same_request'],
    [502, 'query_first', 'same_request'],
    [503, 'query_first', 'same_request'],
    [504, 'query_first', 'query_first'],
    [302, 'query_first', 'query_first'],
  ])('%d: %s of an order, %s of a query', (status, ofOrder, ofQuery) => {
    const code = 'BRAND_NEW';
    expect(refused({ status, code, on: 'order' })).toMatchObject({ code, retry: ofOrder });
    expect(refused({ status, code, on: 'query' })).toMatchObject({ code, retry: ofQuery });
  });
});

describe('an answer without a word was not written by WeChat Pay', () => {
  test.each([
    [202, 'ACCEPTED', 'query_first'],
    [302, 'HTTP_302', 'query_first'],
    [400, 'HTTP_400', 'query_first'],
    [403, 'HTTP_403', 'query_first'],
    [404, 'HTTP_404', 'query_first'],
    [429, 'HTTP_429', 'same_request'],
    [502, 'HTTP_502', 'query_first'],
    [503, 'HTTP_503', 'query_first'],
    [504, 'HTTP_504', 'query_first'],
  ])('%d: %s, %s', (status, code, retry) => {
    const bodies = ['', '<html>', '[]', '{}', '{"code":1}', '{"code":"<b>"}', '{"code":"名"}'];
    for (const body of bodies) expect(refused({ status, body })).toMatchObject({ code, retry });
  });

  // A path with a typo, or a proxy: nothing is said of an order or a refund, whatever else the answer has.
  test.each(['268512771', '268449538', '268443699'])(
    'an empty 404 with the number %s in its Request-ID says no word',
    (number) => {
      for (const on of ['query', 'close', 'queryRefund', 'order', 'refund'] as const) {
        const error = refused({ status: 404, number, on });
        expect(error).toMatchObject({ code: 'HTTP_404', retry: 'query_first' });
      }
    },
  );

  test('so an HTML 404 never means that an order is missing', () => {
    expect(refused({ status: 404, on: 'query', body: '<html>' }).code).not.toBe('ORDER_NOT_EXIST');
  });
});

describe('what comes with a refusal', () => {
  const v3 = errors.vectors.filter(({ id }) => id.startsWith('v3-'));

  test.each(v3)('$id', ({ input, expected }) => {
    const on = expected.class === 'no_data' ? 'bill' : 'order';
    const error = refused({ status: input.http_status, body: input.body, on });
    expect(error).toMatchObject({ code: expected.code, retry: 'never' });
  });

  test.each([
    ['flat', { field: 'signature', issue: 'sign not match' }],
    ['one deeper', { detail: { field: 'signature', issue: 'sign not match' } }],
  ])('the offending field, %s', (_, detail) => {
    const body = JSON.stringify({ code: 'SIGN_ERROR', message: '错误的签名', detail });
    const error = refused({ status: 401, body });
    expect(error.message).toBe('错误的签名; signature; sign not match');
  });

  test('no more than a line of it', () => {
    const message = `a\n\u0000${'x'.repeat(10_000)}`;
    const error = refused({ status: 400, body: JSON.stringify({ code: 'PARAM_ERROR', message }) });
    expect(error.message).toHaveLength(256);
    expect(error.message.slice(0, 4)).toBe('a  x');
  });

  test('a forged Request-ID is not passed on', () => {
    const headers = { 'request-id': 'a b\nc' };
    const answer = { status: 400, headers, body: Buffer.from('{"code":"PARAM_ERROR"}') };
    expect(readApiError(answer, 'order').requestId).toBeUndefined();
  });
});

test.each([
  ['5', 5000],
  ['0', 0],
  ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
  ['-1', undefined],
  ['999999', 999_999_000],
  ['1000000', undefined],
  ['1.5', undefined],
  ['1e3', undefined],
  ['5 s', undefined],
  ['5, 6', undefined],
  ['', undefined],
  [undefined, undefined],
])('Retry-After %s is a wait of %s ms', (after, retryAfterMs) => {
  const headers: Record<string, string> = after === undefined ? {} : { 'retry-after': after };
  const answer = { status: 429, headers, body: Buffer.from('{"code":"FREQUENCY_LIMITED"}') };
  expect(readApiError(answer, 'query').retryAfterMs).toBe(retryAfterMs);
});

test.each([
  ['a list in detail', { detail: [] }],
  ['a text in detail', { detail: 'x' }],
  ['a number in message', { message: 5 }],
  ['null everywhere', { detail: null, message: null }],
  ['a field of another type', { detail: { field: [], issue: {}, detail: [] } }],
  ['a value that is a list', { detail: { location: 'body', value: ['a'] } }],
])('%s costs the code nothing', (_what, rest) => {
  const body = JSON.stringify({ code: 'RESOURCE_NOT_EXISTS', ...rest });
  expect(refused({ status: 404, on: 'queryRefund', body }).code).toBe('RESOURCE_NOT_EXISTS');
});

describe('a broken wire', () => {
  test.each([
    ['ECONNREFUSED', 'WECHAT_UNREACHABLE', 'same_request'],
    ['ENOTFOUND', 'WECHAT_UNREACHABLE', 'same_request'],
    ['EAI_AGAIN', 'WECHAT_UNREACHABLE', 'same_request'],
    ['EHOSTUNREACH', 'WECHAT_UNREACHABLE', 'same_request'],
    ['ENETUNREACH', 'WECHAT_UNREACHABLE', 'same_request'],
    ['ENOTSENT', 'WECHAT_UNREACHABLE', 'same_request'],
    ['ECONNRESET', 'ANSWER_LOST', 'query_first'],
    ['ETIMEDOUT', 'ANSWER_LOST', 'query_first'],
    ['EPIPE', 'ANSWER_LOST', 'query_first'],
    ['ETOOBIG', 'ANSWER_TOO_LARGE', 'query_first'],
    [undefined, 'ANSWER_LOST', 'query_first'],
  ])('%s: %s, %s', (code, expected, retry) => {
    const cause = Object.assign(new Error('x'), { code });
    expect(transportFailure(cause)).toMatchObject({ code: expected, retry, cause });
  });

  test('whatever is thrown', () => {
    for (const cause of [undefined, null, 'x', { code: 'ECONNREFUSED' }]) {
      expect(transportFailure(cause)).toMatchObject({ code: 'ANSWER_LOST', retry: 'query_first' });
    }
  });
});
