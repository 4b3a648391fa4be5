import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { describeContracts } from '../../emulator/control/contracts/contracts.ts';
import { HANGS_MS, hasChromium, useConsole } from './consolePage.ts';
import { seriousIssues } from './seriousIssues.ts';

describe.runIf(hasChromium)('the API page', () => {
  const { tab, ask } = useConsole({ WXPAY_PRICE_SOURCE: 'service' });
  const opened = async (name: string) => {
    const page = await tab(`#/api/${name}`);
    await page.locator('.api-function h2', { hasText: name }).waitFor();
    return page;
  };
  const place = (outTradeNo: string) =>
    ask('POST', 'call', {
      name: 'unifiedOrder',
      data: { outTradeNo, body: '咖啡', totalFee: 1, openid: 'oLocalUser' },
      service: true,
    });
  /** Tries what is open as somebody, and reads the code that it is answered. */
  const codeAs = async (page: Awaited<ReturnType<typeof tab>>, role: string) => {
    await page.getByRole('radio', { name: role }).check();
    const answered = page.waitForResponse(/_local\/call$/);
    await page.getByRole('button', { name: '调用', exact: true }).click();
    const { result } = (await (await answered).json()) as { result: { errCode: unknown } };
    await page
      .getByRole('region', { name: '结果' })
      .getByText(String(result.errCode))
      .first()
      .waitFor();
    return result.errCode;
  };

  test('every function is there, with every field, its meaning and its limits', async () => {
    const page = await opened('unifiedOrder');
    for (const { name, title, inputs, answer, refusals } of describeContracts()) {
      await page.getByRole('link', { name: `${name} ${title.zh}` }).click();
      await page.locator('.api-function h2', { hasText: name }).waitFor();
      const fields = [...inputs.flat(), ...answer];
      expect(await page.locator('.api-fields > li').count(), name).toBe(fields.length);
      expect(await page.locator('.api-refusals > li').count(), name).toBe(refusals.length);
      const shown = await page.locator('.api-function').innerText();
      for (const { name: field, meaning, limits } of fields) {
        expect(shown).toContain(field);
        expect(shown).toContain(meaning.zh);
        for (const limit of limits) expect(shown).toContain(limit.replace(/ \([^(]*\)$/, ''));
      }
    }
  });

  test('who may not, is refused: a stranger sees no order, a user refunds nothing', async () => {
    await place('APIPAGE001');
    const query = await opened('queryOrder');
    await query.getByLabel('参数（JSON）').fill('{"outTradeNo":"APIPAGE001"}');
    expect(await codeAs(query, '付款人')).toBe(0);
    expect(await codeAs(query, '管理员')).toBe(0);
    expect(await codeAs(query, '服务端（签名）')).toBe(0);
    expect(await codeAs(query, '陌生人')).toBe('ORDER_NOT_EXIST');
    const refund = await opened('refund');
    expect(await codeAs(refund, '付款人')).toBe('CALLER_REFUSED');
    expect(await codeAs(refund, '管理员')).toBe('ORDER_NOT_PAID');
  });

  test('the example of a new order places one, by the merchant’s server', async () => {
    const page = await opened('unifiedOrder');
    expect(await codeAs(page, '付款人')).toBe('PRICE_SOURCE_MISSING');
    expect(await codeAs(page, '服务端（签名）')).toBe(0);
    expect(await ask('GET', 'orders')).toMatchObject({ total: 1 });
  });

  test('what is copied runs in a shell as it was pasted', async () => {
    await place('APIPAGE002');
    const page = await opened('queryOrder');
    await page.getByLabel('参数（JSON）').fill('{"outTradeNo":"APIPAGE002"}');
    await page.getByRole('radio', { name: '管理员' }).check();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: '复制为 curl' }).click();
    await expect
      .poll(() => page.evaluate('navigator.clipboard.readText()'), { timeout: HANGS_MS })
      .not.toBe('');
    const command = String(await page.evaluate('navigator.clipboard.readText()'));
    expect(command).toMatch(/^curl -s 'http:\/\/127\.0\.0\.1:\d+\/_local\/call' -H /);
    const words = command.replace('curl', "printf '%s\\n'");
    const body = execFileSync('sh', ['-c', words], { encoding: 'utf8' }).split('\n').at(-2);
    expect(JSON.parse(body ?? '')).toEqual({
      name: 'queryOrder',
      data: { outTradeNo: 'APIPAGE002' },
      openid: 'oLocalAdmin',
    });
  });

  test('what is no JSON cannot be called with, and says so', async () => {
    const page = await opened('queryOrder');
    await page.getByLabel('参数（JSON）').fill('{');
    await page.getByText('不是 JSON').waitFor();
    const button = page.getByRole('button', { name: '调用', exact: true });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
  });

  test('by keyboard alone: to the page, another role, a call', async () => {
    const page = await tab();
    await page.getByRole('heading', { name: '手机与商店' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.getByRole('radio', { name: '付款人' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('radio', { name: '管理员' }).isChecked()).toBe(true);
    await page.getByRole('button', { name: '调用', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.api-trial .finding-head').waitFor();
  });

  test.each(['light', 'dark'] as const)(
    'nothing serious stands in anybody’s way, in either language, %s',
    async (colorScheme) => {
      const page = await opened('refund');
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await codeAs(page, '付款人');
      for (const width of [390, 1024, 1440, 1920]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await seriousIssues(page), `${width}`).toEqual([]);
        const overflow = 'document.documentElement.scrollWidth - innerWidth';
        expect(await page.evaluate(overflow), `${width}`).toBeLessThanOrEqual(0);
      }
      await page.keyboard.press('l');
      await page.getByRole('heading', { name: 'API', exact: true }).waitFor();
      const mixed = `[...document.querySelectorAll('main :is(h1, h2, h3, li, button, label, legend, p, .tag)')]
        .filter((each) => /\\p{Script=Han}/u.test(each.innerText + each.ariaLabel))
        .map((each) => each.innerText)`;
      expect(await page.evaluate(mixed)).toEqual([]);
    },
  );
});
