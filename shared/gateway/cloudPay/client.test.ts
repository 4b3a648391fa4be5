import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { anOrder, placedAt, plus } from '../../../tests/support/orders.ts';
import { fen } from '../../domain/money.ts';
import type { Order } from '../../domain/order/order.ts';
import { beginRefund } from '../../domain/order/refund.ts';
import { type Gateway, GatewayError } from '../../ports/gateway.ts';
import { createCloudPay } from './client.ts';

const order: Order = anOrder({ link: 'cloudPay' });
const head = { return_code: 'SUCCESS', return_msg: 'OK', result_code: 'SUCCESS' };
const merchant = { mch_id: '1800008281', sub_mch_id: '1900000109', sub_appid: order.appid };
const answers = {
  // The CloudPay logs' answer, before wx-server-sdk renames it.
  unifiedOrder: {
    ...head,
    ...merchant,
    prepay_id: 'wx0309',
    payment: {
      appId: order.appid,
      timeStamp: '1614735287',
      nonceStr: 'goJo',
      package: 'prepay_id=wx0309',
      signType: 'MD5',
      paySign: '5B09',
    },
  },
  queryOrder: {
    ...head,
    ...merchant,
    trade_state: 'SUCCESS',
    out_trade_no: order.outTradeNo,
    transaction_id: '420',
    total_fee: 100,
    fee_type: 'CNY',
    sub_openid: 'oPayer',
    time_end: '20261124100100',
    coupon_id_list: [],
  },
  closeOrder: { ...head, ...merchant },
  refund: {
    ...head,
    ...merchant,
    transaction_id: '420',
    out_trade_no: order.outTradeNo,
    out_refund_no: 'R1',
    refund_id: '503',
    refund_fee: 40,
    total_fee: 100,
  },
  // The real reply: counted, never listed (§A.7).
  queryRefund: {
    ...head,
    ...merchant,
    refund_count: 1,
    out_refund_no_list: [],
    refund_id_list: [],
  },
} as const;

interface Sent {
  apiName: string;
  request: Record<string, unknown>;
}

/** Makes the link over a platform that gives these answers, in bytes unless overridden. */
function aLink(overrides: Record<string, unknown> = {}, { hasToken = true } = {}) {
  const sent: Sent[] = [];
  const link = createCloudPay({
    send: async (apiName, request) => {
      sent.push({ apiName, request: JSON.parse(request.toString()) });
      const answer = { ...answers, ...overrides }[apiName];
      if (answer instanceof Error) throw answer;
      return Buffer.isBuffer(answer) ? answer : Buffer.from(JSON.stringify(answer));
    },
    hasToken,
    envId: 'shop-1a2b3c',
    mchid: '1900000109',
    randomBytes: (count) => new Uint8Array(count).fill(7),
  });
  return { link, sent };
}

const placed = (link: ReturnType<typeof aLink>['link']): Order => ({
  ...order,
  request: link.freezeOrder(order),
});
const aRefund = (link: ReturnType<typeof aLink>['link']) => {
  const request = { outRefundNo: 'R1', refundFee: fen(40), reason: '不喜欢' };
  return beginRefund({ ...request, request: link.freezeRefund(order, request) }, placedAt);
};

