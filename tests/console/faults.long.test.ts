import { describe, expect, test } from 'vitest';
import { HANGS_MS, hasChromium, useConsole } from './consolePage.ts';
import { buy } from './scenes.ts';
import { seriousIssues } from './seriousIssues.ts';

interface Order {
  outTradeNo: string;
  standing: string;
  confirmedBy?: string;
  delivery: string;
}
interface Taken {
  at: string;
  kind: string;
  taken: number;
}

describe.runIf(hasChromium)('the page about faults', () => {
  const { tab, ask, takeRefusals } = useConsole();
  type Page = Awaited<ReturnType<typeof tab>>;
  const flip = async (page: Page, name: string) => {
    await page.getByRole('switch', { name, checked: false }).click();
    await page.getByRole('switch', { name, checked: true }).waitFor();
  };
  const orders = async () => (await ask<{ orders: Order[] }>('GET', 'orders')).orders;
  const faults = () => ask<Taken[]>('GET', 'faults');
  const takenAt = async (at: string) => (await faults()).filter((each) => each.at === at);
  /** Buys as the mini program does, again where it is told to. */
  const place = async (): Promise<{ outTradeNo: string; prepayId: string }> => {
    for (;;) {
      const data = { request: { productId: 'latte' } };
      const call = { name: 'unifiedOrder', data, openid: 'oLocalUser' };
      const { result } = await ask<{
        result: { errCode: unknown; outTradeNo: string; prepayId: string };
      }>('POST', 'call', call);
      if (result.errCode === 0) return result;
    }
  };
  const query = (outTradeNo: string) =>
    ask('POST', 'call', { name: 'queryOrder', data: { outTradeNo }, openid: 'oLocalUser' });
  const move = (advance: string, timers: 'none' | 'all' | 'last' = 'none') =>
    ask('POST', 'clock', { advance, timers });
  const expectPaidOnce = async (outTradeNo: string) => {
    const { row, stored, compared } = await ask<{
      row: Order;
      stored: { order: { events: { type: string }[] } };
      compared: { isDifferent: boolean }[];
    }>('GET', `orders/${outTradeNo}`);
    expect(row).toMatchObject({ standing: 'paid', delivery: 'fulfilled' });
    expect(stored.order.events.map(({ type }) => type)).toEqual(['order.paid']);
    expect(compared.filter(({ isDifferent }) => isDifferent)).toEqual([]);
  };

  test('every callback lost: one order is found by its payer’s query, one by the timer', async () => {
    const page = await tab('#/faults');
    await flip(page, '回调全丢');
    await page.goto(page.url().replace(/#.*/, '#/phone'));
    await buy(page);
    await page.getByRole('button', { name: '直接支付' }).click();
    await page.getByText('主动查单').waitFor();
    const unseen = await place();
    await ask('POST', `cashier/${unseen.prepayId}`, { action: 'pay' });
    await move('PT1S');
    expect((await orders())[0]).toMatchObject({ standing: 'paying' });
    await move('PT15M', 'all');
    expect(await orders()).toMatchObject([
      { standing: 'paid', confirmedBy: 'query' },
      { standing: 'paid', confirmedBy: 'query' },
    ]);
    const calls = await ask<{ what: string; subject?: string }[]>('GET', 'events');
    const asked = calls.filter(
      ({ what, subject }) => what === 'wechatpay.query' && subject === unseen.outTradeNo,
    );
    expect(asked).not.toEqual([]);
    for (const { taken } of await takenAt('wechatpay.notify')) expect(taken).toBeGreaterThan(1);
  });

  test('the database timed out and had succeeded: bought and paid, once', async () => {
    const page = await tab('#/faults');
    await flip(page, '数据库超时后其实成功');
    const { outTradeNo, prepayId } = await place();
    await page.locator('.switched').getByText('已用完').nth(1).waitFor();
    await flip(page, '数据库超时后其实成功');
    await ask('POST', `cashier/${prepayId}`, { action: 'pay' });
    await move('PT1S');
    await expectPaidOnce(outTradeNo);
    expect(await orders()).toHaveLength(1);
    for (const { taken } of await takenAt('cloudbase.modifyDocument')) expect(taken).toBe(2);
  });

  test.each(['机房抖动', '双十一'])('%s: something happens, and money moves once', async (name) => {
    const page = await tab('#/faults');
    await flip(page, name);
    const placed = await place();
    await ask('POST', `cashier/${placed.prepayId}`, { action: 'pay' });
    const sum = async () => {
      await query(placed.outTradeNo);
      return (await faults()).reduce((all, { taken }) => all + taken, 0);
    };
    await expect.poll(sum, { timeout: HANGS_MS }).toBeGreaterThan(3);
    await page.locator(`.preset[data-on=true] .tag`).waitFor();
    await page.getByRole('button', { name: '全部关闭' }).click();
    await page.getByText('没有故障').waitFor();
    await move('PT1H', 'all');
    await expectPaidOnce(placed.outTradeNo);
  });

  test('the certificate is renewed: the functions meet its serial, download it and go on', async () => {
    const page = await tab('#/faults');
    await flip(page, '证书轮换');
    const first = await place();
    // Once more, with functions that know the certificate before.
    await ask('POST', 'faults/presets/certificateRotation', { to: 'on' });
    const second = await place();
    for (const { prepayId } of [first, second])
      await ask('POST', `cashier/${prepayId}`, { action: 'pay' });
    await move('PT1S');
    expect((await orders()).map(({ confirmedBy }) => confirmedBy)).toEqual([
      'callback',
      'callback',
    ]);
    const events = await ask<{ what: string }[]>('GET', 'events');
    expect(events.filter(({ what }) => what === 'wechatpay.certificates').length).toBeGreaterThan(
      1,
    );
    await page.getByRole('button', { name: /故障开关.*证书轮换/ }).waitFor();
  });

  test('a shared address asks first, then everything of it is on; the address keeps what is on', async () => {
    const hash = '#/faults?on=callbacksLost+wechatpay.query*slow*2000ms*3x*0.5p+everything';
    const page = await tab(hash);
    const question = page.getByRole('region', { name: '打开链接里的故障？' });
    await question.getByText('晚 2000 毫秒 · 概率 50% · 还有 3 次').waitFor();
    await question.getByText('everything').waitFor();
    expect(await faults()).toEqual([]);
    await question.getByRole('button', { name: '打开', exact: true }).click();
    await question.waitFor({ state: 'detached' });
    expect(await faults()).toHaveLength(3);
    await page.waitForURL(/on=callbacksLost\+wechatpay\.query\*slow\*2000ms\*3x\*0\.5p$/);
    const other = await tab(new URL(page.url()).hash);
    await other.locator('[data-preset=callbacksLost][data-on=true]').waitFor();
    expect(await other.getByText('打开链接里的故障').count()).toBe(0);
    await page.getByRole('button', { name: '全部关闭' }).click();
    await page.waitForURL(/#\/faults$/);
    // The tab that showed them follows; a fault that is switched off elsewhere is not asked for.
    await other.waitForURL(/#\/faults$/);
    expect(await other.getByText('打开链接里的故障').count()).toBe(0);
  });

  test('an address that is not wanted changes nothing; one that is wrong is refused in words', async () => {
    const page = await tab('#/faults?on=jitter');
    await page.getByRole('button', { name: '不打开' }).click();
    await page.waitForURL(/#\/faults$/);
    expect(await faults()).toEqual([]);
    await page.goto(page.url().replace(/#.*/, '#/faults?on=wechatpay.qeury*slow*1ms'));
    await page.getByRole('button', { name: '打开', exact: true }).first().click();
    await page.getByText('没有操作 wechatpay.qeury').waitFor();
    expect(await faults()).toEqual([]);
    expect(takeRefusals()).toBe(1);
  });

  test('a fault of one’s own: refused beside its field, then counted down live', async () => {
    const page = await tab('#/faults');
    await page.getByLabel('操作').selectOption('wechatpay.jsapi');
    await page.locator('.fault-form').getByLabel('故障').selectOption('lost_answer');
    expect(await page.getByLabel('延迟（毫秒）').count()).toBe(0);
    await page.locator('.fault-form').getByLabel('故障').selectOption('slow');
    await page.getByLabel('延迟（毫秒）').fill('1');
    const times = page.getByLabel('次数');
    const switchOn = page.getByRole('button', { name: '打开', exact: true });
    for (const wrong of ['0', '1.5', 'x']) {
      await times.fill(wrong);
      await switchOn.click();
      await expect
        .poll(() => times.getAttribute('aria-invalid'), { timeout: HANGS_MS })
        .toBe('true');
      const note = (await times.getAttribute('aria-describedby'))?.split(' ')[0] ?? '';
      expect(await page.locator(`[id="${note}"]`).innerText()).toMatch(/\p{Script=Han}/u);
    }
    expect(takeRefusals()).toBe(3);
    await times.fill('2');
    await page.getByLabel('概率（%）').fill('150');
    await switchOn.click();
    await page.getByText('须大于 0，不超过 100', { exact: true }).waitFor();
    expect(takeRefusals()).toBe(1);
    await page.getByLabel('概率（%）').fill('');
    await switchOn.click();
    await page.getByText('还有 2 次').waitFor();
    await place();
    await page.getByText('还有 1 次').waitFor();
    await page.locator('.switched').getByText('已发生 1 次').waitFor();
    await page.getByRole('button', { name: '关闭 变慢 wechatpay.jsapi' }).click();
    await page.getByText('没有故障').waitFor();
  });

  test('by keyboard alone: to the page, a scene on, and off from the palette', async () => {
    const page = await tab();
    await page.getByRole('heading', { name: '手机与商店' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('x');
    await page.getByRole('switch', { name: '回调全丢' }).focus();
    await page.keyboard.press('Space');
    await page.getByRole('switch', { name: '回调全丢', checked: true }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').fill('关闭 回调全丢');
    await page.keyboard.press('Enter');
    await page.getByText('没有故障').waitFor();
  });

  test.each(['light', 'dark'] as const)(
    'nothing serious stands in anybody’s way, in either language, %s',
    async (colorScheme) => {
      const page = await tab('#/faults?on=doubleEleven');
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await flip(page, '回调全丢');
      await page.getByRole('heading', { name: '打开链接里的故障？' }).waitFor();
      for (const width of [390, 768, 1280, 2560]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await seriousIssues(page), `${width}`).toEqual([]);
        const overflow = 'document.documentElement.scrollWidth - innerWidth';
        expect(await page.evaluate(overflow), `${width}`).toBeLessThanOrEqual(0);
      }
      await page.keyboard.press('l');
      await page.getByRole('heading', { name: 'Faults', exact: true }).waitFor();
      const mixed = `[...document.querySelectorAll('main :is(h1, h2, li, dt, dd, button, label, p, small, option, .tag)')]
        .filter((each) => /\\p{Script=Han}/u.test(each.innerText + each.ariaLabel))
        .map((each) => each.innerText)`;
      expect(await page.evaluate(mixed)).toEqual([]);
    },
  );
});
