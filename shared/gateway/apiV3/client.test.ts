import { describe, expect, test } from 'vitest';
import { selfSigned } from '../../../emulator/wechatpay/keys/certificate.ts';
import {
  keys,
  keysOptions,
  merchantPair,
  paidOrder,
  type Scripted,
  scripted,
  signedAnswer,
  signedHeaders,
  termsAt,
  wechatPair,
} from '../../../tests/support/wechatSide.ts';
import { beginOrder, type Order } from '../../domain/order/order.ts';
import type { HttpAnswer } from '../../ports/transport.ts';
import { createApiV3 } from './client.ts';
import { paymentMessage } from './crypto/message.ts';
import { verify } from './crypto/sign.ts';
import { createKeys } from './keys/keys.ts';

const now = new Date('2026-11-24T09:07:12Z');
const SERIAL = '5DEA10EF55877E3CF6C33255C2E7DEFFF7E427EC';
const API = 'https://api.mch.weixin.qq.com';

function open(script: Scripted[], more: Partial<Parameters<typeof createApiV3>[0]> = {}) {
  const transport = scripted(...script);
  let drawn = 0;
  const gateway = createApiV3({
    keys,
    transport,
    now: () => now,
    randomBytes: (count) => new Uint8Array(count).fill(drawn++),
    apiUrl: API,
    notifyUrl: 'https://shop.example/pay/notify',
    refundNotifyUrl: 'https://shop.example/refund/notify',
    ...more,
  });
  return { gateway, sent: transport.sent };
}

const terms = termsAt(now);
const order: Order = beginOrder(terms, open([]).gateway.freezeOrder(terms));

const answer = (status: number, body: unknown) => signedAnswer(status, JSON.stringify(body), now);
const closed204 = signedAnswer(204, '', now);
const refusedWith = (status: number, code: string): HttpAnswer => ({
  status,
  headers: { 'request-id': '08F5-1' },
  body: Buffer.from(JSON.stringify({ code, message: '说明' })),
});
const broken = (code: string) => Object.assign(new Error(code), { code });

describe('placing', () => {
  test('the frozen request is sent byte for byte, however often, and each payment is payable', async () => {
    const { gateway, sent } = open([
      answer(200, { prepay_id: 'wx201410272009395522657a690389285100' }),
      answer(200, { prepay_id: 'wx201410272009395522657a690389285101' }),
    ]);
    const payment = gateway.paymentOf(order, await gateway.requestPrepay(order, 3_000));
    const again = gateway.paymentOf(order, await gateway.requestPrepay(order, 3_000));
    expect(sent.map(({ body }) => body)).toEqual([order.request, order.request]);
    expect(sent[0]).toMatchObject({ method: 'POST', url: `${API}/v3/pay/transactions/jsapi` });
    const { appId, timeStamp, nonceStr, package: packageText, signType, paySign } = payment;
    expect([appId, timeStamp, signType]).toEqual([terms.appid, '1795511232', 'RSA']);
    expect(packageText).toBe('prepay_id=wx201410272009395522657a690389285100');
    const message = paymentMessage(appId, timeStamp, nonceStr, packageText);
    expect(verify(message, paySign, merchantPair.publicKey)).toBe(true);
    expect(again.package).toBe('prepay_id=wx201410272009395522657a690389285101');
    expect(again.nonceStr).not.toBe(nonceStr);
  });

  test('each request says who asks, in JSON, with a nonce of its own', async () => {
    const { gateway, sent } = open([answer(200, paidOrder), answer(200, paidOrder)]);
    await gateway.queryOrder(order, 1_234);
    await gateway.queryOrder(order, 1_234);
    expect(sent[0]).toMatchObject({ method: 'GET', timeoutMs: 1_234, bytesMax: 524_288 });
    expect(sent[0]).not.toHaveProperty('body');
    expect(sent[0]?.headers).toMatchObject({
      Accept: 'application/json',
      'User-Agent': 'scf-wechatpay',
      'Wechatpay-Serial': keysOptions.publicKey.id,
    });
    expect(sent[0]?.headers.Authorization).not.toBe(sent[1]?.headers.Authorization);
  });

  test('in certificate mode no key is asked for', async () => {
    const { publicKey: _, ...rest } = keysOptions;
    const pem = selfSigned(wechatPair.privateKey, { o: 'Tenpay.com', cn: 'Tenpay.com sign' });
    const certificates = [{ serial: SERIAL, pem }];
    const paid = answer(200, paidOrder);
    const signed = { ...paid, headers: { ...paid.headers, 'wechatpay-serial': SERIAL } };
    const { gateway, sent } = open([signed], { keys: createKeys({ ...rest, certificates }) });
    expect(await gateway.queryOrder(order, 1_000)).toMatchObject({ kind: 'paid' });
    expect(sent[0]?.headers).not.toHaveProperty('Wechatpay-Serial');
  });
});

