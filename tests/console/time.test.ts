import { describe, expect, test } from 'vitest';
import { hasChromium, useConsole } from './consolePage.ts';

describe.runIf(hasChromium)('time', () => {
  const { tab, ask } = useConsole();
  const offsetMs = async () => Number((await ask('GET', 'clock')).offsetMs);

  test('timers are listed with their next run, and run when they are asked to', async () => {
    const page = await tab('#/time');
    await page
      .getByText(/^下次运行 \d{4}-/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: '立即运行 closeStaleOrders' }).click();
    await page.getByText(/^已运行，\d+ 毫秒$/).waitFor();
    const events = await ask<{ what: string; subject?: string }[]>('GET', 'events');
    expect(events.some(({ subject }) => subject === 'closeStaleOrders')).toBe(true);
  });

  test('time goes to an instant, in Beijing’s time, and never back', async () => {
    const page = await tab('#/time');
    const before = await offsetMs();
    const field = page.getByLabel(/跳到某一刻/);
    await field.fill('2020-01-01T00:00');
    const go = page.getByRole('button', { name: '跳到这里', exact: true });
    expect(await go.getAttribute('aria-disabled')).toBe('true');
    await page.getByText('时间不能倒退', { exact: true }).waitFor();
    await field.fill('soon');
    await page.getByText('不是一个时刻').waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    const { now } = await ask<{ now: string }>('GET', 'clock');
    const inTwoHours = new Date(Date.parse(now) + 10 * 3_600_000).toISOString().slice(0, 16);
    await field.fill(inTwoHours);
    await go.click();
    await page.getByText(/^比真实时间快 1 小时 59 分钟|^比真实时间快 2 小时/).waitFor();
    expect((await offsetMs()) - before).toBeGreaterThan(1.9 * 3_600_000);
  });

  test('what comes next is a jump away: a notification that WeChat repeats', async () => {
    await ask('PUT', 'faults', [{ at: 'wechatpay.notify', kind: 'lost_request', times: 1 }]);
    const data = { outTradeNo: 'COMING0001', body: '咖啡', totalFee: 1, openid: 'oLocalUser' };
    const { result } = await ask<{ result: { prepayId: string } }>('POST', 'call', {
      name: 'unifiedOrder',
      data,
      service: true,
    });
    await ask('POST', `cashier/${result.prepayId}`, { action: 'pay' });
    await ask('POST', 'clock', { advance: 'PT1S', timers: 'none' });
    const page = await tab('#/time');
    await page.getByRole('button', { name: /^跳到这里 微信支付通知/ }).click();
    await expect
      .poll(async () => (await ask<{ orders: { standing: string }[] }>('GET', 'orders')).orders, {
        timeout: 300_000,
      })
      .toMatchObject([{ standing: 'paid' }]);
  });
});
