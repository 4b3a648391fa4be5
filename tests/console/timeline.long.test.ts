import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { hasChromium, useConsole } from './consolePage.ts';

const run = promisify(execFile);

interface Order {
  outTradeNo: string;
  standing: string;
}

interface Entry {
  id: number;
  what: string;
  subject?: string;
}

describe.runIf(hasChromium)('the timeline', () => {
  const { tab, ask, cloud } = useConsole();

  /** Places an order and pays it; answers the entries of the order once WeChat's notification is through. */
  const pay = async (outTradeNo: string) => {
    const data = { outTradeNo, body: '咖啡', totalFee: 1, openid: 'oLocalUser' };
    const placed = { name: 'unifiedOrder', data, service: true };
    const { result } = await ask<{ result: { prepayId: string } }>('POST', 'call', placed);
    await ask('POST', `cashier/${result.prepayId}`, { action: 'pay' });
    await ask('POST', 'clock', { advance: 'PT1S', timers: 'none' });
    return ask<Entry[]>('GET', `events?order=${outTradeNo}`);
  };
  const idOf = (entries: Entry[], what: string, subject?: string) =>
    entries.find(
      (each) => each.what === what && (subject === undefined || each.subject === subject),
    )?.id ?? 0;
  /** Counts what a filter lets through once the events of the orders are delivered: nothing more happens then. */
  const quietCount = async (query: string) => {
    await expect
      .poll(async () => {
        const { orders } = await ask<{ orders: { delivery: string }[] }>('GET', 'orders');
        return orders.every(({ delivery }) => delivery === 'delivered' || delivery === 'fulfilled');
      })
      .toBe(true);
    return (await ask<Entry[]>('GET', `events?${query}`)).length;
  };
  /** The list says how long it is, whatever is in sight of it. */
  const countOf = async (page: Page) =>
    Number(
      (await page.getByRole('status').filter({ hasText: '条' }).textContent())?.replace(/\D/g, ''),
    );
  const line = (page: Page, id: number) => page.locator(`#entry-${id}`);
  const detail = (page: Page) => page.getByRole('complementary', { name: '事件详情' });
  const reveal = async (page: Page) => {
    const how = detail(page).getByRole('switch', { name: '显示脱敏的内容' });
    if ((await how.getAttribute('aria-checked')) !== 'true') await how.click();
  };
  const copied = async (page: Page, name: string) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await detail(page).getByRole('button', { name, exact: true }).click();
    await detail(page).getByRole('button', { name: '已复制' }).waitFor();
    return page.evaluate<string>('navigator.clipboard.readText()');
  };

  test('what happens stands in the lane of whoever acts, and leads to its cause', async () => {
    await ask('POST', 'reset');
    const page = await tab('#/timeline');
    await page.getByText('还没有事件').waitFor();
    const entries = await pay('LANES00001');
    const notify = idOf(entries, 'wechatpay.notify');
    await line(page, notify).click();
    await detail(page).getByRole('heading', { name: '支付通知' }).waitFor();
    await detail(page)
      .getByRole('button', { name: /付款人操作/ })
      .click();
    await detail(page).getByRole('heading', { name: '付款人操作' }).waitFor();
    await detail(page)
      .getByRole('button', { name: /收银台 LANES00001/ })
      .waitFor();
    expect(await page.evaluate('location.hash')).toContain(
      `entry=${idOf(entries, 'phone.cashier')}`,
    );
  });

  test('a filter is an address: an order, an actor, a kind, words', async () => {
    await pay('FILTER0001');
    const entries = await pay('FILTER0002');
    const page = await tab('#/orders/FILTER0002');
    await page.getByRole('main').getByRole('link', { name: '时间线' }).click();
    expect(await page.evaluate('location.hash')).toBe('#/timeline?order=FILTER0002');
    await line(page, idOf(entries, 'function.call', 'payCallback')).waitFor();
    await expect.poll(() => countOf(page)).toBe(await quietCount('order=FILTER0002'));
    await page.getByRole('button', { name: '微信支付' }).click();
    await expect
      .poll(() => page.locator('.row-name').allTextContents())
      .toEqual(['下单', '收银台', '支付通知']);
    await page.getByLabel('类型').selectOption('notification');
    await expect.poll(() => page.locator('.row-name').allTextContents()).toEqual(['支付通知']);
    expect(await page.evaluate('location.hash')).toBe(
      '#/timeline?actor=wechat&kind=notification&order=FILTER0002',
    );
    // What a filter hides is known all the same: the cause, and with it how to do it again.
    await page.locator('.lane-source').waitFor();
    await line(page, idOf(entries, 'wechatpay.notify')).click();
    await detail(page)
      .getByRole('button', { name: '复制为 vitest 测试', disabled: false })
      .waitFor();
    await detail(page)
      .getByRole('button', { name: /付款人操作/ })
      .click();
    await detail(page).getByRole('heading', { name: '付款人操作' }).waitFor();
    await page.getByLabel('查找文字').fill('no such words');
    await page.getByText('没有符合筛选的事件').waitFor();
    await page
      .getByRole('region', { name: '时间线' })
      .getByRole('button', { name: '清除筛选' })
      .click();
    await line(page, idOf(entries, 'wechatpay.notify')).waitFor();
    await detail(page).getByRole('button', { name: '关闭' }).click();
    await detail(page).waitFor({ state: 'detached' });
    await page.getByLabel('查找文字').fill('filter0001');
    const found = await quietCount('text=filter0001');
    await expect.poll(() => countOf(page)).toBe(found);
    expect(await page.evaluate('location.hash')).toBe('#/timeline?text=filter0001');
    await page.reload();
    await expect.poll(() => countOf(page)).toBe(found);
    expect(await page.getByLabel('查找文字').inputValue()).toBe('filter0001');
  });

  test('headers, bytes and log are masked until somebody wants to see them', async () => {
    const entries = await pay('MASKING001');
    const page = await tab(`#/timeline?entry=${idOf(entries, 'wechatpay.jsapi')}`);
    const sent = detail(page).getByRole('region', { name: '发出', exact: true });
    await sent.getByText('"openid":"oLo***"').waitFor();
    await sent.getByText(/signature="\*\*\*"/).waitFor();
    await detail(page).getByRole('button', { name: '复制为 curl' }).click();
    await page.getByText('其中有脱敏的内容，这样复制无法运行').waitFor();
    await reveal(page);
    await sent.getByText('"openid":"oLocalUser"').waitFor();
    await page.goto(
      `${cloud().url}/#/timeline?entry=${idOf(entries, 'function.call', 'unifiedOrder')}`,
    );
    await detail(page)
      .getByRole('region', { name: '日志', exact: true })
      .getByText('MASKING001')
      .waitFor();
  });

  test('what is copied as curl runs as pasted: an act, a call to WeChat, a notification', async () => {
    const entries = await pay('CURLED0001');
    const page = await tab('#/timeline');
    const pasted = async (id: number, status: string) => {
      await page.evaluate(`location.hash = '#/timeline?entry=${id}'`);
      await detail(page).locator(`code:text-is("${status}")`).first().waitFor();
      await reveal(page);
      const command = await copied(page, '复制为 curl');
      const { stdout } = await run('sh', ['-c', `${command.trimEnd()} -w '\\n%{http_code}\\n'`]);
      return stdout.trimEnd();
    };
    const data = { outTradeNo: 'CURLED0001', body: '咖啡', totalFee: 1, openid: 'oLocalUser' };
    const again = { name: 'unifiedOrder', data, service: true };
    const { result } = await ask<{ result: { errCode: unknown } }>('POST', 'call', again);
    const answer = await pasted(idOf(entries, 'server.call'), 'server.call');
    expect(answer).toContain(`"errCode":${JSON.stringify(result.errCode)}`);
    expect(answer).toMatch(/\n200$/);
    const wechat = idOf(entries, 'wechatpay.jsapi');
    expect(await pasted(wechat, 'wechatpay.jsapi')).toMatch(/"ORDERPAID"[\s\S]*\n400$/);
    expect(await pasted(idOf(entries, 'wechatpay.notify'), 'wechatpay.notify')).toMatch(/20[04]$/);
  });

  test.each([['wechatpay.notify', undefined, 'paid']])(
    'what is copied of %s as a test runs as pasted, with orders of its own',
    async (what, subject, wanted) => {
      await ask('PUT', 'faults', [{ at: 'wechatpay.notify', kind: 'duplicate', times: 1 }]);
      const entries = await pay('TESTED0001');
      const page = await tab(`#/timeline?entry=${idOf(entries, what, subject)}`);
      await reveal(page);
      const text = await copied(page, '复制为 vitest 测试');
      expect(text).not.toContain('TESTED0001');
      const folder = await mkdtemp(join(process.cwd(), '.local-pasted-'));
      try {
        await writeFile(join(folder, 'pasted.test.ts'), text);
        await writeFile(join(folder, 'vitest.config.mjs'), 'export default {};');
        const args = ['vitest', 'run', '--root', folder];
        const { stdout } = await run('npx', args, { env: { ...process.env, CI: '1' } });
        expect(stdout).toMatch(/1 passed/);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
      // The one that is new, and what the story brought it to; WeChat's notification may be on its way.
      const standing = async () => {
        const { orders } = await ask<{ orders: Order[] }>('GET', 'orders');
        const fresh = orders.filter(({ outTradeNo }) => outTradeNo !== 'TESTED0001');
        return fresh.map((each) => each.standing);
      };
      await expect.poll(standing).toEqual([wanted]);
    },
  );

  test('keys go from line to line, to the cause, and back out', async () => {
    const entries = await pay('KEYS000001');
    const page = await tab();
    await page.getByRole('button', { name: /^购买 拿铁/ }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    const list = page.getByRole('listbox');
    await line(page, idOf(entries, 'wechatpay.notify')).waitFor();
    await list.focus();
    const current = async () => String(await list.getAttribute('aria-activedescendant'));
    await page.keyboard.press('Home');
    await expect.poll(current).toMatch(/^entry-/);
    const first = await current();
    await page.keyboard.press('ArrowDown');
    await expect.poll(current).not.toBe(first);
    await line(page, idOf(entries, 'wechatpay.notify')).click();
    await detail(page).getByRole('heading', { name: '支付通知' }).waitFor();
    await list.focus();
    await page.keyboard.press('ArrowLeft');
    await detail(page).getByRole('heading', { name: '付款人操作' }).waitFor();
    await page.keyboard.press('Escape');
    await detail(page).waitFor({ state: 'detached' });
  });

  test('of many lines those in sight are on the page; older ones come when they are looked for', async () => {
    for (let count = 0; count < 5000; count += 1)
      cloud().world.timeline.add({ what: 'cloudbase.modifyDocument', subject: `orders/M${count}` });
    const page = await tab('#/timeline');
    await page.locator('.row-subject', { hasText: 'orders/M4999' }).waitFor();
    expect(await page.getByRole('option').count()).toBeLessThan(100);
    const toTop = `document.querySelector('.waterfall-rows').scrollTop = 0`;
    const top = page.locator('.row-subject', { hasText: /^orders\/M0$/ });
    while ((await top.count()) === 0) {
      await page.evaluate(toTop);
      await page.evaluate('new Promise(requestAnimationFrame)');
    }
    expect(await page.getByRole('option').count()).toBeLessThan(100);
  });

  test('an emptied world is an empty timeline, and what comes then is there', async () => {
    await pay('BEFORE0001');
    const page = await tab('#/timeline');
    await page.locator('.row-subject', { hasText: 'BEFORE0001' }).first().waitFor();
    await ask('POST', 'reset');
    await page.getByText('还没有事件').waitFor();
    await pay('AFTER00001');
    await page.locator('.row-subject', { hasText: 'AFTER00001' }).first().waitFor();
  });

  test('markup in what others wrote is text, and runs nowhere', async () => {
    const body = '<img src=x onerror="document.title=1">';
    const data = {
      outTradeNo: 'MARKUP0001',
      body,
      attach: body,
      totalFee: 1,
      openid: 'oLocalUser',
    };
    await ask('POST', 'call', { name: 'unifiedOrder', data, service: true });
    const [act] = await ask<Entry[]>('GET', 'events?order=MARKUP0001');
    const page = await tab(`#/timeline?entry=${act?.id}&text=${encodeURIComponent('<b>')}`);
    await detail(page).getByText('onerror').first().waitFor();
    expect(await page.locator('#root img').count()).toBe(0);
    expect(await page.title()).toContain('时间线');
  });

  test.each([
    ['light', 390],
    ['dark', 390],
    ['light', 1280],
    ['dark', 1280],
    ['light', 1920],
    ['dark', 1920],
  ] as const)(
    'no serious barrier in %s at %i px, and nothing sticks out',
    async (colorScheme, width) => {
      const entries = await pay('BARRIER001');
      const page = await tab();
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await page.goto(
        `${cloud().url}/#/timeline?order=BARRIER001&entry=${idOf(entries, 'wechatpay.notify')}`,
      );
      await detail(page).getByRole('region', { name: '发出', exact: true }).waitFor();
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
      const serious = violations.filter(
        ({ impact }) => impact === 'serious' || impact === 'critical',
      );
      expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      // On a phone there is no room for how long it took.
      expect(await page.locator('.bar-track').first().isVisible()).toBe(width > 390);
    },
  );
});