describe('what is sent', () => {
  test('an order, in the fields of the documents, with a secret in place of the merchant’s attach', async () => {
    const { link, sent } = aLink();
    const terms = { ...order, attach: '订单 17' };
    await link.requestPrepay({ ...terms, request: link.freezeOrder(terms) }, 1000);
    expect(sent).toEqual([
      {
        apiName: 'unifiedOrder',
        request: {
          body: '咖啡',
          attach: 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH',
          out_trade_no: order.outTradeNo,
          sub_mch_id: '1900000109',
          sub_appid: order.appid,
          sub_openid: 'oPayer',
          total_fee: 100,
          fee_type: 'CNY',
          spbill_create_ip: '127.0.0.1',
          trade_type: 'JSAPI',
          time_start: '20261124100000',
          time_expire: '20261124103000',
          nonce_str: '07070707070707070707070707070707',
          env_id: 'shop-1a2b3c',
          function_name: 'payCallback',
        },
      },
    ]);
  });

  test('a refund of a payment that its order’s number does not name for certain names it', () => {
    const { link } = aLink();
    const payment = { outTradeNo: order.outTradeNo, mchid: order.mchid, totalFee: fen(150) };
    const request = { outRefundNo: 'R1', refundFee: fen(40) };
    const frozen = JSON.parse(link.freezeRefund({ ...payment, transactionId: '421' }, request));
    expect(frozen).toMatchObject({ transaction_id: '421', total_fee: 150, refund_fee: 40 });
    expect(frozen).not.toHaveProperty('out_trade_no');
  });

  test('a refund, a query, a close and a bill name the merchant and a nonce', async () => {
    const { link, sent } = aLink({ downloadBill: Buffer.from('﻿交易时间,…') });
    await link.refund(order, aRefund(link), 1000);
    await link.queryRefund(order, 'R1', 1000);
    await link.queryOrder(order, 1000);
    await link.queryByTransactionId('420', 1000);
    await link.closeOrder(order, 1000);
    await link.downloadBill({ billDate: '2026-11-23', billType: 'ALL' }, 1e6, 1000);
    const nonce = { nonce_str: '07070707070707070707070707070707' };
    const named = { sub_mch_id: '1900000109', ...nonce };
    expect(sent).toEqual([
      {
        apiName: 'refund',
        request: {
          ...named,
          sub_appid: order.appid,
          out_trade_no: order.outTradeNo,
          out_refund_no: 'R1',
          total_fee: 100,
          refund_fee: 40,
          refund_desc: '不喜欢',
          env_id: 'shop-1a2b3c',
          function_name: 'refundCallback',
        },
      },
      { apiName: 'queryRefund', request: { ...named, out_refund_no: 'R1' } },
      { apiName: 'queryOrder', request: { ...named, out_trade_no: order.outTradeNo } },
      { apiName: 'queryOrder', request: { ...named, transaction_id: '420' } },
      { apiName: 'closeOrder', request: { ...named, out_trade_no: order.outTradeNo } },
      { apiName: 'downloadBill', request: { ...named, bill_date: '20261123', bill_type: 'ALL' } },
    ]);
  });

  test('without the platform’s token nothing is, and what to do is', async () => {
    const { link, sent } = aLink({}, { hasToken: false });
    await expect(link.queryOrder(order, 1000)).rejects.toMatchObject({
      code: 'CLOUDPAY_TOKEN_MISSING',
      retry: 'same_request',
      message: expect.stringMatching(/小程序端.*DevTools/),
    });
    expect(sent).toEqual([]);
  });
});

