/** The client played against the local cloud: deployed functions, the real wire, WeChat's cashier. */
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { createPayClient, type Outcome } from '../../client/index.ts';
import { localHost } from '../../client/local/index.ts';
import type { LocalCloud } from '../../emulator/main.ts';
import { openLocalCloud } from '../support/localCloud.ts';
import { postTo, WirePhone } from './wirePhone.ts';

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await openLocalCloud({ WXPAY_PRICE_SOURCE: 'quote', LOCAL_DEMO_GOODS: '1' });
});
afterAll(() => cloud.close());

const post = (path: string, body: object) => postTo(cloud, path, body);
const phoneOf = (openid: string) => new WirePhone(cloud, openid);

const latte = (purchaseId: string) => ({ request: { productId: 'latte', purchaseId } });
const documentsOf = (openid: string) =>
  (cloud.cloudbase.documents('orders') as { order: { openid: string } }[]).filter(
    ({ order }) => order.openid === openid,
  );

test('a purchase: paid, by two taps, with one order and one cashier', async () => {
  const phone = phoneOf('oBuyer');
  const client = phone.start();
  const taps = [client.pay(latte('cart-1')), client.pay(latte('cart-1'))];
  const [outcome, same] = await phone.until(Promise.all(taps));
  expect(outcome).toMatchObject({
    status: 'paid',
    text: '支付成功',
    order: { state: 'paid', totalFee: 1990, tradeState: 'SUCCESS' },
    raw: { errMsg: 'requestPayment:ok' },
  });
  expect(same).toBe(outcome);
  expect([phone.opened, documentsOf('oBuyer').length]).toEqual([1, 1]);
  // Bought is bought: a tap on another phone of the payer's opens no cashier.
  const other = phoneOf('oBuyer');
  expect(await other.until(other.start().pay(latte('cart-1')))).toMatchObject({
    status: 'paid',
    code: 'ORDERPAID',
  });
  expect(other.opened).toBe(0);
});

test('a cancel, then the same order is paid', async () => {
  const phone = phoneOf('oCanceller');
  phone.cashier = (prepayId) => post(`cashier/${prepayId}`, { action: 'cancel' });
  const unnamed = { request: { productId: 'oolong' } };
  const cancelled = await phone.until(phone.start().pay(unnamed));
  expect(cancelled).toMatchObject({ status: 'cancelled', order: { state: 'paying' } });
  phone.cashier = (prepayId) => post(`cashier/${prepayId}`, { action: 'pay' });
  const paid = await phone.until(phone.start().pay(unnamed));
  expect(paid).toMatchObject({ status: 'paid', outTradeNo: cancelled.outTradeNo });
  expect(documentsOf('oCanceller')).toHaveLength(1);
});

test('the payer paid, the host answers cancel, and the notification was lost: paid', async () => {
  cloud.world.faults.set([{ at: 'wechatpay.notify', kind: 'lost_request' }]);
  const phone = phoneOf('oLucky');
  phone.cashier = async (prepayId) => {
    await post(`cashier/${prepayId}`, { action: 'pay' });
    return { errMsg: 'requestPayment:fail cancel' };
  };
  const outcome = await phone.until(phone.start().pay(latte('cart-2')));
  expect(outcome).toMatchObject({ status: 'paid', order: { confirmedBy: 'query' } });
  cloud.world.faults.set([]);
});

test('the answers of placing and of the first query get lost: a time-out, the same order, paid', async () => {
  const phone = phoneOf('oOffline');
  phone.lost = 1;
  phone.cashier = async (prepayId) => {
    phone.lost = 1;
    return post(`cashier/${prepayId}`, { action: 'pay' });
  };
  const outcome = await phone.until(phone.start().pay(latte('cart-3')));
  expect(outcome).toMatchObject({ status: 'paid' });
  expect(phone.calls).toEqual(['unifiedOrder', 'unifiedOrder', 'queryOrder', 'queryOrder']);
  expect([phone.opened, documentsOf('oOffline').length]).toEqual([1, 1]);
});

test('the cashier answers nothing, and the app comes back: paid', async () => {
  const phone = phoneOf('oSwitcher');
  phone.cashier = async (prepayId) => {
    await post(`cashier/${prepayId}`, { action: 'pay' });
    return undefined;
  };
  const client = phone.start();
  const paying = client.pay(latte('cart-4'));
  await phone.idle();
  await client.resume(() => expect.unreachable('the payment has an outcome of its own'));
  expect(await phone.until(paying)).toMatchObject({ status: 'paid' });
});