describe('asking', () => {
  test('by our number, as the merchant of the order', async () => {
    const { gateway, sent } = open([answer(200, paidOrder)]);
    const evidence = await gateway.queryOrder(order, 3_000);
    expect(evidence).toMatchObject({ kind: 'paid', via: 'query', totalFee: 100 });
    expect(sent[0]?.url).toBe(
      `${API}/v3/pay/transactions/out-trade-no/${terms.outTradeNo}?mchid=${keysOptions.mchid}`,
    );
  });

  test('by WeChat’s number', async () => {
    const { gateway, sent } = open([answer(200, paidOrder)]);
    const evidence = await gateway.queryByTransactionId(paidOrder.transaction_id, 3_000);
    expect(evidence).toMatchObject({ kind: 'paid', outTradeNo: terms.outTradeNo });
    expect(sent[0]?.url).toBe(
      `${API}/v3/pay/transactions/id/${paidOrder.transaction_id}?mchid=${keysOptions.mchid}`,
    );
  });

  test('an order that WeChat does not know is missing, not an error', async () => {
    const { gateway } = open([refusedWith(404, 'ORDER_NOT_EXIST')]);
    expect(await gateway.queryOrder(order, 3_000)).toEqual({
      kind: 'not_found',
      via: 'query',
      outTradeNo: terms.outTradeNo,
      code: 'ORDER_NOT_EXIST',
    });
  });

  test('a transaction that WeChat does not know is an error: it has no number of ours', async () => {
    const { gateway } = open([refusedWith(404, 'ORDER_NOT_EXIST')]);
    await expect(gateway.queryByTransactionId('420', 3_000)).rejects.toMatchObject({
      code: 'ORDER_NOT_EXIST',
      retry: 'never',
    });
  });

  test('an unknown trade state is evidence of nothing', async () => {
    const { gateway } = open([answer(200, { ...paidOrder, trade_state: 'ACCEPT' })]);
    const evidence = await gateway.queryOrder(order, 3_000);
    expect(evidence).toMatchObject({ kind: 'unknown', code: 'ACCEPT' });
  });

  test('money that went to another merchant is evidence, for the conclusion to compare', async () => {
    const { gateway } = open([answer(200, { ...paidOrder, mchid: '1' })]);
    expect(await gateway.queryOrder(order, 3_000)).toMatchObject({ kind: 'paid', mchid: '1' });
  });

  test.each([
    ['another order', 'out_trade_no', { out_trade_no: 'another-order' }],
    ['another merchant’s order, unpaid', 'mchid', { trade_state: 'CLOSED', mchid: '1' }],
  ])('an answer about %s is none', async (_, field, other) => {
    const { gateway } = open([answer(200, { ...paidOrder, ...other })]);
    await expect(gateway.queryOrder(order, 3_000)).rejects.toMatchObject({
      code: 'ANSWER_MALFORMED',
      retry: 'query_first',
      message: expect.stringContaining(field),
    });
  });

  test('an answer about another transaction is none', async () => {
    const { gateway } = open([answer(200, paidOrder)]);
    await expect(gateway.queryByTransactionId('421', 3_000)).rejects.toMatchObject({
      code: 'ANSWER_MALFORMED',
    });
  });
});

describe('closing', () => {
  test('204 is closed', async () => {
    const { gateway, sent } = open([closed204]);
    await gateway.closeOrder(order, 3_000);
    expect(sent[0]).toMatchObject({
      method: 'POST',
      url: `${API}/v3/pay/transactions/out-trade-no/${terms.outTradeNo}/close`,
      body: `{"mchid":"${keysOptions.mchid}"}`,
    });
  });

  test.each(['ORDER_CLOSED', 'ORDERCLOSED'])('%s is closed already', async (code) => {
    await open([refusedWith(400, code)]).gateway.closeOrder(order, 3_000);
  });

  test.each<[string, string, Scripted]>([
    ['ORDERPAID', 'query_first', refusedWith(400, 'ORDERPAID')],
    ['ORDER_NOT_EXIST', 'query_first', refusedWith(404, 'ORDER_NOT_EXIST')],
    ['TRADE_ERROR', 'query_first', refusedWith(403, 'TRADE_ERROR')],
    ['USER_PAYING', 'same_request', refusedWith(202, 'USER_PAYING')],
    ['ACCEPTED', 'query_first', { status: 202, headers: {}, body: Buffer.alloc(0) }],
    ['SYSTEM_ERROR', 'same_request', refusedWith(500, 'SYSTEM_ERROR')],
    ['ANSWER_UNVERIFIED', 'query_first', { status: 204, headers: {}, body: Buffer.alloc(0) }],
    ['ANSWER_MALFORMED', 'query_first', signedAnswer(200, '', now)],
    ['ANSWER_LOST', 'query_first', broken('ECONNRESET')],
  ])('%s is not closed: %s', async (code, retry, scriptedAnswer) => {
    // The other address says the same.
    const { gateway } = open([scriptedAnswer, scriptedAnswer]);
    await expect(gateway.closeOrder(order, 3_000)).rejects.toMatchObject({ code, retry });
  });
});

