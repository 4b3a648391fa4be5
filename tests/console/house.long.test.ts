import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { timeline } from '../../emulator/console/text/zh/timeline.ts';
import { startLocalCloud } from '../../emulator/main.ts';
import { dealtKeys } from '../support/dealtKeys.ts';
import { HANGS_MS, hasChromium, useConsole } from './consolePage.ts';
import { openForwarder } from './forwarder.ts';
import { buy, everyPrice } from './scenes.ts';
import { seriousIssues } from './seriousIssues.ts';

describe.runIf(hasChromium)('the house', () => {
  const { tab, ask, cloud, takeRefusals } = useConsole();
  const placeOne = (outTradeNo: string) =>
    ask('POST', 'call', {
      name: 'unifiedOrder',
      data: { outTradeNo, body: '咖啡', totalFee: 1, openid: 'oLocalUser' },
      service: true,
    });

  test('seven tabs load, and each sees what happens', async () => {
    const tabs = [];
    for (let count = 0; count < 7; count += 1) tabs.push(await tab());
    for (const page of tabs) await page.getByRole('button', { name: /^购买 拿铁/ }).waitFor();
    await placeOne('SEVENTABS1');
    for (const page of tabs) {
      await page.bringToFront();
      await page.locator('.order-card').getByText('SEVENTABS1').waitFor();
    }
  });

  test('what is focused, typed and selected survives everything that happens meanwhile', async () => {
    const page = await tab();
    await placeOne('FOCUS00001');
    const query = page.locator('.order-card').getByRole('button', { name: '查询' });
    await query.focus();
    const select = `getSelection().selectAllChildren(document.querySelector('.order-card code'))`;
    await page.evaluate(select);
    for (const round of [1, 2, 3]) {
      await ask('POST', 'clock', { advance: 'PT1S', timers: 'none' });
      await ask('POST', 'call', {
        name: 'queryOrder',
        data: { outTradeNo: 'FOCUS00001' },
        openid: 'oLocalUser',
      });
      await page
        .locator('.entry-what', { hasText: timeline.whats['clock.moved']! })
        .nth(round - 1)
        .waitFor();
    }
    expect(await page.evaluate('document.activeElement.textContent')).toBe('查询');
    expect(await page.evaluate('String(getSelection())')).toBe('FOCUS00001');
  });

  test('how far a deploy is stands on the page, and goes away with it', async () => {
    const page = await tab();
    cloud().deployProgress.begin();
    cloud().deployProgress.step({ done: 3, total: 9 });
    await page.getByText('正在部署 3/9').waitFor();
    cloud().deployProgress.end('done');
    await page.getByText('正在部署').waitFor({ state: 'detached' });
  });

  test('an emptied world is an empty page, at once', async () => {
    const page = await tab();
    await placeOne('EMPTIED001');
    await page.locator('.order-card').getByText('EMPTIED001').waitFor();
    // A question for a price is an event, too.
    await everyPrice(page);
    await ask('POST', 'reset');
    await page.getByText('还没有订单').waitFor();
    await page.getByText('还没有事件').waitFor();
  });

  test('every word is in one language, and the other one is a key away', async () => {
    const page = await tab();
    await placeOne('LANGUAGE01');
    await page.locator('.order-card').getByText('LANGUAGE01').waitFor();
    await page.keyboard.press('l');
    await page.getByRole('heading', { name: 'Phone and shop' }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('en');
    // What the merchant wrote stays as it is, and the switch names the other language in its own words.
    const mixed = `[...document.querySelectorAll('h1, h2, th, dt, button, label, p, nav span, .tag, summary')]
      .filter((each) => !each.closest('.goods, .recent, .phone-title, .sheet-body') && each.innerText !== '中文')
      .filter((each) => /\\p{Script=Han}/u.test(each.innerText + each.ariaLabel))
      .map((each) => each.innerText)`;
    expect(await page.evaluate(mixed)).toEqual([]);
    for (const hash of await everyPage()) {
      const other = await tab(hash);
      await isThere(other);
      expect(await other.evaluate(mixed), hash).toEqual([]);
      await other.close();
    }
  });

  test('keys: a list of them, a palette, pages, appearance', async () => {
    const page = await tab();
    await page.getByRole('button', { name: /^购买 拿铁/ }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: '键盘快捷键' }).waitFor();
    await page.keyboard.press('Escape');
    await placeOne('PALETTE001');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').waitFor();
    // Typed by keys and not filled in: whoever opens the palette types at once.
    await page.keyboard.type('palette001');
    await page.getByRole('option', { name: /PALETTE001.*咖啡/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/orders\/PALETTE001$/);
    await page.getByRole('heading', { name: '¥0.01' }).waitFor();
    await page.getByRole('button', { name: /^命令面板/ }).click();
    await page.getByRole('combobox').waitFor();
    await page.keyboard.type('分钟 30');
    await page.keyboard.press('Enter');
    await expect
      .poll(async () => Number((await ask('GET', 'clock')).offsetMs), { timeout: HANGS_MS })
      .toBeGreaterThan(1_700_000);
    await page.keyboard.press('Escape');
    for (const key of ['g', 'o']) await page.keyboard.press(key);
    await page
      .getByRole('heading', { name: '订单', exact: true })
      .and(page.locator(':focus'))
      .waitFor();
    await page.keyboard.press('t');
    await page.keyboard.press('t');
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
  });

  test('what failed is seen wherever the page is scrolled, moves nothing, and goes when it was read', async () => {
    const page = await tab('#/worlds');
    await page.setViewportSize({ width: 390, height: 500 });
    await ask('POST', 'snapshots', { name: 'taken' });
    await page.locator('[data-world=taken]').waitFor();
    await page.route('**/_local/snapshots', (route) =>
      route.request().method() === 'POST'
        ? route.fulfill({ status: 400, json: { error: { code: 'WRONG', message: '不行 (no)' } } })
        : route.continue(),
    );
    await page.getByRole('textbox', { name: '名称' }).first().focus();
    await page.keyboard.type('another');
    await page.keyboard.press('Tab');
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    const placeOf = `document.querySelector('#save-title').getBoundingClientRect().top`;
    const before = await page.evaluate(placeOf);
    expect(await page.evaluate('scrollY')).toBeGreaterThan(0);
    await page.keyboard.press('Enter');
    const notice = page.getByRole('alert').getByText('WRONG');
    await notice.waitFor();
    const top = (await notice.boundingBox())?.y ?? -1;
    expect(top).toBeGreaterThan(0);
    expect(top).toBeLessThan(500);
    expect(await page.evaluate(placeOf)).toBe(before);
    await page.getByRole('button', { name: '知道了' }).click();
    await notice.waitFor({ state: 'detached' });
    takeRefusals();
    // The page that is shown is in the navigation, though it has no room of its own there; `?` has a button.
    const shown = page.getByRole('navigation', { name: '导航' }).locator('[aria-current=page]');
    expect(await shown.first().innerText()).toBe('存档');
    expect((await shown.first().boundingBox())?.x).toBeLessThan(330);
    await page.getByRole('button', { name: '更多' }).click();
    await page.getByRole('button', { name: '键盘快捷键' }).click();
    await page.getByRole('dialog', { name: '键盘快捷键' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '更多' }).click();
    await page.locator('.more').getByRole('link', { name: '时间', exact: true }).click();
    await page.getByRole('heading', { name: '时间', exact: true }).waitFor();
    expect(await page.locator('.more .popover-panel').isVisible()).toBe(false);
  });

  test('a dialog that closes late closes no other one', async () => {
    const page = await tab();
    await page.getByRole('button', { name: /^购买 拿铁/ }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: '键盘快捷键' }).waitFor();
    // Both keys in one turn: the close event of the first dialog comes after the second one was opened.
    await page.evaluate(`(async () => {
      const help = document.querySelector('dialog[open]');
      const closed = new Promise((resolve) => help.addEventListener('close', resolve));
      help.close();
      dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true }));
      await closed;
    })()`);
    await page.getByRole('combobox').fill('分钟');
    expect(await page.getByRole('dialog').count()).toBe(1);
  });

  /** Every page, each with something on it. */
  const everyPage = async () => {
    const { result } = (await placeOne('EVERYPAGE1')) as { result: { prepayId: string } };
    await ask('POST', `cashier/${result.prepayId}`, { action: 'pay' });
    await ask('POST', 'clock', { advance: 'PT1S', timers: 'none' });
    return [
      '#/phone',
      '#/orders',
      '#/orders/EVERYPAGE1',
      '#/orders/NOBODY0001',
      '#/time',
      '#/faults',
      '#/worlds',
      '#/scenarios',
    ];
  };
  const isThere = (page: Awaited<ReturnType<typeof tab>>) =>
    page.locator('main h1, main .empty-title').first().waitFor();

  test.each(['light', 'dark'] as const)(
    'nothing serious stands in anybody’s way, %s',
    async (colorScheme) => {
      const page = await tab();
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await buy(page);
      for (const width of [390, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await seriousIssues(page), `the sheet, ${width}`).toEqual([]);
      }
      for (const hash of await everyPage()) {
        const other = await tab(hash);
        await other.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await isThere(other);
        expect(await seriousIssues(other), hash).toEqual([]);
        await other.close();
      }
    },
  );

  test('no page is wider than the screen, from 390 to 2560', async () => {
    const cut = `[...document.querySelectorAll('.figures')]
      .filter((each) => each.innerText.includes('¥') && each.scrollWidth > each.clientWidth && each.clientWidth > 0)
      .map((each) => each.innerText)`;
    // The longest texts without a gap, and the largest sum.
    const wide = {
      outTradeNo: 'W'.repeat(32),
      body: 'W'.repeat(127),
      attach: 'W'.repeat(127),
      totalFee: 2_147_483_647,
      openid: 'oLocalUser',
    };
    await ask('POST', 'call', { name: 'unifiedOrder', data: wide, service: true });
    const pages = [
      ...(await everyPage()),
      `#/orders/${wide.outTradeNo}`,
      `#/phone?order=${wide.outTradeNo}`,
    ];
    for (const hash of pages) {
      const page = await tab(hash);
      await isThere(page);
      if (hash === '#/orders') await page.getByText('¥21,474,836.47').waitFor();
      if (hash.includes('WWW')) await page.getByText(wide.body).first().waitFor();
      for (const width of [390, 768, 1024, 1280, 1920, 2560]) {
        await page.setViewportSize({ width, height: 900 });
        const overflow = 'document.documentElement.scrollWidth - innerWidth';
        expect(await page.evaluate(overflow), `${hash} ${width}`).toBeLessThanOrEqual(0);
        expect(await page.evaluate(cut), `money, ${hash} ${width}`).toEqual([]);
      }
      await page.close();
    }
  });

  test('a page of another place can neither read nor steer the local cloud', async () => {
    const { host } = new URL(cloud().url);
    const page = await tab();
    const rebound = await page.request.get(`${cloud().url}/`, {
      headers: { host: `evil.example:${host.split(':')[1]}` },
    });
    expect(rebound.status()).toBe(403);
    const own = await page.request.get(`${cloud().url}/`);
    const policy = own.headers()['content-security-policy'] ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain("frame-ancestors 'none'");
  });
});