test('the app is killed after paying: its next start says paid', async () => {
  const phone = phoneOf('oKilled');
  phone.cashier = async (prepayId) => {
    await post(`cashier/${prepayId}`, { action: 'pay' });
    return undefined;
  };
  void phone.start().pay({ request: { productId: 'oolong' } });
  await phone.idle();
  const reports: Outcome[] = [];
  await phone.until(phone.start().resume((outcome) => void reports.push(outcome)));
  expect(reports).toMatchObject([{ status: 'paid', order: { body: '乌龙茶 × 1' } }]);
});

test('closed, queried and unknown orders answer as the server has them', async () => {
  const phone = phoneOf('oCloser');
  phone.cashier = (prepayId) => post(`cashier/${prepayId}`, { action: 'fail' });
  const client = phone.start();
  const { status, outTradeNo = '' } = await phone.until(client.pay(latte('cart-5')));
  expect(status).toBe('failed');
  expect(await phone.until(client.closeOrder({ outTradeNo }))).toMatchObject({ state: 'closed' });
  expect(await phone.until(client.queryOrder({ outTradeNo }))).toMatchObject({
    errCode: 0,
    tradeState: 'CLOSED',
  });
  expect(await phone.until(client.queryRefund({ outTradeNo }))).toMatchObject({ refundCount: 0 });
  expect(await phone.until(client.queryOrder({ outTradeNo: 'NOBODYS1' }))).toMatchObject({
    errCode: 'ORDER_NOT_EXIST',
  });
  // The purchase is open still, by another order.
  phone.cashier = (prepayId) => post(`cashier/${prepayId}`, { action: 'pay' });
  const again = await phone.until(client.pay(latte('cart-5')));
  expect(again.status).toBe('paid');
  expect(again.outTradeNo).not.toBe(outTradeNo);
});

test('a refused quote tells the payer why, and that nothing was paid', async () => {
  const phone = phoneOf('oLate');
  const outcome = await phone.until(phone.start().pay({ request: { productId: 'mooncake' } }));
  expect(outcome).toMatchObject({
    status: 'failed',
    code: 'QUOTE_REFUSED',
    text: '该商品不存在或已下架',
  });
});

test('the local host pays, fails, cancels and reports what cannot be reached', async () => {
  let tapIndex = 0;
  let origin = cloud.url;
  let sender: Record<string, string> = {};
  const sheets: string[][] = [];
  const start = () =>
    createPayClient({
      ...localHost({
        origin,
        openid: 'oDevTools',
        request: ({ url, header, data, success, fail }) => {
          const headers = { ...header, ...sender };
          const init = { method: 'POST', headers, body: JSON.stringify(data) };
          const read = async (response: Response) =>
            success({ statusCode: response.status, data: await response.json() });
          return fetch(url, init).then(read).catch(fail);
        },
        showActionSheet: ({ itemList, success, fail }) => {
          sheets.push(itemList);
          if (tapIndex < 0) fail({ errMsg: 'showActionSheet:fail cancel' });
          else success({ tapIndex });
        },
      }),
      storage: { getStorageSync: () => '', setStorageSync: () => {} },
      // Waits pass in the cloud, which asks WeChat every two seconds at most; time limits never come.
      setTimeout: (run, ms) =>
        ms < 30_000 && post('clock', { advance: `PT${ms / 1000}S`, timers: 'none' }).then(run),
    });
  const statuses: string[] = [];
  for (const tap of [1, 2, -1, 0]) {
    tapIndex = tap;
    statuses.push((await start().pay(latte('cart-6'))).status);
  }
  expect(statuses).toEqual(['failed', 'cancelled', 'cancelled', 'paid']);
  expect(sheets[0]).toEqual(['付款', '余额不足', '取消']);
  expect((await start().queryOrder({ outTradeNo: 'x' })).errCode).toBe('PARAM_ERROR');
  // A cloud that was started without --devtools lets no page of DevTools in: that is said, not waited out.
  sender = { origin: 'https://servicewechat.com' };
  const printed = vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => printed.mockRestore());
  expect(await start().pay(latte('cart-8'))).toMatchObject({
    status: 'unknown',
    code: '-501000',
    raw: { errMsg: expect.stringContaining('npm start -- --devtools') },
  });
  expect(printed.mock.calls).toEqual([[expect.stringContaining('npm start -- --devtools')]]);
  sender = {};
  origin = 'http://127.0.0.1:1';
  expect(await start().queryOrder({ outTradeNo: 'NOBODYS1' })).toMatchObject({ errCode: '-1' });
});