describe('an answer that cannot be believed or understood', () => {
  const paid = answer(200, paidOrder);
  const body = (text: string) => signedAnswer(200, text, now);
  const headers = (more: Record<string, string>): HttpAnswer => ({
    ...paid,
    headers: { ...paid.headers, ...more },
  });
  const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
  const text = JSON.stringify(paidOrder);

  test.each<[string, string, string, Scripted]>([
    ['unsigned', 'ANSWER_UNVERIFIED', 'header_missing', { ...paid, headers: {} }],
    [
      'of another certificate',
      'ANSWER_UNVERIFIED',
      'serial_unknown:A',
      headers({ 'wechatpay-serial': 'A' }),
    ],
    [
      'of a public key that is not configured',
      'ANSWER_UNVERIFIED',
      'serial_unknown:PUB_KEY_ID_1:public_key_not_configured; 微信支付用一个没有配置的公钥签名',
      headers({ 'wechatpay-serial': 'PUB_KEY_ID_1' }),
    ],
    ['stale', 'ANSWER_UNVERIFIED', 'timestamp_window', signedAnswer(200, text, minutesAgo(6))],
    [
      'from the future',
      'ANSWER_UNVERIFIED',
      'timestamp_window',
      signedAnswer(200, text, minutesAgo(-6)),
    ],
    ['with another body', 'ANSWER_UNVERIFIED', 'signature', { ...paid, body: Buffer.from('{}') }],
    ['cut short', 'ANSWER_UNVERIFIED', 'signature', { ...paid, body: paid.body.subarray(0, -1) }],
    [
      'signed over something else',
      'ANSWER_UNVERIFIED',
      'signature',
      headers(signedHeaders('{}', now)),
    ],
    [
      'a probe',
      'ANSWER_UNVERIFIED',
      'probe',
      headers({ 'wechatpay-signature': 'WECHATPAY/SIGNTEST/x' }),
    ],
    ['empty', 'ANSWER_MALFORMED', 'json', body('')],
    ['HTML', 'ANSWER_MALFORMED', 'json', body('<html>')],
    ['an array', 'ANSWER_MALFORMED', 'json', body('[]')],
    ['without a state', 'ANSWER_MALFORMED', 'out_trade_no', body('{}')],
    ['of another status', 'ANSWER_MALFORMED', 'HTTP 201', answer(201, paidOrder)],
    ['without its body', 'ANSWER_MALFORMED', 'HTTP 204', closed204],
    ['a redirect', 'HTTP_302', 'HTTP 302', { status: 302, headers: {}, body: Buffer.alloc(0) }],
    ['huge', 'ANSWER_TOO_LARGE', '应答过大', broken('ETOOBIG')],
    ['lost', 'ANSWER_LOST', '结果未知', broken('ETIMEDOUT')],
  ])('%s: %s, and the order is queried first', async (_, code, result, scriptedAnswer) => {
    const { gateway } = open([scriptedAnswer, scriptedAnswer]);
    await expect(gateway.queryOrder(order, 3_000)).rejects.toMatchObject({
      name: 'GatewayError',
      code,
      retry: 'query_first',
      message: expect.stringContaining(result),
    });
  });

  test('what was never sent may be sent again', async () => {
    const { gateway } = open([broken('ECONNREFUSED'), broken('ECONNREFUSED')]);
    await expect(gateway.requestPrepay(order, 3_000)).rejects.toMatchObject({
      code: 'WECHAT_UNREACHABLE',
      retry: 'same_request',
    });
  });

  test('a payment cannot be smuggled into a prepay id', async () => {
    const { gateway } = open([answer(200, { prepay_id: 'wx1\nprepay_id=wx2' })]);
    await expect(gateway.requestPrepay(order, 3_000)).rejects.toMatchObject({
      code: 'ANSWER_MALFORMED',
    });
  });

  test('a refusal carries WeChat’s word, text and number', async () => {
    const { gateway } = open([refusedWith(403, 'OUT_TRADE_NO_USED')]);
    await expect(gateway.requestPrepay(order, 3_000)).rejects.toMatchObject({
      code: 'OUT_TRADE_NO_USED',
      retry: 'never',
      message: '说明',
      requestId: '08F5-1',
    });
  });
});

test('an order of another merchant number is never queried with these keys', async () => {
  const { gateway, sent } = open([]);
  const foreign = { ...order, mchid: '1900000777' };
  for (const call of [gateway.requestPrepay, gateway.queryOrder, gateway.closeOrder]) {
    await expect(call(foreign, 3_000)).rejects.toMatchObject({
      code: 'MERCHANT_NOT_CONFIGURED',
      retry: 'never',
      message: expect.stringContaining('1900000777'),
    });
  }
  expect(sent).toEqual([]);
});

test('the address of the API may hold a path and end in a slash; what travels is what is signed', async () => {
  const { gateway, sent } = open([closed204], { apiUrl: 'http://127.0.0.1:7100/wechatpay/' });
  await gateway.closeOrder(order, 3_000);
  expect(sent[0]?.url).toMatch(/^http:\/\/127\.0\.0\.1:7100\/wechatpay\/v3\/pay\//);
});
