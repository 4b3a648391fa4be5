import { describe, expect, test } from 'vitest';
import { deliverToFunction, quoteByFunction } from './functionChannel.ts';

const failing = (code: string) => async () => {
  throw Object.assign(new Error('what the platform says'), { code });
};

describe('a delivery to a function', () => {
  test.each([
    [{ errCode: 0 }, { kind: 'accepted' }],
    [{ errCode: 0, errMsg: 'ok' }, { kind: 'accepted' }],
    [{ errCode: 410 }, { kind: 'gone' }],
    [{ errCode: '0' }, { kind: 'refused', reason: '0' }],
    [
      { errCode: 'SIGNATURE_REFUSED', errMsg: 'signature_wrong' },
      { kind: 'refused', reason: 'SIGNATURE_REFUSED: signature_wrong' },
    ],
    [{ errCode: -1 }, { kind: 'refused', reason: '-1' }],
    [{ ok: true }, { kind: 'refused', reason: 'NO_ERR_CODE' }],
    ['success', { kind: 'refused', reason: 'NO_ERR_CODE' }],
    [undefined, { kind: 'refused', reason: 'NO_ERR_CODE' }],
    [null, { kind: 'refused', reason: 'NO_ERR_CODE' }],
    [[0], { kind: 'refused', reason: 'NO_ERR_CODE' }],
  ])('that answers %j', async (answer, outcome) => {
    expect(await deliverToFunction(async () => answer)).toEqual(outcome);
  });

  test('keeps a long reason short', async () => {
    const outcome = await deliverToFunction(async () => ({
      errCode: 'X',
      errMsg: 'y'.repeat(9999),
    }));
    expect(JSON.stringify(outcome).length).toBeLessThan(300);
  });

  test.each(['FUNCTIONS_TIME_LIMIT_EXCEEDED', 'ETIMEDOUT', 'ESOCKETTIMEDOUT'])(
    'of which nothing is known after %s',
    async (code) => {
      expect(await deliverToFunction(failing(code))).toEqual({ kind: 'timed_out' });
      expect(await quoteByFunction(failing(code))).toEqual({ kind: 'timed_out' });
    },
  );

  test.each(['FUNCTION_NOT_FOUND', 'FUNCTIONS_EXECUTE_FAIL', 'ECONNRESET'])(
    'that ends in %s',
    async (code) => {
      const reason = `${code}: what the platform says`;
      expect(await deliverToFunction(failing(code))).toEqual({ kind: 'refused', reason });
      expect(await quoteByFunction(failing(code))).toEqual({ kind: 'failed', reason });
    },
  );
});

test('the answer to a quote is handed on as it is, unless it is huge', async () => {
  const answer = { errCode: 0, body: '咖啡', totalFee: 1990 };
  expect(await quoteByFunction(async () => answer)).toEqual({ kind: 'answered', answer });
  expect(await quoteByFunction(async () => undefined)).toEqual({ kind: 'answered' });
  const huge = { ...answer, body: 'x'.repeat(20_000) };
  expect(await quoteByFunction(async () => huge)).toEqual({ kind: 'too_large' });
});
