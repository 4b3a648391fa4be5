/** The pages about what reaches APIv3 by itself, pay-common and wechatpay-node-v3: code before and after, old orders. */
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalCloud } from '../../../emulator/main.ts';
import { deployMerchants } from '../../support/deploy/merchantsProject.ts';
import { openLocalCloud } from '../../support/localCloud.ts';
import { type Answer, codeOn, oldEnvironment, shopIn } from './shop.ts';

const require = createRequire(import.meta.url);
const { payCommon, pemOf, sdkAt } = require('./peers.cjs');

/** Sells as the pages' code on a server does. */
interface Sales {
  placeOrder(order: { outTradeNo: string; openid: string }): Promise<{ package: string }>;
  tradeStateOf(outTradeNo: string): Promise<string>;
  closeOrder(outTradeNo: string): Promise<void>;
  refund(refund: object): Promise<string>;
}

let cloud: LocalCloud;
let shop: ReturnType<typeof shopIn>;
let folder: string;
beforeAll(async () => {
  cloud = await openLocalCloud({ WXPAY_PRICE_SOURCE: 'service', LOCAL_DEMO_GOODS: '1' });
  shop = shopIn(cloud);
  folder = await mkdtemp(join(tmpdir(), 'server-'));
});
afterAll(async () => {
  await cloud.close();
  await rm(folder, { recursive: true });
});

/** Reads what is the same on both sides of a move. */
async function outcomeOf(outTradeNo: string): Promise<Answer> {
  const { amount, payer, trade_state } = await shop.truth(outTradeNo);
  return { amount, payer, trade_state };
}
const PAID = { amount: { total: 1990 }, payer: { openid: 'oPayer' }, trade_state: 'SUCCESS' };
const stored = async (outTradeNo: string) =>
  (await shop.documents('orders')).filter(({ _id }) => _id === outTradeNo);

describe('pay-common', () => {
  const [before = '', after = ''] = codeOn('docs/zh/migrate-pay-common.md');
  const route = (path: string, data: object): Promise<Answer> =>
    payCommon(oldEnvironment(cloud), { path, data }, 'oPayer');
  beforeAll(() => {
    const { WXPAY_SERVICE_KEY = '', WXPAY_APPID = '' } = cloud.environment();
    return deployMerchants(cloud, {
      copies: { wxpayFunctions: 'examples/wxpayFunctions' },
      environment: { WXPAY_SERVICE_KEY, WXPAY_APPID },
    });
  });

  /** Runs `pay` of a page in the mini program. */
  async function payOnPage(code: string, outTradeNo: string): Promise<unknown> {
    const wx = {
      cloud: {
        callFunction: async ({ name, data }: { name: string; data: object }) => ({
          result: await shop.call(name, data),
        }),
        callHTTPFunction: async ({ path, data }: { path: string; data: object }) => ({
          data: await route(path, data),
        }),
      },
      requestPayment: (payment: { package: string }) => shop.pay(payment),
    };
    const pay = new Function('wx', `${code}\nreturn pay;`)(wx);
    return pay(outTradeNo);
  }

  test('the same payer pays the same sum on the page of before and that of after', async () => {
    expect(await payOnPage(before, 'ROUTE000001')).toBe('requestPayment:ok');
    expect(await payOnPage(after, 'TYPE0000001')).toBe('requestPayment:ok');
    expect(await outcomeOf('TYPE0000001')).toEqual(await outcomeOf('ROUTE000001'));
    expect(await outcomeOf('TYPE0000001')).toMatchObject(PAID);
  });

  test('differ on purpose: what failed is no code 0 any more', async () => {
    const unknown = { out_trade_no: 'NOBODYS0001' };
    const word = 'wxpay_query_order_by_out_trade_no';
    const failed = await route(`/wx-pay/${word}`, unknown);
    expect(failed).toMatchObject({ code: 0, data: { status: 404 } });
    const refused = await shop.call('wxpayFunctions', { type: word, ...unknown });
    expect(refused).toMatchObject({ code: -1, errCode: 'ORDER_NOT_EXIST' });
  });
});

