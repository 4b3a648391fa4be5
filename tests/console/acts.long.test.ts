import { describe, expect, test } from 'vitest';
import { act as chinese } from '../../emulator/console/text/zh/act.ts';
import { hasChromium, useConsole } from './consolePage.ts';
import { seriousIssues } from './seriousIssues.ts';

describe.runIf(hasChromium)('what may be done to an order', () => {
  const { tab, ask } = useConsole();
  type Tab = Awaited<ReturnType<typeof tab>>;
  const place = (outTradeNo: string) =>
    ask<{ result: { prepayId: string } }>('POST', 'call', {
      name: 'unifiedOrder',
      data: { outTradeNo, body: '咖啡', totalFee: 100, openid: 'oLocalUser' },
      service: true,
    });
  const pay = async (outTradeNo: string) => {
    const { result } = await place(outTradeNo);
    await ask('POST', `cashier/${result.prepayId}`, { action: 'pay' });
    await ask('POST', 'clock', { advance: 'PT1S', timers: 'none' });
  };
  const opened = async (outTradeNo: string) => {
    const page = await tab(`#/orders/${outTradeNo}`);
    await page.getByRole('heading', { name: chinese.there }).waitFor();
    return page;
  };
  const button = (page: Tab, name: string) => page.getByRole('button', { name, exact: true });
  /** Presses a button and waits for the line beside it. */
  const press = async (page: Tab, name: string, line: string) => {
    await button(page, name).click();
    await page
      .locator('.act', { has: button(page, name) })
      .getByText(line)
      .waitFor();
  };
  const standing = (page: Tab, place: string) =>
    page.locator(`[data-place=${place}][aria-current=step]`).waitFor();
  const advance = (by: string) => ask('POST', 'clock', { advance: by, timers: 'none' });

  test('a payment of which WeChat says nothing is found by a query, and another one by the timer', async () => {
    await place('SILENT0001');
    await place('SILENT0002');
    const page = await opened('SILENT0001');
    await press(page, '支付，不发回调', '微信侧成功');
    await page.getByText('两侧有 3 处不一致').waitFor();
    await press(page, '查询', '已支付 · 微信侧成功');
    await page.getByText(/^主动查单，付款后/).waitFor();
    await page.getByText('两侧一致').waitFor();
    const other = await opened('SILENT0002');
    await press(other, '支付，不发回调', '微信侧成功');
    await advance('PT10M');
    await ask('POST', 'timers/closeStaleOrders');
    await standing(other, 'paid');
    await other.getByText(/^定时器查单，付款后/).waitFor();
  });

  test('a lost callback is sent again, and once more after it arrived: the order is paid once', async () => {
    const { result } = await place('AGAIN00001');
    const page = await opened('AGAIN00001');
    await press(page, '丢掉下一次支付回调', '已完成');
    await ask('POST', `cashier/${result.prepayId}`, { action: 'pay' });
    await page.getByRole('region', { name: '微信的通知' }).getByText('途中丢失').waitFor();
    await press(page, '重发支付回调', '已完成');
    await standing(page, 'paid');
    await page.getByText(/^微信回调，付款后/).waitFor();
    await press(page, '重发支付回调', '已完成');
    const notices = page.getByRole('region', { name: '微信的通知' }).locator('.tag');
    await notices.nth(2).waitFor();
    expect(await notices.allInnerTexts()).toEqual(['途中丢失', '已收下', '已收下']);
    expect(await page.locator('.event-type', { hasText: 'order.paid' }).count()).toBe(1);
  });

  test('a payment of another sum is quarantined, says which field, and an admin gives it back', async () => {
    await place('OTHERSUM01');
    const page = await opened('OTHERSUM01');
    await press(page, '按另一金额支付', '微信侧成功');
    await standing(page, 'quarantined');
    await page.getByRole('heading', { name: '付款与订单不符（金额），已隔离' }).waitFor();
    await page.locator('.truths .different', { hasText: '金额（分）' }).waitFor();
    expect(await seriousIssues(page)).toEqual([]);
    await page.getByRole('radio', { name: '付款人' }).check();
    await press(page, '退回付款', 'CALLER_REFUSED');
    await page.getByRole('radio', { name: '管理员' }).check();
    await press(page, '退回付款', '已完成');
    await page.locator('[data-refund]').waitFor();
  });

  test('an abnormal refund is notified, paid to another account, and its callback comes again', async () => {
    await pay('ABNORMAL01');
    const page = await opened('ABNORMAL01');
    await page.getByRole('textbox', { name: '退款金额' }).fill('0.4');
    await press(page, '退款', '已完成');
    const again = page.locator('.act', { has: button(page, '重发退款回调') });
    await again.getByText('退款处理中，还没有结果可通知').waitFor();
    await button(page, '异常').click();
    await page.locator('[data-refund=abnormal]').waitFor();
    await page.getByText('先填银行类型、卡号与姓名').waitFor();
    expect(await seriousIssues(page)).toEqual([]);
    await page.getByRole('radio', { name: '付款人' }).check();
    await press(page, '退到商户结算账户', 'CALLER_REFUSED');
    await page.getByRole('radio', { name: '管理员' }).check();
    await page.getByLabel('银行卡号').fill('6222020111122220000');
    await page.getByLabel('开户姓名').fill('张三');
    await press(page, '退到付款人的银行卡', '已完成');
    await advance('PT1M');
    await page.locator('[data-refund=success]').waitFor();
    await press(page, '重发退款回调', '微信侧成功');
    await page.getByText('微信侧已是终态').waitFor();
    await standing(page, 'partly_refunded');
  });

  test('a refund that was closed at WeChat gives its sum free again, one of the merchant console is found', async () => {
    await pay('CLOSEDRF01');
    const page = await opened('CLOSEDRF01');
    await button(page, '全额退款 ¥1.00').click();
    await button(page, '关闭').click();
    await page.locator('[data-refund=closed]').waitFor();
    await button(page, '全额退款 ¥1.00').waitFor();
    await advance('PT2M');
    await page.getByRole('textbox', { name: '在商户平台退多少（元）' }).fill('0.3');
    await press(page, '商户平台退款', '处理中');
    await page.getByText('本地未知').waitFor();
    await button(page, '成功').click();
    await page.getByText('商户平台发起').waitFor();
    await standing(page, 'partly_refunded');
  });

  test('what cannot be done says why; what WeChat closed stays payable by money that was under way', async () => {
    await place('WHYNOT0001');
    const page = await opened('WHYNOT0001');
    for (const reason of ['没有可退的金额', '微信侧没有付款', '没有退款'])
      await page.getByText(reason).first().waitFor();
    expect(await button(page, '重发支付回调').getAttribute('aria-disabled')).toBe('true');
    await press(page, '在微信侧关单', '微信侧已关闭');
    await press(page, '查询', '微信侧已关闭');
    await standing(page, 'closed');
    await press(page, '支付，并发回调', '微信侧成功');
    await standing(page, 'paid');
    await page.locator('.event-type', { hasText: 'order.paid_after_close' }).waitFor();
    for (const name of ['支付，不发回调', '按另一金额支付', '在微信侧关单', '关闭订单'])
      expect(await button(page, name).getAttribute('aria-disabled'), name).toBe('true');
  });

  test('a refusal stands beside its button in the reader’s language, on a narrow screen too', async () => {
    await pay('REFUSAL001');
    const page = await opened('REFUSAL001');
    await page.getByRole('radio', { name: '付款人' }).check();
    await press(page, '全额退款 ¥1.00', 'CALLER_REFUSED');
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [390, 1440]) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.setViewportSize({ width, height: 900 });
        expect(await seriousIssues(page), `${width} ${colorScheme}`).toEqual([]);
        const overflow = 'document.documentElement.scrollWidth - innerWidth';
        expect(await page.evaluate(overflow), `${width}`).toBeLessThanOrEqual(0);
      }
    await page.keyboard.press('l');
    await page.getByRole('heading', { name: 'Play WeChat' }).waitFor();
    const mixed = `[...document.querySelectorAll('.acts button, .acts .act-line, .acts label, .acts h2')]
      .filter((each) => /\\p{Script=Han}/u.test(each.innerText)).map((each) => each.innerText)`;
    expect(await page.evaluate(mixed)).toEqual([]);
  });
});
