import { describe, expect, test } from 'vitest';
import { hasChromium, useConsole } from './consolePage.ts';

describe.runIf(hasChromium)('the orders', () => {
  const { tab, ask, cloud } = useConsole();
  const place = (outTradeNo: string, more: object = {}) =>
    ask<{ result: { prepayId: string } }>('POST', 'call', {
      name: 'unifiedOrder',
      data: { outTradeNo, body: '咖啡', totalFee: 100, openid: 'oLocalUser', ...more },
      service: true,
    });
  const pay = async (outTradeNo: string, more: object = {}) => {
    const { result } = await place(outTradeNo, more);
    await ask('POST', `cashier/${result.prepayId}`, { action: 'pay' });
    await ask('POST', 'clock', { advance: 'PT1S', timers: 'none' });
  };

  test('the table lists them, the newest first, and narrows to what the address says', async () => {
    await place('TABLE00001');
    await pay('TABLE00002', { body: '蛋糕', totalFee: 26_800 });
    const page = await tab('#/orders');
    const numbers = page.locator('.order-line code').filter({ hasText: 'TABLE' });
    await numbers.nth(1).waitFor();
    expect(await numbers.allInnerTexts()).toEqual(['TABLE00002', 'TABLE00001']);
    await page.getByRole('button', { name: '待支付 1' }).click();
    await page.getByText('TABLE00002').waitFor({ state: 'detached' });
    expect(page.url()).toContain('standing=paying');
    await page.getByRole('button', { name: '清除筛选' }).click();
    await page.getByRole('searchbox').fill('蛋糕');
    await page.getByText('TABLE00001').waitFor({ state: 'detached' });
    const shared = await tab(new URL(page.url()).hash);
    await shared.getByText('TABLE00002').waitFor();
    await shared.getByRole('textbox', { name: '金额从' }).fill('500');
    await shared.getByText('没有符合条件的订单').waitFor();
    const from = shared.getByRole('textbox', { name: '金额从' });
    await from.fill('abc');
    await shared.getByText('不是金额').waitFor();
    expect(await from.getAttribute('aria-invalid')).toBe('true');
    expect(shared.url()).not.toContain('abc');
  });

  test('of ten thousand orders a few rows are in the page, and the last is a scroll away', async () => {
    const order = {
      body: '咖啡',
      openid: 'oA',
      totalFee: 1,
      status: { state: 'paying' },
      events: [],
    };
    const documents = Array.from({ length: 10_000 }, (_, index) => ({
      _id: `MANY${String(index).padStart(6, '0')}`,
      state: 'paying',
      order,
    }));
    cloud().cloudbase.put('orders', documents);
    const page = await tab('#/orders');
    await page.getByText('MANY009999').waitFor();
    await page.getByText('10,000 笔').waitFor();
    expect(await page.locator('.order-line').count()).toBeLessThan(60);
    await page.evaluate(`document.querySelector('.table').scrollTop = 1e9`);
    await page.getByText('MANY000000').waitFor();
    expect(await page.locator('.order-line').count()).toBeLessThan(60);
  });

  test('an order’s page shows its way, its money, how it was confirmed, and both truths', async () => {
    await pay('WAY0000001');
    const page = await tab('#/orders');
    await page.getByRole('link', { name: 'WAY0000001' }).click();
    await page.locator('[data-place=paid][aria-current=step]').waitFor();
    expect(await page.locator('.place.taken').count()).toBe(3);
    await page.getByText(/^微信回调，付款后/).waitFor();
    await page.getByText('两侧一致').waitFor();
    await page.getByText('order.paid').first().waitFor();
  });

  test('a refund in part and one of the rest move the order and its money on, by whoever may refund', async () => {
    await pay('REFUNDS001');
    const page = await tab('#/orders/REFUNDS001');
    await page.getByRole('radio', { name: '付款人' }).check();
    await page.getByRole('button', { name: /全额退款/ }).click();
    await page.getByText('CALLER_REFUSED').waitFor();
    await page.getByRole('radio', { name: '管理员' }).check();
    await page.getByRole('textbox', { name: '退款金额' }).fill('0.4');
    await page.getByRole('button', { name: '退款', exact: true }).click();
    await page.getByRole('button', { name: '成功' }).click();
    await page.locator('[data-place=partly_refunded][aria-current=step]').waitFor();
    // WeChat takes the next refund of an order a minute later.
    await ask('POST', 'clock', { advance: 'PT2M', timers: 'none' });
    await page.getByRole('button', { name: '全额退款 ¥0.60' }).click();
    await page.getByRole('button', { name: '成功' }).click();
    await page.locator('[data-place=refunded][aria-current=step]').waitFor();
    await page.locator('.tag[data-standing=refunded].back').waitFor();
  });

  test('where the two sides differ, the page marks what does', async () => {
    await ask('PUT', 'faults', [{ at: 'wechatpay.notify', kind: 'lost_request' }]);
    await pay('DIFFERS001');
    const page = await tab('#/orders/DIFFERS001');
    await page.getByText('两侧有 3 处不一致').waitFor();
    expect(await page.locator('.truths .different').count()).toBe(3);
    await page.getByRole('button', { name: '查询' }).click();
    await page.getByText('两侧一致').waitFor();
    await page.getByText(/^主动查单，付款后/).waitFor();
  });

  test('a number that is none says what to do, and an address that is no page leads home', async () => {
    const page = await tab('#/orders/NOBODY0001');
    await page.getByText('没有这个订单').waitFor();
    await page.getByRole('link', { name: '全部订单' }).click();
    await page.getByText('还没有订单').waitFor();
    const lost = await tab('#/nowhere');
    await lost.getByRole('link', { name: '回到手机与商店' }).click();
    await lost.getByRole('heading', { name: '手机与商店' }).waitFor();
  });
});
