import fc from 'fast-check';
import { expect } from 'vitest';
import { contracts } from '../../shared/contract/contracts.ts';
import type { Stage } from '../e2e/stage.ts';
import { MAY_BE_EMPTY } from '../support/emptyFields.ts';

/** Calls each function as somebody whom it lets in, so that only its input can be refused. */
const reach = {
  unifiedOrder: { openid: 'oPayer' },
  queryOrder: { openid: 'oPayer' },
  closeOrder: { openid: 'oPayer' },
  refund: { openid: 'oAdmin' },
  queryRefund: { openid: 'oPayer' },
  listAttention: { openid: 'oAdmin' },
  decideOrder: { openid: 'oAdmin' },
  downloadBill: { openid: 'oAdmin' },
  payCallback: { source: 'http' },
  refundCallback: { source: 'http' },
  closeStaleOrders: { source: 'timer' },
} as const;

const valid: Record<keyof typeof reach, Record<string, unknown>> = {
  unifiedOrder: { body: '咖啡', totalFee: 1990, outTradeNo: 'FUZZ000001', attach: 'a' },
  queryOrder: { outTradeNo: 'FUZZ000001' },
  closeOrder: { outTradeNo: 'FUZZ000001' },
  refund: { outTradeNo: 'FUZZ000001', outRefundNo: 'R1', totalFee: 1990, refundFee: 1 },
  queryRefund: { outTradeNo: 'FUZZ000001', outRefundNo: 'R1' },
  listAttention: { limit: 5, cursor: 'WzEsW11d' },
  decideOrder: {
    decision: 'giveUpRefund',
    outTradeNo: 'FUZZ000001',
    outRefundNo: 'R1',
    reason: 'x',
  },
  downloadBill: { billDate: '20261123', billType: 'ALL' },
  payCallback: { headers: {}, body: '{}', isBase64Encoded: false },
  refundCallback: { headers: {}, body: '{}', isBase64Encoded: false },
  closeStaleOrders: { Type: 'Timer' },
};

const json = fc.jsonValue({ maxDepth: 3, noneFiniteNumbers: false } as object);
const nasty = fc.oneof(
  json,
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom(null, true, -1, 0.1, 1e308, '', ' ', '0', '__proto__', '\u0000', '9'.repeat(40)),
  // APIv2's XML, which is answered in kind.
  fc.string({ maxLength: 40 }).map((text) => `<${text}`),
  fc.string({ maxLength: 40 }).map((text) => `<xml><req_info>${text}</req_info></xml>`),
);

/** A good input with one field spoilt, taken away or added; or anything at all. */
const spoilt = (good: Record<string, unknown>) =>
  fc.oneof(
    json,
    fc
      .tuple(fc.constantFrom(...Object.keys(good)), nasty)
      .map(([key, value]) => ({ ...good, [key]: value })),
    fc.constantFrom(...Object.keys(good)).map((key) => {
      const { [key]: _gone, ...rest } = good;
      return rest;
    }),
    fc
      .tuple(fc.string({ maxLength: 20 }), nasty)
      .map(([key, value]) => ({ ...good, [key]: value })),
  );

/** Sends `count` malformed inputs to every function in turn; answers how many were sent to each. */
export async function fuzzMalformed(
  stage: Stage,
  count: number,
  seed: number,
): Promise<Record<string, number>> {
  const names = Object.keys(reach) as (keyof typeof reach)[];
  const sent: Record<string, number> = {};
  for (const name of names) {
    const each = fc.asyncProperty(spoilt(valid[name]), async (event) => {
      // The platform adds who calls to what a client sends, so that nothing at all is an empty object.
      const received = [event, Object(event) === event ? event : {}];
      const isGood =
        !isWronglyEmpty(name, event) &&
        received.some((each) => contracts[name].input.safeParse(each).success);
      if (contracts[name].form !== 'http' && isGood) return;
      sent[name] = (sent[name] ?? 0) + 1;
      const answer = await stage.call(name, event, reach[name]);
      if (contracts[name].form === 'http') expectHttpRefusal(answer);
      else expectRefusal(answer);
    });
    await fc.assert(each, { numRuns: Math.ceil(count / names.length), seed });
  }
  return sent;
}

/** Tells whether the spoilt field is empty and must not be, whatever the contract says. */
function isWronglyEmpty(name: keyof typeof reach, event: unknown): boolean {
  return Object.keys(valid[name]).some((field) => {
    const value = Object(event)[field];
    const isEmpty = value === null || value === '';
    return isEmpty && !MAY_BE_EMPTY[name]?.includes(field);
  });
}

function expectRefusal(answer: Record<string, unknown>) {
  expect(answer).toMatchObject({
    errCode: expect.stringMatching(/^(PARAM_ERROR|SERVICE_SIGNATURE)$/),
    errMsg: expect.any(String),
    resultCode: 'FAIL',
    advice: 'never',
  });
  if (answer.errCode === 'PARAM_ERROR') expect(answer.field).toMatch(/./s);
}

function expectHttpRefusal(answer: Record<string, unknown>) {
  const { statusCode, body } = answer;
  expect(statusCode).toBeGreaterThanOrEqual(400);
  expect(statusCode).toBeLessThan(500);
  const text = String(body);
  if (text.startsWith('<')) expect(text).toMatch(/^<xml><return_code><!\[CDATA\[FAIL\]\]>/);
  else expect(JSON.parse(text)).toMatchObject({ code: 'FAIL', message: expect.any(String) });
}