describe('what is understood', () => {
  const paymentOf = async (link: Gateway) =>
    link.paymentOf(placed(link), await link.requestPrepay(placed(link), 1000));

  test('a payment as it goes into wx.requestPayment', async () => {
    const { link } = aLink();
    expect(await paymentOf(link)).toEqual(answers.unifiedOrder.payment);
  });

  const signedBy = (signType: unknown) => {
    const payment = { ...answers.unifiedOrder.payment, signType };
    return aLink({ unifiedOrder: { ...answers.unifiedOrder, payment } }).link;
  };

  test.each([
    ['MD5', 'MD5'],
    ['RSA', 'RSA'],
    [undefined, 'MD5'],
    [null, 'MD5'],
  ])('a payment signed by %s is handed on as %s, untouched beside', async (signType, expected) => {
    const link = signedBy(signType);
    const payment = { ...answers.unifiedOrder.payment, signType: expected };
    expect(await paymentOf(link)).toEqual(payment);
  });

  test.each(['HMAC-SHA256', 'rsa', 'md5', 'RSA ', 1, true, ['RSA'], {}])(
    'a payment signed by %j is malformed: no phone could pay with it',
    async (signType) => {
      const link = signedBy(signType);
      await expect(link.requestPrepay(placed(link), 1000)).rejects.toMatchObject({
        code: 'ANSWER_MALFORMED',
        retry: 'query_first',
        message: expect.stringMatching(/payment\.sign_type/),
      });
    },
  );

  test.each([
    ['SUCCESS', { kind: 'paid', tradeState: 'SUCCESS', totalFee: 100, openid: 'oPayer' }],
    ['REFUND', { kind: 'paid', tradeState: 'REFUND', paidAt: plus(60) }],
    ['NOTPAY', { kind: 'unpaid' }],
    ['USERPAYING', { kind: 'unpaid' }],
    ['CLOSED', { kind: 'closed' }],
    ['PAYERROR', { kind: 'failed' }],
    ['REVOKED', { kind: 'failed' }],
    ['ACCEPT', { kind: 'unknown', code: 'ACCEPT' }],
  ])('an order that is %s', async (word, expected) => {
    const { link } = aLink({ queryOrder: { ...answers.queryOrder, trade_state: word } });
    expect(await link.queryOrder(order, 1000)).toMatchObject({ via: 'query', ...expected });
  });

  test('a refunded order may lack amount and time of its payment, a paid one may not', async () => {
    const { total_fee: _fee, time_end: _time, ...bare } = answers.queryOrder;
    const queried = (trade_state: string, more: object = {}) =>
      aLink({ queryOrder: { ...bare, trade_state, ...more } }).link.queryOrder(order, 1000);
    const sparse = await queried('REFUND');
    expect(sparse).toMatchObject({ kind: 'paid', tradeState: 'REFUND' });
    expect(sparse).not.toHaveProperty('totalFee');
    expect(sparse).not.toHaveProperty('paidAt');
    const malformed = { total_fee: 'many', time_end: 'soon' };
    expect(await queried('REFUND', malformed)).toEqual(sparse);
    await expect(queried('SUCCESS', malformed)).rejects.toThrow(GatewayError);
    await expect(queried('SUCCESS')).rejects.toMatchObject({ code: 'ANSWER_MALFORMED' });
  });

  test('fields in camelCase, amounts as text, and what the SDK has parsed already', async () => {
    const { trade_state, out_trade_no, sub_mch_id, ...rest } = answers.queryOrder;
    const camel = { ...rest, tradeState: trade_state, outTradeNo: out_trade_no, total_fee: '100' };
    const queryOrder = { ...camel, subMchId: sub_mch_id };
    const { link } = aLink({ queryOrder });
    expect(await link.queryOrder(order, 1000)).toMatchObject({ kind: 'paid', totalFee: 100 });
    const parsed = createCloudPay({
      send: async () => queryOrder,
      hasToken: true,
      envId: 'e',
      mchid: 'm',
      randomBytes: (count) => new Uint8Array(count),
    });
    expect(await parsed.queryOrder(order, 1000)).toMatchObject({ kind: 'paid', totalFee: 100 });
  });

  test('an accepted refund is no more than that, and an empty list is silence', async () => {
    const { link } = aLink();
    expect(await link.refund(order, aRefund(link), 1000)).toMatchObject({
      kind: 'processing',
      refundId: '503',
      refundFee: 40,
    });
    expect(await link.queryRefund(order, 'R1', 1000)).toEqual({
      kind: 'status_unknown',
      outRefundNo: 'R1',
    });
  });

  test.each([
    ['SUCCESS', 'success'],
    ['PROCESSING', 'processing'],
    ['REFUNDCLOSE', 'closed'],
    ['CHANGE', 'abnormal'],
    ['NEW', 'unknown'],
  ])('a refund that is listed after all, as %s', async (refundStatus, kind) => {
    const { link } = aLink({
      queryRefund: {
        ...answers.queryRefund,
        out_trade_no: order.outTradeNo,
        transaction_id: '420',
        total_fee: 100,
        out_refund_no_list: ['R0', 'R1'],
        refund_id_list: ['502', '503'],
        refund_fee_list: ['10', '40'],
        refund_status_list: ['SUCCESS', refundStatus],
      },
    });
    expect(await link.queryRefund(order, 'R1', 1000)).toMatchObject({
      kind,
      refundStatus,
      refundId: '503',
    });
  });

  test('a bill is text; too much of it is not read', async () => {
    const csv = Buffer.from('交易时间,公众账号ID\n');
    const { link } = aLink({ downloadBill: csv });
    const download = (max: number) =>
      link.downloadBill({ billDate: '2026-11-23', billType: 'ALL' }, max, 1000);
    expect(await download(1e6)).toEqual({ kind: 'bill', csv });
    expect(await download(10)).toEqual({ kind: 'too_large' });
  });

  test('asked for compressed, a bill is compressed by us: WeChat is asked for its text', async () => {
    const csv = Buffer.from('交易时间,公众账号ID\n');
    const { link, sent } = aLink({ downloadBill: csv });
    const query = { billDate: '2026-11-23', billType: 'RECHARGE_REFUND', tarType: 'GZIP' } as const;
    const bill = await link.downloadBill(query, 1e6, 1000);
    expect(bill.kind === 'gzip' && gunzipSync(bill.file)).toEqual(csv);
    const [asked] = sent;
    expect(asked?.request).toMatchObject({ bill_type: 'RECHARGE_REFUND' });
    expect(asked?.request).not.toHaveProperty('tar_type');
    expect(await link.downloadBill(query, 10, 1000)).toEqual({ kind: 'too_large' });
  });
});