describe('wechatpay-node-v3', () => {
  const [before = '', after = ''] = codeOn('docs/zh/migrate-node-v3.md');

  /** Loads the server of before: the real SDK, at this cloud's address. */
  function serverBefore(notifyUrl: string): Sales {
    const ours = cloud.environment();
    const env = {
      APPID: ours.WXPAY_APPID,
      MCHID: ours.WXPAY_MCHID,
      SERIAL_NO: ours.WXPAY_SERIAL_NO,
      CERTIFICATE: 'of no use here',
      PRIVATE_KEY: pemOf(ours.WXPAY_PRIVATE_KEY),
      API_V3_KEY: ours.WXPAY_API_V3_KEY,
      NOTIFY_URL: notifyUrl,
    };
    const exports = {} as Sales;
    const load = () => sdkAt(ours.WXPAY_API_URL);
    new Function('require', 'exports', 'process', before)(load, exports, { env });
    return exports;
  }

  /** Loads the server of after, as a module beside the file that the page says to copy. */
  async function serverAfter(): Promise<Sales> {
    await copyFile('examples/server/payments.mjs', join(folder, 'payments.mjs'));
    await writeFile(join(folder, 'server.mjs'), after);
    Object.assign(process.env, cloud.environment());
    return import(join(folder, 'server.mjs'));
  }

  /** Sells, closes and refunds; answers what each call said. */
  async function play(server: Sales, letter: string): Promise<object> {
    const outTradeNo = `${letter}PAID00001`;
    const unpaid = `${letter}OPEN00001`;
    const sheet = await shop.pay(await server.placeOrder({ outTradeNo, openid: 'oPayer' }));
    await shop.pass('PT10S');
    const paid = { ...(await outcomeOf(outTradeNo)), asked: await server.tradeStateOf(outTradeNo) };
    await server.placeOrder({ outTradeNo: unpaid, openid: 'oPayer' });
    await server.closeOrder(unpaid);
    const { trade_state: closed } = await shop.truth(unpaid);
    const sums = { totalFee: 1990, refundFee: 990 };
    const refund = await server.refund({ outTradeNo, outRefundNo: `${letter}BACK1`, ...sums });
    const { trade_state: refunded } = await shop.truth(outTradeNo);
    const unknown = await server.tradeStateOf('NOBODYS0001').catch(() => 'thrown');
    return { sheet, paid, closed, refund, refunded, unknown };
  }

  test('an order, a query, a close and a refund end alike before and after', async () => {
    const old = await play(serverBefore('https://old.example.com/notify'), 'O');
    const moved = await play(await serverAfter(), 'N');
    expect(moved).toEqual(old);
    expect(moved).toMatchObject({
      sheet: 'requestPayment:ok',
      paid: { ...PAID, asked: 'SUCCESS' },
      closed: 'CLOSED',
      refund: 'PROCESSING',
      refunded: 'REFUND',
      unknown: 'thrown',
    });
  });

  describe('an order that was placed before the move and is paid after it', () => {
    test('is notified to the old address; here it is none', async () => {
      const address = 'https://older.example.com/notify';
      const old = serverBefore(address);
      const named = { outTradeNo: 'BETWEEN0001', openid: 'oPayer' };
      await shop.pay(await old.placeOrder(named));
      await shop.pass('PT10S');
      const sent = await shop.ask<{ url?: string }[]>('GET', 'wechatpay/notifications');
      expect(sent.map(({ url }) => url)).toContain(address);
      expect(await old.tradeStateOf('BETWEEN0001')).toBe('SUCCESS');
      expect(await stored('BETWEEN0001')).toEqual([]);
      const moved = await serverAfter();
      await expect(moved.tradeStateOf('BETWEEN0001')).rejects.toMatchObject({
        code: 'ORDER_NOT_EXIST',
      });
      const back = { outTradeNo: 'BETWEEN0001', outRefundNo: 'BETWEEN1', refundFee: 1990 };
      await expect(moved.refund(back)).rejects.toMatchObject({ code: 'ORDER_NOT_EXIST' });
      expect(await old.refund({ ...back, totalFee: 1990 })).toBe('PROCESSING');
    });

    test('is an orphan for a person, where its address leads here', async () => {
      const { WXPAY_NOTIFY_URL = '' } = cloud.environment();
      const old = serverBefore(WXPAY_NOTIFY_URL);
      await shop.pay(await old.placeOrder({ outTradeNo: 'BETWEEN0002', openid: 'oPayer' }));
      await shop.pass('PT10S');
      const ask = { name: 'listAttention', data: {}, service: true };
      const { result } = await shop.ask<{ result: Answer }>('POST', 'call', ask);
      const decisions = expect.arrayContaining(['refundPayment', 'acceptPayment']);
      expect(result.entries).toMatchObject([
        { kind: 'orphan', outTradeNo: 'BETWEEN0002', fee: 1990, decisions },
      ]);
      expect(await stored('BETWEEN0002')).toMatchObject([
        { state: 'orphan', order: { openid: 'oPayer', events: [{ type: 'order.orphan' }] } },
      ]);
    });
  });
});
