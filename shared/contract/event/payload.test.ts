import { describe, expect, test } from 'vitest';
import { type DeliveryBody, deliveryBody } from './delivery.ts';
import { type QuoteBody, quoteBody, readQuoteAnswer } from './quote.ts';

const paid: DeliveryBody = {
  type: 'order.paid',
  timestamp: '2026-11-30T12:00:00.000Z',
  data: {
    payloadVersion: 1,
    eventId: 'COFFEE0001.1',
    seq: 1,
    outTradeNo: 'COFFEE0001',
    traceId: '7c1f0a52-5d6b-4f1e-9a53-0a3f4de2b1c9',
    purchaseId: '采购 17',
    openid: 'oPayer',
    transactionId: '4200000001',
    mchid: '1900000109',
    appid: 'wx1234567890abcdef',
    link: 'apiV3',
    body: '咖啡',
    totalFee: 1990,
    state: 'paid',
    paidAt: '2026-11-30T11:59:58.000Z',
  },
};

describe('a delivery', () => {
  test('is read as it is written', () => {
    expect(deliveryBody.parse(paid)).toEqual(paid);
  });

  test('of a later version is read without what is new in it', () => {
    const later = { ...paid, trace: 'x', data: { ...paid.data, payerTotal: 1990 } };
    expect(deliveryBody.parse(later)).toEqual(paid);
  });

  test.each([
    ['no event', { type: 'quote.request' }],
    ['of no time', { timestamp: 'yesterday' }],
    ['of another version', { data: { ...paid.data, payloadVersion: 2 } }],
    ['of broken fen', { data: { ...paid.data, totalFee: 19.9 } }],
    ['with a null in place of nothing', { data: { ...paid.data, attach: null } }],
  ])('%s is none', (_what, change) => {
    expect(deliveryBody.safeParse({ ...paid, ...change }).success).toBe(false);
  });
});

test('a quote carries the payer and the merchant’s own JSON', () => {
  const quote: QuoteBody = {
    type: 'quote.request',
    timestamp: '2026-11-30T12:00:00.000Z',
    data: { openid: 'oPayer', request: { items: [{ id: 'coffee', count: 2 }] } },
  };
  expect(quoteBody.parse(quote)).toEqual(quote);
  expect(quoteBody.safeParse({ ...quote, type: 'order.paid' }).success).toBe(false);
});

describe('the answer to a quote', () => {
  const price = { errCode: 0, body: '咖啡', totalFee: 1990 };
  const more = { purchaseId: '采购 17', attach: 'table 4', timeExpire: '20261130203000' };

  test('is a price', () => {
    const quote = { body: '咖啡', totalFee: 1990 };
    expect(readQuoteAnswer({ ...price, errMsg: 'ok' })).toEqual({ kind: 'quoted', quote });
    const timeExpire = new Date('2026-11-30T12:30:00Z');
    const whole = { kind: 'quoted', quote: { ...quote, ...more, timeExpire } };
    expect(readQuoteAnswer({ ...price, ...more })).toEqual(whole);
  });

  test('that our signature is not taken is no refusal for the payer to see', () => {
    const answer = { errCode: 'SIGNATURE_REFUSED', errMsg: 'signature_wrong' };
    expect(readQuoteAnswer(answer)).toEqual({ kind: 'unverified' });
  });

  test.each([
    ['SOLD_OUT', '已售罄'],
    [-1, '店已打烊'],
    [40_001, ''],
  ])('is the merchant’s own refusal %s', (errCode, errMsg) => {
    const refused = { kind: 'refused', quoteCode: errCode, quoteMsg: errMsg };
    expect(readQuoteAnswer(errMsg === '' ? { errCode } : { errCode, errMsg })).toEqual(refused);
  });

  test.each([
    [undefined, ''],
    [null, ''],
    ['ok', ''],
    [{}, 'errCode'],
    [{ ...price, errCode: '0' }, undefined],
    [{ ...price, errCode: null }, 'errCode'],
    [{ ...price, errCode: '' }, 'errCode'],
    [{ errCode: 'X'.repeat(65) }, 'errCode'],
    [{ ...price, totalFee: 0 }, 'totalFee'],
    [{ ...price, totalFee: -1 }, 'totalFee'],
    [{ ...price, totalFee: 19.9 }, 'totalFee'],
    [{ ...price, totalFee: '1990' }, 'totalFee'],
    [{ ...price, totalFee: Number.NaN }, 'totalFee'],
    [{ ...price, totalFee: 2 ** 31 }, 'totalFee'],
    [{ ...price, totalFee: undefined }, 'totalFee'],
    [{ ...price, body: '' }, 'body'],
    [{ ...price, body: 7 }, 'body'],
    [{ ...price, purchaseId: 17 }, 'purchaseId'],
    [{ ...price, purchaseId: '' }, 'purchaseId'],
    [{ ...price, purchaseId: 'x'.repeat(65) }, 'purchaseId'],
    [{ ...price, attach: '单'.repeat(43) }, 'attach'],
    [{ ...price, timeExpire: 'soon' }, 'timeExpire'],
  ])('%j is neither: its field %s is wrong', (answer, field) => {
    const read = readQuoteAnswer(answer);
    if (field === undefined) expect(read.kind).toBe('refused');
    else expect(read).toMatchObject({ kind: 'malformed', field });
  });
});