test.each([
  ['nothing', ''],
  ['a page', '<html>502 Bad Gateway</html>'],
  ['a list', '[]'],
  ['bytes', '\u001f\u008b'],
])('%s is no bill', async (_what, text) => {
  const { link } = aLink({ downloadBill: Buffer.from(text) });
  const query = { billDate: '2026-11-23', billType: 'ALL' } as const;
  await expect(link.downloadBill(query, 1e6, 1000)).rejects.toMatchObject({
    code: 'ANSWER_MALFORMED',
  });
});

test.each(['CLOSED', 'NOTPAY'])(
  '%s of another merchant’s order is no word of ours',
  async (word) => {
    const queryOrder = { ...answers.queryOrder, sub_mch_id: '999', trade_state: word };
    const { link } = aLink({ queryOrder });
    await expect(link.queryOrder(order, 1000)).rejects.toMatchObject({ code: 'ANSWER_MALFORMED' });
  },
);

test('an answer about another order’s refund counts for nothing', async () => {
  for (const change of [{ out_trade_no: 'OTHER1' }, { sub_mch_id: '999' }]) {
    const { link } = aLink({ queryRefund: { ...answers.queryRefund, ...change } });
    const query = link.queryRefund(order, 'R1', 1000);
    await expect(query).rejects.toMatchObject({ code: 'ANSWER_MALFORMED' });
  }
});

const fails = (code: string) => ({
  ...head,
  result_code: 'FAIL',
  err_code: code,
  err_code_des: 'x',
});
const thrown = (code: string, message = 'x') => Object.assign(new Error(message), { code });

