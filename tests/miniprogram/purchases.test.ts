/** The example's own modules over the wire, as `app.ts` puts them together: the shop, its cart, payments and orders. */
import cloudbase from '@cloudbase/node-sdk';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createPayClient } from '../../client/index.ts';
import type { LocalCloud } from '../../emulator/main.ts';
import type { Product } from '../../examples/miniprogram/logic/cart.ts';
import { viewOfOutcome } from '../../examples/miniprogram/logic/outcomeView.ts';
import { recordingHost } from '../../examples/miniprogram/logic/recordingHost.ts';
import { createShop, type Shop } from '../../examples/miniprogram/logic/shop.ts';
import { recordsIn } from '../../examples/miniprogram/logic/storage.ts';
import { WirePhone } from '../client/wirePhone.ts';
import { openLocalCloud } from '../support/localCloud.ts';

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await openLocalCloud({ WXPAY_PRICE_SOURCE: 'quote', LOCAL_DEMO_GOODS: '1' });
});
afterAll(() => cloud.close());
afterEach(() => cloud.world.faults.set([]));

let drawn = 0;

/** Starts the mini program on a phone; what the phone stores survives it. */
function startShop(phone: WirePhone) {
  const host = phone.host();
  const records = recordsIn(host.storage);
  const client = createPayClient(recordingHost(host, records));
  const loadGoods = async () =>
    (await (await fetch(`${cloud.url}/_local/shop`)).json()) as Product[];
  const drawId = () => {
    drawn += 1;
    return `purchase-${drawn}`;
  };
  return createShop({ client, records, loadGoods, drawId });
}

/** Fills the cart and checks out. */
async function checkOut(
  phone: WirePhone,
  counts: Record<string, number> = { latte: 2, oolong: 1 },
) {
  const shop = startShop(phone);
  for (const [productId, count] of Object.entries(counts)) shop.setCount(productId, count);
  return { shop, purchaseId: (await shop.checkOut()) ?? '' };
}

const ordersOf = (openid: string) =>
  (cloud.cloudbase.documents('orders') as { order: { openid: string } }[]).filter(
    ({ order }) => order.openid === openid,
  );
/** The merchant changes the price book. */
async function changeProduct(productId: string, changes: { price?: number; onSale?: boolean }) {
  Object.assign(process.env, cloud.environment());
  const database = cloudbase.init({ env: cloudbase.SYMBOL_CURRENT_ENV }).database();
  await database.collection('products').doc(productId).update(changes);
}

const paidSilently = (phone: WirePhone) => async (prepayId: string) => {
  await phone.post(`cashier/${prepayId}`, { action: 'pay' });
  return undefined;
};
const viewOf = (shop: Shop, purchaseId: string) => {
  const purchase = shop.find(purchaseId);
  return purchase && viewOfOutcome(purchase);
};
const cancel = (phone: WirePhone) => (prepayId: string) =>
  phone.post(`cashier/${prepayId}`, { action: 'cancel' });

test('a cart of several goods is bought by a double tap: one order, one cashier, paid, and the cart is empty', async () => {
  const phone = new WirePhone(cloud, 'oCart');
  const { shop, purchaseId } = await checkOut(phone);
  // To check out again is the same purchase; another content is another one.
  expect(await shop.checkOut()).toBe(purchaseId);
  expect(shop.find(purchaseId)?.lines).toEqual([
    { productId: 'latte', name: '拿铁咖啡', price: 1990, count: 2 },
    { productId: 'oolong', name: '乌龙茶', price: 800, count: 1 },
  ]);
  const [outcome, same] = await phone.until(
    Promise.all([shop.pay(purchaseId), shop.pay(purchaseId)]),
  );
  expect(outcome).toMatchObject({
    status: 'paid',
    order: { totalFee: 4780, body: '拿铁咖啡 × 2、乌龙茶 × 1' },
  });
  expect(same).toBe(outcome);
  expect([phone.opened, ordersOf('oCart').length, shop.cart()]).toEqual([1, 1, { counts: {} }]);
  expect(shop.find(purchaseId)).toMatchObject({ outTradeNo: outcome.outTradeNo });
  expect(viewOf(shop, purchaseId)).toEqual({
    picture: '/images/paid.svg',
    title: '支付成功',
    note: '¥47.80 商家已收到付款',
    steps: [
      { to: 'order', text: '查看订单' },
      { to: 'shop', text: '继续逛逛' },
    ],
  });
  expect(await phone.until(shop.orders())).toMatchObject([
    { text: '已付款', title: '拿铁咖啡 × 2、乌龙茶 × 1', fee: '¥47.80', mayPay: false },
  ]);
});

