/** The page about cloud.cloudPay: its code before and after, on one local cloud, and the orders in between. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { LocalCloud } from '../../../emulator/main.ts';
import { deployMerchants } from '../../support/deploy/merchantsProject.ts';
import { openLocalCloud } from '../../support/localCloud.ts';
import { type Answer, codeOn, filesToCopy, shopIn } from './shop.ts';

const PAGE = 'docs/zh/migrate-cloudpay.md';
/** Old code passes these beside the numbers. */
const OLD = { subMchId: '1900000109', nonceStr: 'n0nce' };

/** A function that calls the methods as the page does, with whatever a test passes. */
const methods = (head: string, of: string) =>
  `${head}\nexports.main = ({ method, data }) => ${of}[method](data);`;
const OLD_HEAD =
  "const cloud = require('wx-server-sdk');\ncloud.init({ env: cloud.DYNAMIC_CURRENT_ENV });";
const NEW_HEAD = "const { wxpay } = require('./wxpay.cjs');";

let cloud: LocalCloud;
let shop: ReturnType<typeof shopIn>;
/** Holds what came of each sale, on both sides. */
const sales: Record<string, Answer> = {};
/** The sheet of each order that was placed before the move. */
const open: Record<string, Answer['payment']> = {};
const answers: Record<string, Record<string, Answer>> = {};

const shippedOf = async (outTradeNo: string) =>
  (await shop.documents('sold')).filter(({ _id }) => _id === outTradeNo);

/** Waits for what a callback has started; the time-out ends what hangs. */
const untilShipped = (outTradeNo: string) =>
  vi.waitFor(
    async () => {
      if ((await shippedOf(outTradeNo)).length === 0) throw new Error(`${outTradeNo}: not shipped`);
    },
    { timeout: 300_000, interval: 20 },
  );

/** Buys and pays; remembers what came of it. */
async function buy(outTradeNo: string): Promise<void> {
  const { payment, resultCode } = await shop.call('buy', { productId: 'latte', outTradeNo });
  const sheet = await shop.pay(payment);
  await shop.pass('PT10S');
  await untilShipped(outTradeNo);
  const { amount, payer, trade_state } = await shop.truth(outTradeNo);
  const shipped = (await shippedOf(outTradeNo)).map(({ _id, ...what }) => what);
  sales[outTradeNo] = { resultCode, sheet, amount, payer, trade_state, shipped };
}

/** Makes each call with the fields of old code, about an order that was paid and one that was not. */
async function callMethods(through: string, letter: string): Promise<Record<string, Answer>> {
  const paid = `${letter}PAID00001`;
  const unpaid = `${letter}OPEN00001`;
  const back = `${letter}BACK00001`;
  await buy(paid);
  await shop.call('buy', { productId: 'latte', outTradeNo: unpaid });
  await shop.pass('PT6M');
  const call = (method: string, data: object) =>
    shop.call(through, { method, data: { ...OLD, ...data } });
  const refund = { outTradeNo: paid, outRefundNo: back, totalFee: 1990, refundFee: 990 };
  const found = {
    queryOrder: await call('queryOrder', { outTradeNo: paid }),
    closeOrder: await call('closeOrder', { outTradeNo: unpaid }),
    closed: await shop.truth(unpaid),
    refund: await call('refund', refund),
  };
  // WeChat ends a refund some time after it has accepted it.
  await shop.pass('PT1M');
  return {
    ...found,
    queryRefund: await call('queryRefund', { outRefundNo: back }),
    unknown: await call('queryOrder', { outTradeNo: 'NOBODYS001' }),
  };
}

beforeAll(async () => {
  const [buyBefore = '', paid = '', buyAfter = '', shipped = ''] = codeOn(PAGE);
  cloud = await openLocalCloud({
    WXPAY_FULFIL_FUNCTION: 'shipped',
    WXPAY_PRICE_SOURCE: 'service',
    LOCAL_DEMO_GOODS: '1',
  });
  shop = shopIn(cloud);
  // The same code, but that its callback has the name of ours.
  const sameName = buyBefore.replace("'paid'", "'payCallback'");
  await deployMerchants(cloud, {
    functions: { buy: buyBefore, paid, methods: methods(OLD_HEAD, 'cloud.cloudPay'), sameName },
    collections: ['sold'],
  });
  await buy('BEFORE00001');
  answers.before = await callMethods('methods', 'O');
  const placers = { BETWEEN0001: 'buy', BETWEEN0002: 'buy', BETWEEN0003: 'sameName' };
  for (const [outTradeNo, placer] of Object.entries(placers)) {
    const placed = await shop.call(placer, { productId: 'latte', outTradeNo });
    open[outTradeNo] = placed.payment;
  }
  const { WXPAY_SERVICE_KEY = '', WXPAY_EVENTS_KEY = '' } = cloud.environment();
  await deployMerchants(cloud, {
    functions: { buy: buyAfter, shipped, wxpayMethods: methods(NEW_HEAD, 'wxpay') },
    files: await filesToCopy(),
    environment: { WXPAY_SERVICE_KEY, WXPAY_EVENTS_KEY },
  });
  await buy('AFTER000001');
  answers.after = await callMethods('wxpayMethods', 'N');
});
afterAll(() => cloud.close());