// What was asked, what came, WeChat's word as we spell it, what to do.
test.each([
  ['unifiedOrder', fails('NOAUTH'), 'NO_AUTH', 'never'],
  ['unifiedOrder', fails('OUT_TRADE_NO_USED'), 'OUT_TRADE_NO_USED', 'never'],
  ['unifiedOrder', fails('ORDERPAID'), 'ORDERPAID', 'query_first'],
  ['unifiedOrder', fails('ORDERCLOSED'), 'ORDER_CLOSED', 'never'],
  ['unifiedOrder', fails('SYSTEMERROR'), 'SYSTEM_ERROR', 'same_request'],
  ['refund', fails('SYSTEMERROR'), 'SYSTEM_ERROR', 'same_request'],
  ['unifiedOrder', fails('BRAND_NEW_WORD'), 'BRAND_NEW_WORD', 'query_first'],
  [
    'unifiedOrder',
    { return_code: 'FAIL', return_msg: 'sub_mch_id is empty' },
    'CLOUDPAY_FAIL',
    'query_first',
  ],
  [
    'queryOrder',
    { return_code: 'FAIL', return_msg: 'ORDER NOT EXIST' },
    'CLOUDPAY_FAIL',
    'query_first',
  ],
  [
    'unifiedOrder',
    { return_code: 'FAIL', return_msg: 'PARAM_ERROR' },
    'CLOUDPAY_FAIL',
    'query_first',
  ],
  [
    'queryOrder',
    { return_code: 'FAIL', return_msg: 'ORDER_NOT_EXIST' },
    'CLOUDPAY_FAIL',
    'query_first',
  ],
  [
    'closeOrder',
    { return_code: 'FAIL', return_msg: 'ORDER_CLOSED' },
    'CLOUDPAY_FAIL',
    'query_first',
  ],
  [
    'queryOrder',
    { code: 'INVALID_PARAM', message: 'missing wxCloudApiToken', requestId: 'r' },
    'CLOUDPAY_TOKEN_MISSING',
    'same_request',
  ],
  ['unifiedOrder', { ...head, payment: {} }, 'ANSWER_MALFORMED', 'query_first'],
  ['unifiedOrder', { ...head, result_code: 'FAIL' }, 'ANSWER_MALFORMED', 'query_first'],
  ['unifiedOrder', 'malformed', 'ANSWER_MALFORMED', 'query_first'],
  [
    'queryOrder',
    { ...answers.queryOrder, out_trade_no: 'OTHER1' },
    'ANSWER_MALFORMED',
    'query_first',
  ],
  ['queryOrder', { ...answers.queryOrder, total_fee: '1e2' }, 'ANSWER_MALFORMED', 'query_first'],
  ['queryOrder', { ...answers.queryOrder, totalFee: 1 }, 'ANSWER_MALFORMED', 'query_first'],
  ['closeOrder', fails('ORDERPAID'), 'ORDERPAID', 'query_first'],
  ['closeOrder', fails('ORDERNOTEXIST'), 'ORDER_NOT_EXIST', 'query_first'],
  ['refund', fails('NOTENOUGH'), 'NOT_ENOUGH', 'same_request'],
  ['refund', fails('USER_ACCOUNT_ABNORMAL'), 'USER_ACCOUNT_ABNORMAL', 'never'],
  ['refund', fails('ERROR'), 'ERROR', 'query_first'],
  ['refund', fails('INVALID_REQ_TOO_MUCH'), 'FREQUENCY_LIMITED', 'query_first'],
  [
    'downloadBill',
    { return_code: 'FAIL', return_msg: 'No Bill Exist', error_code: '20002' },
    'NO_STATEMENT_EXIST',
    'never',
  ],
  [
    'queryOrder',
    thrown('INVALID_PARAM', 'queryOrder:fail missing wxCloudApiToken'),
    'CLOUDPAY_TOKEN_MISSING',
    'same_request',
  ],
  ['unifiedOrder', thrown('INVALID_ENV'), 'CLOUDPAY_REFUSED', 'same_request'],
  ['unifiedOrder', thrown('EXCEED_REQUEST_LIMIT'), 'FREQUENCY_LIMITED', 'same_request'],
  ['refund', thrown('EXCEED_REQUEST_LIMIT'), 'FREQUENCY_LIMITED', 'query_first'],
  ['unifiedOrder', thrown('ECONNREFUSED'), 'WECHAT_UNREACHABLE', 'same_request'],
  ['unifiedOrder', thrown('ECONNRESET'), 'ANSWER_LOST', 'query_first'],
  ['unifiedOrder', thrown('ESOCKETTIMEDOUT'), 'ANSWER_LOST', 'query_first'],
  ['unifiedOrder', thrown('SYS_ERR'), 'ANSWER_LOST', 'query_first'],
  ['refund', thrown('OPERATION_FAIL'), 'ANSWER_LOST', 'query_first'],
] as const)('%s answered by %o is %s: %s', async (name, answer, code, retry) => {
  const { link } = aLink({ [name]: typeof answer === 'string' ? Buffer.from(answer) : answer });
  const calls = {
    unifiedOrder: () => link.requestPrepay(placed(link), 1000),
    queryOrder: () => link.queryOrder(order, 1000),
    closeOrder: () => link.closeOrder(order, 1000),
    refund: () => link.refund(order, aRefund(link), 1000),
    downloadBill: () => link.downloadBill({ billDate: '2026-11-23', billType: 'ALL' }, 1e6, 1000),
  };
  await expect(calls[name]()).rejects.toThrow(GatewayError);
  await expect(calls[name]()).rejects.toMatchObject({ code, retry });
});

test('an order that WeChat does not know is missing, one that is closed needs no close', async () => {
  const { link } = aLink({
    queryOrder: fails('ORDERNOTEXIST'),
    closeOrder: fails('ORDERCLOSED'),
    queryRefund: fails('REFUNDNOTEXIST'),
  });
  expect(await link.queryOrder(order, 1000)).toMatchObject({
    kind: 'not_found',
    code: 'ORDER_NOT_EXIST',
  });
  expect(await link.closeOrder(order, 1000)).toBeUndefined();
  expect(await link.queryRefund(order, 'R1', 1000)).toEqual({
    kind: 'not_found',
    outRefundNo: 'R1',
  });
});

test.each([
  [512 * 1024, 'ANSWER_MALFORMED'],
  [512 * 1024 + 1, 'ANSWER_TOO_LARGE'],
])('an answer of %i bytes is %s', async (bytes, code) => {
  const gateway = createCloudPay({
    send: async () => Buffer.alloc(bytes, ' '),
    hasToken: true,
    envId: 'shop-1a2b3c',
    mchid: '1900000109',
    randomBytes: (count) => new Uint8Array(count),
  });
  await expect(gateway.queryOrder(order, 1000)).rejects.toMatchObject({
    code,
    retry: 'query_first',
  });
});