test('a cancel keeps the order: it is in my orders, and is paid from there', async () => {
  const phone = new WirePhone(cloud, 'oCanceller');
  phone.cashier = cancel(phone);
  const { shop, purchaseId } = await checkOut(phone);
  expect(await phone.until(shop.pay(purchaseId))).toMatchObject({ status: 'cancelled' });
  expect(viewOf(shop, purchaseId)).toEqual({
    picture: '/images/cancelled.svg',
    title: '已取消支付',
    note: '订单已保留，可以继续付款',
    steps: [
      { to: 'pay', text: '继续付款' },
      { to: 'shop', text: '继续逛逛' },
    ],
  });
  const [listed] = await phone.until(shop.orders());
  expect(listed).toMatchObject({ text: '待付款', theme: 'primary', mayPay: true, purchaseId });
  // The next start of the app, and its cart is empty: what was ordered has left it.
  phone.cashier = (prepayId) => phone.post(`cashier/${prepayId}`, { action: 'pay' });
  const later = startShop(phone);
  expect(later.cart()).toEqual({ counts: {} });
  const paid = await phone.until(later.pay(purchaseId));
  expect(paid).toMatchObject({ status: 'paid', outTradeNo: listed?.outTradeNo });
  expect(ordersOf('oCanceller')).toHaveLength(1);
});

test('the callback is lost and the host answers cancel: paid, by a query', async () => {
  cloud.world.faults.set([{ at: 'wechatpay.notify', kind: 'lost_request' }]);
  const phone = new WirePhone(cloud, 'oLucky');
  phone.cashier = async (prepayId) => {
    await phone.post(`cashier/${prepayId}`, { action: 'pay' });
    return { errMsg: 'requestPayment:fail cancel' };
  };
  const { shop, purchaseId } = await checkOut(phone);
  const outcome = await phone.until(shop.pay(purchaseId));
  expect(outcome).toMatchObject({ status: 'paid', order: { confirmedBy: 'query' } });
  expect(shop.find(purchaseId)).toMatchObject({ ending: { status: 'paid', text: '支付成功' } });
});

test('answers get lost: a time-out, the same order, paid', async () => {
  const phone = new WirePhone(cloud, 'oOffline');
  phone.lost = 1;
  phone.cashier = async (prepayId) => {
    phone.lost = 1;
    return phone.post(`cashier/${prepayId}`, { action: 'pay' });
  };
  const { shop, purchaseId } = await checkOut(phone);
  expect(await phone.until(shop.pay(purchaseId))).toMatchObject({ status: 'paid' });
  expect(phone.calls).toEqual(['unifiedOrder', 'unifiedOrder', 'queryOrder', 'queryOrder']);
  expect([phone.opened, ordersOf('oOffline').length, shop.cart()]).toEqual([1, 1, { counts: {} }]);
});

test('the server is not reached for a minute after paying: unknown, until another look finds it paid', async () => {
  const phone = new WirePhone(cloud, 'oTunnel');
  phone.cashier = async (prepayId) => {
    phone.lost = 100;
    return phone.post(`cashier/${prepayId}`, { action: 'pay' });
  };
  const { shop, purchaseId } = await checkOut(phone);
  expect(await phone.until(shop.pay(purchaseId))).toMatchObject({ status: 'unknown' });
  expect(viewOf(shop, purchaseId)).toEqual({
    picture: '/images/unknown.svg',
    title: '支付结果确认中，请勿重复付款',
    note: '可能已经扣款，查清之前不必再付',
    steps: [
      { to: 'check', text: '再查一次' },
      { to: 'order', text: '查看订单' },
    ],
  });
  expect(await phone.until(shop.orders())).toMatchObject([
    { text: '暂时查不到，请下拉刷新', title: '拿铁咖啡 × 2、乌龙茶 × 1', mayPay: false },
  ]);
  phone.lost = 0;
  const reports: string[] = [];
  await phone.until(shop.resume((id) => void reports.push(id)));
  expect([reports, shop.find(purchaseId)?.ending?.status]).toEqual([[purchaseId], 'paid']);
});

test('the app is killed in the cashier: its next start reports the purchase paid, and opens no cashier for it', async () => {
  const phone = new WirePhone(cloud, 'oKilled');
  phone.cashier = paidSilently(phone);
  const { shop, purchaseId } = await checkOut(phone);
  void shop.pay(purchaseId);
  await phone.idle();
  const later = startShop(phone);
  expect(later.find(purchaseId)?.outTradeNo).toMatch(/./);
  const reports: string[] = [];
  await phone.until(later.resume((id) => void reports.push(id)));
  expect(reports).toEqual([purchaseId]);
  expect(later.find(purchaseId)).toMatchObject({ ending: { status: 'paid' } });
  expect(await phone.until(later.pay(purchaseId))).toMatchObject({ status: 'paid' });
  expect([phone.opened, ordersOf('oKilled').length]).toEqual([1, 1]);
});

test('the app comes back while its cashier says nothing: the payment that goes on is paid', async () => {
  const phone = new WirePhone(cloud, 'oSwitcher');
  phone.cashier = paidSilently(phone);
  const { shop, purchaseId } = await checkOut(phone);
  const paying = shop.pay(purchaseId);
  await phone.idle();
  await shop.resume(() => expect.unreachable('the payment has an outcome of its own'));
  expect(await phone.until(paying)).toMatchObject({ status: 'paid' });
});