describe('before and after', () => {
  test('the same payer pays the same sum, and it is shipped once', () => {
    expect(sales.AFTER000001).toEqual(sales.BEFORE00001);
    expect(sales.AFTER000001).toMatchObject({
      resultCode: 'SUCCESS',
      sheet: 'requestPayment:ok',
      trade_state: 'SUCCESS',
      amount: { total: 1990 },
      payer: { openid: 'oPayer' },
      shipped: [{ openid: 'oPayer', totalFee: 1990 }],
    });
  });

  test.each(['before', 'after'])('the other methods, %s, with the fields of old code', (when) => {
    expect(answers[when]).toMatchObject({
      queryOrder: { errCode: 0, resultCode: 'SUCCESS', tradeState: 'SUCCESS', totalFee: 1990 },
      closeOrder: { errCode: 0, resultCode: 'SUCCESS' },
      closed: { trade_state: 'CLOSED' },
      refund: { errCode: 0, resultCode: 'SUCCESS', refundFee: 990 },
      queryRefund: { errCode: 0, resultCode: 'SUCCESS', refundCount: 1 },
      unknown: { resultCode: 'FAIL', errCodeDes: expect.any(String) },
    });
  });

  test('differ on purpose: a failure has a code, a refund has its state', () => {
    const { before = {}, after = {} } = answers;
    expect([before.unknown?.errCode, after.unknown?.errCode]).toEqual([0, 'ORDER_NOT_EXIST']);
    expect(before.queryRefund).toMatchObject({ refundStatusList: [] });
    expect(after.queryRefund).toMatchObject({ refunds: [{ refundStatus: 'SUCCESS' }] });
  });
});

test('a signed call goes through from an instance that was frozen, and whose connections died', async () => {
  await shop.ask('PUT', 'platform', { deadConnections: 'reset' });
  const query = { method: 'queryOrder', data: { outTradeNo: 'AFTER000001' } };
  for (const _again of [1, 2]) {
    expect(await shop.call('wxpayMethods', query)).toMatchObject({ errCode: 0 });
  }
  await shop.ask('PUT', 'platform', { deadConnections: 'closed' });
});

describe('an order that was placed before the move and is paid after it', () => {
  const stored = async (outTradeNo: string) =>
    (await shop.documents('orders')).filter(({ _id }) => _id === outTradeNo);

  test('is shipped by the old callback; here it is none', async () => {
    await shop.pay(open.BETWEEN0001);
    await shop.pass('PT10S');
    await untilShipped('BETWEEN0001');
    expect(await shippedOf('BETWEEN0001')).toMatchObject([{ openid: 'oPayer', totalFee: 1990 }]);
    expect(await stored('BETWEEN0001')).toEqual([]);
    const data = { outTradeNo: 'BETWEEN0001', outRefundNo: 'BETWEENBACK', refundFee: 1990 };
    const refund = { method: 'refund', data: { ...OLD, ...data, totalFee: 1990 } };
    expect(await shop.call('wxpayMethods', refund)).toMatchObject({ errCode: 'ORDER_NOT_EXIST' });
    expect(await shop.call('methods', refund)).toMatchObject({ resultCode: 'SUCCESS' });
  });

  test('is shipped by a repeat, where the callback was lost', async () => {
    await shop.ask('PUT', 'faults', [{ at: 'wechatpay.notify', kind: 'lost_request', times: 1 }]);
    await shop.pay(open.BETWEEN0002);
    await shop.pass('PT10S');
    expect(await shippedOf('BETWEEN0002')).toEqual([]);
    await shop.pass('PT5M');
    await untilShipped('BETWEEN0002');
    expect(await shippedOf('BETWEEN0002')).toMatchObject([{ totalFee: 1990 }]);
  });

  test('is not acknowledged by a callback of ours that took the old name; the old query finds it', async () => {
    await shop.pay(open.BETWEEN0003);
    await shop.pass('PT1H');
    // Repeated, since it was not acknowledged.
    const sent = await shop.ask<Answer[]>('GET', 'wechatpay/notifications');
    const ours = sent.filter(({ functionName }) => functionName === 'payCallback');
    expect(ours.length).toBeGreaterThan(1);
    expect(await shippedOf('BETWEEN0003')).toEqual([]);
    expect(await stored('BETWEEN0003')).toEqual([]);
    const query = { method: 'queryOrder', data: { ...OLD, outTradeNo: 'BETWEEN0003' } };
    expect(await shop.call('methods', query)).toMatchObject({ tradeState: 'SUCCESS' });
  });
});
