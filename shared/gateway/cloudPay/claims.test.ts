import { expect, test } from 'vitest';
import { anOrder, plus } from '../../../tests/support/orders.ts';
import type { PaymentClaim } from '../../ports/unverifiedClaim.ts';
import { createClaimParser } from './claims.ts';
import { drawSecret, hasSecret } from './secret.ts';
import { orderBody } from './wire/order.ts';

const parser = createClaimParser();
const secret = drawSecret((count) => new Uint8Array(count).fill(3));
const placed = anOrder({ link: 'cloudPay' });
const frozen = orderBody(placed, { envId: 'shop-1a2b3c', nonce: 'n', secret });
const order = { ...placed, request: frozen };

/** The event of the CloudPay logs, for this order. */
const event = {
  appid: 'wxd2d16a504f24665e',
  attach: secret,
  bankType: 'OTHERS',
  cashFee: 100,
  feeType: 'CNY',
  isSubscribe: 'N',
  mchId: '1800008281',
  nonceStr: '48WQ',
  openid: 'oProvider',
  outTradeNo: order.outTradeNo,
  resultCode: 'SUCCESS',
  returnCode: 'SUCCESS',
  subAppid: order.appid,
  subIsSubscribe: 'N',
  subMchId: order.mchid,
  subOpenid: 'oPayer',
  timeEnd: '20261124100100',
  totalFee: 100,
  tradeType: 'JSAPI',
  transactionId: '420',
  userInfo: { appId: order.appid, openId: 'oPayer' },
};
const snake = Object.fromEntries(
  Object.entries(event).map(([name, value]) => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]),
);

test.each([
  ['as logs show it', event],
  ['as the page of CloudBase prints it', snake],
])('a payment %s is read, and proven by the secret', (_how, reported) => {
  const claim = parser.read(reported);
  expect(claim).toEqual({
    kind: 'payment',
    outTradeNo: order.outTradeNo,
    attach: secret,
    evidence: {
      kind: 'paid',
      via: 'callback',
      outTradeNo: order.outTradeNo,
      tradeState: 'SUCCESS',
      transactionId: '420',
      totalFee: 100,
      currency: 'CNY',
      mchid: order.mchid,
      appid: order.appid,
      openid: 'oPayer',
      paidAt: plus(60),
    },
  });
  expect(parser.hasProof(order, claim as PaymentClaim)).toBe(true);
});

test.each([
  ['another secret', { attach: `${secret.slice(0, -1)}x` }],
  ['a shorter secret', { attach: secret.slice(0, -1) }],
  ['no secret', { attach: undefined }],
  ['an empty secret', { attach: '' }],
  ['another amount', { totalFee: 1 }],
  ['another currency', { feeType: 'USD' }],
  ['another merchant', { subMchId: '1900000110' }],
  ['another mini program', { subAppid: 'wx0000000000000002' }],
  ['no mini program', { subAppid: undefined }],
  ['another payer', { subOpenid: 'oOther' }],
  ['no payer', { subOpenid: undefined }],
])('a payment with %s is no proof', (_what, change) => {
  const claim = parser.read({ ...event, ...change });
  expect(claim.kind).toBe('payment');
  expect(parser.hasProof(order, claim as PaymentClaim)).toBe(false);
});

test.each([
  ['the order was placed without a secret', '{"attach":""}'],
  ['the order was placed on the signed link', '{"out_trade_no":"T1"}'],
])('nothing is proven where %s', (_why, request) => {
  expect(hasSecret(request, '')).toBe(false);
  expect(hasSecret(request, undefined)).toBe(false);
});

test.each([
  ['nothing', undefined, 'event_malformed:json'],
  ['a list', [], 'event_malformed:json'],
  ['no return code', { ...event, returnCode: undefined }, 'event_malformed:return_code'],
  ['a failure', { ...event, returnCode: 'FAIL' }, 'return_code'],
  ['a failed payment', { ...event, resultCode: 'FAIL' }, 'result_code'],
  ['two spellings of one field', { ...event, total_fee: 1 }, 'event_malformed:total_fee'],
  ['a number of blanks', { ...event, outTradeNo: 'A B' }, 'event_malformed:out_trade_no'],
])('%s is refused by its field', (_what, reported, reason) => {
  expect(parser.read(reported)).toEqual({ kind: 'refused', reason });
});

test.each([
  ['an amount with a point', { totalFee: 1.5 }],
  ['a negative amount', { totalFee: -1 }],
  ['no time', { timeEnd: '20269999999999' }],
  ['a transaction of blanks', { transactionId: '4 2' }],
])('%s leaves the number to ask about, and proves nothing', (_what, change) => {
  const claim = parser.read({ ...event, ...change });
  expect(claim).toEqual({ kind: 'payment', outTradeNo: order.outTradeNo });
  expect(parser.hasProof(order, claim as PaymentClaim)).toBe(false);
});

test('what is nested without end is read as far as it goes', () => {
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i += 1) deep = { deep };
  expect(parser.read({ ...event, deep })).toMatchObject({ kind: 'payment', attach: secret });
});

test('a refund is read with the words of APIv2', () => {
  const refund = {
    returnCode: 'SUCCESS',
    subMchId: order.mchid,
    outTradeNo: order.outTradeNo,
    transactionId: '420',
    outRefundNo: 'R1',
    refundId: '503',
    refundFee: 40,
    totalFee: 100,
    refundStatus: 'REFUNDCLOSE',
  };
  expect(parser.read(refund)).toMatchObject({
    kind: 'refund',
    evidence: { kind: 'closed', via: 'callback', outRefundNo: 'R1', refundFee: 40 },
  });
});