test('a balance that does not suffice fails, and the next payment is of the same order', async () => {
  const phone = new WirePhone(cloud, 'oPoor');
  phone.cashier = (prepayId) =>
    phone.post(`cashier/${prepayId}`, { action: 'fail', outcome: 'balance' });
  const { shop, purchaseId } = await checkOut(phone);
  expect(await phone.until(shop.pay(purchaseId))).toMatchObject({ status: 'failed' });
  expect(viewOf(shop, purchaseId)).toMatchObject({
    picture: '/images/failed.svg',
    title: '支付未完成，没有扣款',
    steps: [{ to: 'pay', text: '重新付款' }, { to: 'shop' }],
  });
  phone.cashier = (prepayId) => phone.post(`cashier/${prepayId}`, { action: 'pay' });
  expect(await phone.until(shop.pay(purchaseId))).toMatchObject({ status: 'paid' });
  expect(ordersOf('oPoor')).toHaveLength(1);
});

test('a price that changed is paid by nobody unseen: refused, shown anew, then paid', async () => {
  const phone = new WirePhone(cloud, 'oBargain');
  const { shop, purchaseId } = await checkOut(phone, { cake: 1 });
  await changeProduct('cake', { price: 29_800 });
  expect(await phone.until(shop.pay(purchaseId))).toMatchObject({ code: 'PRICE_CHANGED' });
  expect(viewOf(shop, purchaseId)).toMatchObject({
    picture: '/images/failed.svg',
    title: '价格有变，请重新下单',
    steps: [{ to: 'pay', text: '看看新价格' }, { to: 'shop' }],
  });
  expect([ordersOf('oBargain'), shop.cart().counts]).toEqual([[], { cake: 1 }]);
  await shop.reprice(purchaseId);
  expect(await phone.until(shop.pay(purchaseId))).toMatchObject({
    status: 'paid',
    order: { totalFee: 29_800 },
  });
  await changeProduct('cake', { price: 26_800 });
  // What is paid keeps the price that it was paid at.
  await shop.reprice(purchaseId);
  expect(shop.find(purchaseId)?.lines).toMatchObject([{ price: 29_800 }]);
});

test('what went off sale meanwhile is refused in the merchant’s words', async () => {
  const phone = new WirePhone(cloud, 'oLate');
  const { shop, purchaseId } = await checkOut(phone, { sticker: 3 });
  await changeProduct('sticker', { onSale: false });
  await shop.reprice(purchaseId);
  expect(await phone.until(shop.pay(purchaseId))).toMatchObject({
    status: 'failed',
    text: '该商品不存在或已下架',
  });
  expect(viewOf(shop, purchaseId)).toMatchObject({
    title: '该商品不存在或已下架',
    steps: [{ to: 'shop', text: '返回商店' }],
  });
  expect(await shop.checkOut()).toBeUndefined();
});

test('what is left of a cart whose other goods went off sale is a purchase of its own', async () => {
  await changeProduct('sticker', { onSale: true });
  const phone = new WirePhone(cloud, 'oRest');
  const { shop, purchaseId } = await checkOut(phone, { latte: 1, sticker: 3 });
  await changeProduct('sticker', { onSale: false });
  const rest = (await shop.checkOut()) ?? '';
  expect(rest).not.toBe(purchaseId);
  expect(await shop.checkOut()).toBe(rest);
  expect(await phone.until(shop.pay(rest))).toMatchObject({
    status: 'paid',
    order: { totalFee: 1990 },
  });
});

test('refunds show on the order: under way, in part, whole', async () => {
  cloud.world.faults.set([{ at: 'wechatpay.refundMoney', kind: 'slow', delayMs: 60_000 }]);
  const phone = new WirePhone(cloud, 'oReturner');
  const { shop, purchaseId } = await checkOut(phone);
  const { outTradeNo } = await phone.until(shop.pay(purchaseId));
  const refund = async (outRefundNo: string, refundFee: number) => {
    const data = { outTradeNo, outRefundNo, refundFee, refundDesc: '少一杯' };
    const { result } = await phone.post('call', { name: 'refund', data, service: true });
    expect(result).toMatchObject({ errCode: 0 });
  };
  await refund('RETURN0001', 800);
  expect(await phone.until(shop.order(purchaseId))).toMatchObject({
    text: '退款中',
    theme: 'warning',
    refunded: '¥8.00',
    refunds: [{ outRefundNo: 'RETURN0001', fee: '¥8.00', text: '退款中', reason: '少一杯' }],
  });
  await phone.post('clock', { advance: 'PT2M' });
  expect(await phone.until(shop.orders())).toMatchObject([{ text: '已部分退款' }]);
  await refund('RETURN0002', 3980);
  await phone.post('clock', { advance: 'PT2M' });
  expect(await phone.until(shop.order(purchaseId))).toMatchObject({
    text: '已全额退款',
    theme: 'success',
    refunded: '¥47.80',
    refunds: [{ text: '已退款' }, { text: '已退款' }],
    mayPay: false,
  });
});
