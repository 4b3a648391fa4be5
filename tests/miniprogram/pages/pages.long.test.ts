/** The example's pages, compiled and drawn, used by taps alone: the real wire, the local cloud, the host of DevTools. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalCloud } from '../../../emulator/main.ts';
import type { Ending } from '../../../examples/miniprogram/logic/storage.ts';
import { postTo } from '../../client/wirePhone.ts';
import { openLocalCloud } from '../../support/localCloud.ts';
import { type Compiled, compileExample } from './compile.ts';

interface Screen {
  route: string;
  /** From top to bottom. */
  texts: string[];
  images: string[];
}

/** WeChat's compiler of WXML comes for these machines. */
const isCompilable = process.platform !== 'linux' || process.arch === 'x64';

const RESULT = 'pages/result/result';

describe.skipIf(!isCompilable)('the example’s pages', () => {
  let cloud: LocalCloud;
  let compiled: Compiled;
  let phone: ChildProcess;
  let ended: Promise<unknown>;
  beforeAll(async () => {
    cloud = await openLocalCloud(
      { WXPAY_PRICE_SOURCE: 'quote', LOCAL_DEMO_GOODS: '1' },
      { devtools: true },
    );
    compiled = await compileExample();
    const { root: ROOT, wxmls } = compiled;
    const env = { ...process.env, ROOT, WXMLS: JSON.stringify(wxmls), LOCAL_URL: cloud.url };
    phone = fork('tests/miniprogram/pages/phone.cjs', { env, execArgv: [] });
    ended = once(phone, 'exit').then(([code]) => [{ error: `the phone ended with ${code}` }]);
    await Promise.race([once(phone, 'message'), ended]);
  });
  afterAll(async () => {
    if (phone.connected) {
      phone.disconnect();
      await ended;
    }
    await compiled.remove();
    await cloud.close();
  });

  /** Does what the user of the phone does; answers the screen that follows, once the page that is named has come. */
  async function act(name: string, value?: unknown, until?: string): Promise<Screen> {
    const answered = once(phone, 'message');
    phone.send([name, value, until]);
    const [{ screen, error }] = (await Promise.race([answered, ended])) as [
      { screen: Screen; error?: string },
    ];
    if (error) throw new Error(`${name} ${value}: ${error}`);
    return screen;
  }

  async function refund(outTradeNo: string, refundFee: number): Promise<void> {
    const data = { outTradeNo, outRefundNo: `R${outTradeNo}`.slice(0, 32), refundFee };
    await postTo(cloud, 'call', { name: 'refund', data, service: true });
  }

  test('a payer fills the cart, checks out, pays by a double tap, and sees the order with its refund', async () => {
    const shop = await act('open', '/pages/shop/shop');
    expect(shop.texts.slice(0, 6)).toEqual(['拿', '拿铁咖啡', '¥19.90', '乌', '乌龙茶', '¥8.00']);
    await act('more', '拿铁咖啡');
    await act('more', '拿铁咖啡');
    await act('more', '乌龙茶');
    const cart = await act('open', '/pages/cart/cart');
    const goods = ['拿铁咖啡', '¥19.90', '乌龙茶', '¥8.00'];
    expect(cart.texts).toEqual([...goods, '合计', '¥47.80', '去结算']);
    expect((await act('more', '乌龙茶')).texts).toEqual([...goods, '合计', '¥55.80', '去结算']);
    const lines = ['拿铁咖啡 × 2', '¥39.80', '乌龙茶 × 2', '¥16.00', '应付', '¥55.80'];
    expect(await act('tap', '去结算')).toMatchObject({
      route: 'pages/pay/pay',
      texts: [...lines, '金额由商家的服务器确定', '付款'],
    });
    expect(await act('tapTwice', '付款', RESULT)).toEqual({
      route: RESULT,
      images: ['/images/paid.svg'],
      texts: ['支付成功', '¥55.80 商家已收到付款', '查看订单', '继续逛逛'],
    });
    expect((await act('open', '/pages/cart/cart')).texts).toEqual(['购物车是空的，去商店挑一件吧']);
    const title = '拿铁咖啡 × 2、乌龙茶 × 2';
    const orders = await act('open', '/pages/orders/orders');
    expect(orders.texts).toEqual([title, '¥55.80', '已付款']);
    const order = await act('tap', title);
    const outTradeNo = order.texts.at(-1) ?? '';
    expect(order.texts).toEqual(
      [title, '已付款', '金额', '¥55.80'].concat(
        ['付款时间', expect.stringMatching(/^2026-\d\d-\d\d \d\d:\d\d:\d\d$/)],
        ['订单号', outTradeNo],
      ),
    );
    expect(cloud.cloudbase.documents('orders')).toHaveLength(1);
    cloud.world.faults.set([{ at: 'wechatpay.refundMoney', kind: 'slow', delayMs: 600_000 }]);
    await refund(outTradeNo, 800);
    const refunding = await act('show');
    expect(refunding.texts.slice(-4)).toEqual(['退款', '¥8.00', '¥8.00', '退款中']);
    await postTo(cloud, 'clock', { advance: 'PT11M' });
    const refunded = await act('show');
    expect(refunded.texts.slice(0, 2)).toEqual([title, '已部分退款']);
    expect(refunded.texts.slice(-1)).toEqual(['已退款']);
  });

  test('the cashier never calls back; once the app is in front again the server says paid', async () => {
    await act('open', '/pages/shop/shop');
    await act('more', '一分钱贴纸');
    await act('deafen');
    await act('open', '/pages/cart/cart');
    await act('tap', '去结算');
    const paying = await act('tap', '付款');
    expect(paying.route).toBe('pages/pay/pay');
    expect(paying.texts).toContain('正在付款，并向商家的服务器确认');
    expect(await act('comeBack', undefined, RESULT)).toMatchObject({
      route: RESULT,
      images: ['/images/paid.svg'],
      texts: ['支付成功', '¥0.01 商家已收到付款', '查看订单', '继续逛逛'],
    });
  });

  const VIEWS: [Ending, string[]][] = [
    [{ status: 'paid', text: '支付成功' }, ['¥19.90 商家已收到付款', '查看订单', '继续逛逛']],
    [
      { status: 'cancelled', text: '已取消支付' },
      ['订单已保留，可以继续付款', '继续付款', '继续逛逛'],
    ],
    [
      { status: 'failed', text: '支付未完成，没有扣款' },
      ['可以重新付款，不会付两次', '重新付款', '继续逛逛'],
    ],
    [
      { status: 'unknown', text: '支付结果确认中，请勿重复付款' },
      ['可能已经扣款，查清之前不必再付', '再查一次', '查看订单'],
    ],
  ];
  test.each(VIEWS)('$status has its picture, its text and its ways on', async (ending, texts) => {
    const lines = [{ productId: 'latte', name: '拿铁咖啡', price: 1990, count: 1 }];
    await act('store', { purchases: [{ purchaseId: 'p1', lines, ending }] });
    const picture = `/images/${ending.status}.svg`;
    expect(await act('open', '/pages/result/result?purchaseId=p1')).toMatchObject({
      texts: [ending.text, ...texts],
      images: [picture],
    });
    expect(existsSync(`examples/miniprogram${picture}`)).toBe(true);
  });

  test('without its server the shop says so', async () => {
    cloud.world.faults.set([]);
    await act('unplug');
    expect((await act('open', '/pages/shop/shop')).texts).toEqual([
      '没有连上商家的服务器，请下拉重试',
    ]);
  });
});
