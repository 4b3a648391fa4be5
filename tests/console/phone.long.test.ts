import { describe, expect, test } from 'vitest';
import { HANGS_MS, hasChromium, useConsole } from './consolePage.ts';
import { buy, typePassword } from './scenes.ts';

/** Names an order of the answer of `/_local/orders`. */
interface Listed {
  orders: { outTradeNo: string; standing: string; confirmedBy?: string; delivery: string }[];
}

describe.runIf(hasChromium)('the phone', () => {
  const { tab, ask, cloud } = useConsole();
  const newest = async () => (await ask<Listed>('GET', 'orders')).orders[0]!;
  const play = (page: Awaited<ReturnType<typeof tab>>, scene: string) =>
    page
      .getByRole('region', { name: '收银台情景' })
      .getByRole('button', { name: scene, exact: true })
      .click();

  test('a payer buys, pays with a password, and both sides agree that it is paid and fulfilled', async () => {
    const page = await tab();
    await buy(page);
    await page.locator('.sheet-amount', { hasText: '¥19.90' }).waitFor();
    await typePassword(page);
    await page.getByRole('heading', { name: '支付成功' }).waitFor();
    // A delivery that a busy machine did not start in time is made good by the next query.
    const fulfilled = async () => {
      await page.locator('.order-card').getByRole('button', { name: '查询' }).click();
      return (await newest()).delivery;
    };
    await expect.poll(fulfilled, { timeout: HANGS_MS }).toBe('fulfilled');
    await page.getByText('已履约').waitFor();
    await page.getByText('两侧一致').waitFor();
    await page.getByText('{"errMsg":"requestPayment:ok"}').waitFor();
    expect(await newest()).toMatchObject({ standing: 'paid', delivery: 'fulfilled' });
  });

  test('a wrong password pays nothing, and the right one after it does', async () => {
    const page = await tab();
    await buy(page);
    await typePassword(page, '000000');
    await page.getByText('支付密码错误').waitFor();
    expect(await newest()).toMatchObject({ standing: 'paying' });
    await page.keyboard.type('111111');
    await page.getByRole('heading', { name: '支付成功' }).waitFor();
  });

  test('a cancelled order stays open and is paid when the payer goes on', async () => {
    const page = await tab();
    await buy(page);
    await play(page, '取消');
    await page.getByRole('heading', { name: '已取消支付' }).waitFor();
    await page.getByText('"requestPayment:fail cancel"').waitFor();
    await page.getByRole('button', { name: '继续支付' }).click();
    await play(page, '直接支付');
    await page.getByRole('heading', { name: '支付成功' }).waitFor();
    expect((await ask<Listed>('GET', 'orders')).orders).toHaveLength(1);
  });

  test.each([
    ['余额不足', '支付未完成', 'requestPayment:fail 余额不足'],
    ['参数错误', '支付未完成', 'requestPayment:fail 调用支付JSAPI缺少参数'],
    ['场景不支持', '支付未完成', 'Invalid payment situation'],
    ['接口被封禁', '支付未完成', 'jsapi has been banned'],
  ])('%s: the mini program sees it and the order stays open', async (scene, heading, answer) => {
    const page = await tab();
    await buy(page);
    await play(page, scene);
    await page.getByRole('heading', { name: heading }).waitFor();
    await page.getByText(answer).first().waitFor();
    expect(await newest()).toMatchObject({ standing: 'paying' });
  });

  test('money that WeChat took is found although the mini program got a cancel', async () => {
    const page = await tab();
    await buy(page);
    await play(page, '付款后断网');
    await page.getByText('"requestPayment:fail cancel"').waitFor();
    await page.getByRole('heading', { name: '支付成功' }).waitFor();
    expect(await newest()).toMatchObject({ standing: 'paid' });
  });

  test('a mini program that was killed after paying finds the payment when it is opened again', async () => {
    const page = await tab();
    await buy(page);
    await play(page, '付款后微信被杀');
    await page.getByRole('button', { name: '重新打开小程序' }).click();
    await page.getByRole('heading', { name: '支付成功' }).waitFor();
  });

  test('one that was killed before paying leaves the order open', async () => {
    const page = await tab();
    await buy(page);
    await play(page, '付款前微信被杀');
    await page.getByRole('button', { name: '重新打开小程序' }).click();
    await page.getByRole('heading', { name: '支付结果确认中' }).waitFor();
    expect(await newest()).toMatchObject({ standing: 'paying' });
  });

  test('of two taps WeChat takes one payment', async () => {
    const page = await tab();
    await buy(page);
    await play(page, '连点两次');
    await page.getByText('"requestPayment:fail 该订单已支付"').waitFor();
    await page.getByRole('heading', { name: '支付成功' }).waitFor();
  });

  test('an order is payable in its last second', async () => {
    const page = await tab();
    await buy(page);
    await play(page, '最后一秒支付');
    await page.getByRole('heading', { name: '支付成功' }).waitFor();
    expect(await newest()).toMatchObject({ standing: 'paid' });
  });

  test('with every callback lost, our query finds the payment, and the page says so', async () => {
    const page = await tab();
    await page.getByRole('button', { name: /故障开关/ }).click();
    await page.getByRole('switch', { name: '回调全丢' }).click();
    await page.getByRole('button', { name: /故障开关.*回调全丢/ }).waitFor();
    await page.keyboard.press('Escape');
    await buy(page);
    await play(page, '直接支付');
    await page.getByRole('heading', { name: '支付成功' }).waitFor();
    await page.getByText('主动查单').waitFor();
    expect(await newest()).toMatchObject({ confirmedBy: 'query' });
  });

  test('an order that nobody pays is closed once time has moved past its end', async () => {
    const page = await tab();
    await buy(page);
    await play(page, '取消');
    await page.getByRole('button', { name: '拨动时间' }).click();
    await page.getByRole('button', { name: '+1 小时' }).click();
    // A payer's query may be under way at WeChat while the timer runs: the next run closes the order.
    const closed = async () => {
      await ask('POST', 'timers/closeStaleOrders');
      return (await newest()).standing;
    };
    await expect.poll(closed, { timeout: HANGS_MS }).toBe('closed');
    await page.locator('.order-card [data-standing=closed]').waitFor();
    await page.getByRole('heading', { name: '订单已关闭' }).waitFor();
  });

  test('an order that WeChat refuses is none, and the one before it does not stand for it', async () => {
    const page = await tab();
    await buy(page);
    await play(page, '直接支付');
    await page.locator('.order-card [data-standing=paid]').waitFor();
    await page.getByRole('button', { name: '返回商店' }).click();
    await ask('PUT', 'faults', [{ at: 'wechatpay.jsapi', kind: 'error', code: 'NO_AUTH' }]);
    await page.getByRole('button', { name: /^购买 拿铁/ }).click();
    await page.getByRole('heading', { name: '下单没有成功' }).waitFor();
    await page.getByText('NO_AUTH').first().waitFor();
    expect(await page.getByRole('heading', { name: '支付成功' }).count()).toBe(0);
    expect(await page.locator('.order-card [data-standing=paid]').count()).toBe(0);
  });

  test('too many unpaid orders: the phone says until when, and both ways out of it are a button', async () => {
    const page = await tab();
    const goods = (await ask('GET', 'shop')) as unknown as { productId: string; price: number }[];
    const { productId, price } = goods[0]!;
    for (let count = 0; count < 10; count += 1) {
      const request = { productId, count: 1, purchaseId: `unpaid-${count}` };
      const data = { request, totalFee: price };
      await ask('POST', 'call', { name: 'unifiedOrder', data, openid: 'oLocalUser' });
    }
    await page.getByText('¥19.90').first().waitFor();
    await page.getByRole('button', { name: /^购买 拿铁/ }).click();
    const until = /或在 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d 之后用相同参数重试$/;
    await page.getByRole('alert').getByText(until).waitFor();
    await page.getByRole('button', { name: '关闭未支付的订单，1 分钟后再下单' }).click();
    await page.getByRole('dialog', { name: '微信支付' }).waitFor();
    const { orders } = await ask<Listed>('GET', 'orders?standing=closed');
    expect(orders).toHaveLength(10);
    const answer = {
      errCode: 'TOO_MANY_ORDERS',
      errMsg: '请在 retryAt 之后用相同参数重试 (repeat after retryAt)',
      retryAt: '2030-01-02T10:00:00+08:00',
    };
    const refuseOnce = () =>
      page.route(
        '**/_local/call',
        (route) =>
          route.fulfill({ json: { requestId: 'r', durationMs: 0, log: [], result: answer } }),
        { times: 1 },
      );
    await play(page, '取消');
    await page.getByRole('button', { name: '返回商店' }).click();
    await refuseOnce();
    await page.getByRole('button', { name: /^购买 拿铁/ }).click();
    await page.getByRole('button', { name: '拨到 2030-01-02 10:00:00，再下单' }).click();
    await page.getByRole('dialog', { name: '微信支付' }).waitFor();
    const { now } = await ask<{ now: string }>('GET', 'clock');
    expect(Date.parse(now)).toBeGreaterThanOrEqual(Date.parse(answer.retryAt));
  });

  test('until the functions are deployed, an empty shop says so, and advises nothing', async () => {
    const page = await tab();
    await page.getByRole('button', { name: /^购买 拿铁/ }).waitFor();
    await page.route('**/_local/shop', (route) => route.fulfill({ json: [] }));
    cloud().deployProgress.begin();
    await page.locator('.shop').getByText('部署完成后，这里会出现商品').waitFor();
    expect(await page.getByText('往集合 products').count()).toBe(0);
    cloud().deployProgress.end('done');
    await page.locator('.shop').getByText('往集合 products').waitFor();
  });

  test('what is bought before the deploy has ended is refused in the reader’s language, without an error of ours', async () => {
    const page = await tab();
    await page.getByRole('button', { name: /^购买 拿铁/ }).waitFor();
    await page.route('**/_local/call', (route) =>
      route.fulfill({
        json: {
          requestId: 'r',
          durationMs: 0,
          log: [],
          error: {
            code: 'BEING_DEPLOYED',
            message: '函数正在部署 (the function is being deployed)',
          },
        },
      }),
    );
    await page.getByRole('button', { name: /^购买 拿铁/ }).click();
    await page.getByText('函数正在部署', { exact: true }).waitFor();
    await page.getByText('BEING_DEPLOYED').waitFor();
  });

  test('a refunded order is not green', async () => {
    const page = await tab();
    await buy(page);
    await play(page, '直接支付');
    await page.locator('.order-card [data-standing=paid].good').waitFor();
    const { outTradeNo } = await newest();
    const data = { outTradeNo, refundFee: 1990 };
    await ask('POST', 'call', { name: 'refund', data, service: true });
    await page.locator('.order-card [data-standing=refunding]').waitFor();
    await ask('POST', 'clock', { advance: 'PT10M' });
    await page.locator('.order-card [data-standing=refunded].back').waitFor();
    expect(await newest()).toMatchObject({ standing: 'refunded', refundedFee: 1990 });
  });

  test('everything is bought and paid by keyboard alone', async () => {
    const page = await tab();
    // A button without a price yet orders nothing.
    await page.getByText('¥19.90').waitFor();
    const isOn = (name: string) => page.evaluate(`document.activeElement?.ariaLabel === '${name}'`);
    while (!(await isOn('购买 拿铁咖啡'))) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: '微信支付' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: '已取消支付' }).waitFor();
    while (!(await page.evaluate(`document.activeElement?.textContent === '继续支付'`))) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: '微信支付' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('group', { name: '请输入支付密码' }).waitFor();
    await page.keyboard.type('123456');
    await page.getByRole('heading', { name: '支付成功' }).waitFor();
  });

  test('markup in what a merchant or a payer wrote is text, and runs nowhere', async () => {
    const page = await tab();
    const body = '<img src=x onerror="document.title=1">';
    const data = {
      outTradeNo: 'MARKUP0001',
      body,
      totalFee: 1,
      openid: 'oLocalUser',
      attach: body,
    };
    await ask('POST', 'call', { name: 'unifiedOrder', data, service: true });
    await page.locator('.order-card').getByText(body).waitFor();
    expect(await page.locator('#root img').count()).toBe(0);
    expect(await page.title()).toContain('手机与商店');
  });
});