describe.runIf(hasChromium)('a local cloud that stops', () => {
  const { tab } = useConsole();

  test('is noticed at once, and the page goes on by itself when it is there again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'console-'));
    const start = () =>
      startLocalCloud({ port: 0, file: join(folder, 'data.db'), env: {}, rsaKey: dealtKeys() });
    const forwarder = await openForwarder();
    const first = await start();
    forwarder.leadTo(first.url);
    const page = await (await tab()).context().newPage();
    await page.goto(forwarder.url);
    await page.getByRole('heading', { name: '手机与商店' }).waitFor();
    await page.getByText(timeline.whats['clock.moved']!).waitFor({ state: 'detached' });
    await first.close();
    forwarder.leadTo(undefined);
    await page.getByText('本地云没有应答').first().waitFor();
    // What cannot be read says so: neither is there nothing, nor is it still on its way.
    for (const hash of ['orders', 'functions', 'worlds', 'time', 'signature', 'api', 'timeline']) {
      await page.evaluate(`location.hash = '#/${hash}'`);
      await page.locator('main').getByText('没有读到').first().waitFor();
      expect(await page.getByText('正在读取').count(), hash).toBe(0);
    }
    expect(await page.getByText('全部 0').count()).toBe(0);
    const second = await start();
    forwarder.leadTo(second.url);
    await page.getByText('可能已停止').waitFor({ state: 'detached' });
    await page.getByText('没有读到').first().waitFor({ state: 'detached' });
    await page.close();
    await forwarder.close();
    await second.close();
    rmSync(folder, { recursive: true });
  });
});
