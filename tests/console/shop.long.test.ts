import { describe, expect, test } from 'vitest';
import { hasChromium, useConsole } from './consolePage.ts';
import { buy, everyPrice } from './scenes.ts';
import { seriousIssues } from './seriousIssues.ts';

describe.runIf(hasChromium)('the shop', () => {
  const { tab, ask, cloud } = useConsole();
  const put = (goods: Record<string, unknown>) => cloud().cloudbase.put('products', [goods]);

  test('prices are asked from the merchant, with progress; without one nothing is bought, and a refusal stands in its words', async () => {
    // Listed by the price book, refused by the merchant's function.
    put({ _id: 'secret', name: '暗号商品', price: 100 });
    const page = await tab('#/time');
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/_local/quote', async (route) => {
      await held;
      await route.continue();
    });
    await page.evaluate(`location.hash = '#/phone'`);
    await page.getByText('询价中').first().waitFor();
    const latte = page.getByRole('button', { name: /^购买 拿铁/ });
    expect(await latte.getAttribute('aria-disabled')).toBe('true');
    expect(await latte.getAttribute('title')).toBe('还没有价格，不能下单');
    answer();
    await page.getByText('¥19.90').waitFor();
    await page.getByText('该商品不存在或已下架').waitFor();
    await page.getByText('NOT_ON_SALE').waitFor();
    await page.getByText('¥268.00').waitFor();
    const secret = page.getByRole('button', { name: '购买 暗号商品' });
    expect(await secret.getAttribute('aria-disabled')).toBe('true');
    // On its way from shut to open a button would be white on white.
    const duration =
      'getComputedStyle(document.querySelector(".goods .button")).transitionDuration';
    expect(await page.evaluate(duration)).toBe('0s');
    expect(await seriousIssues(page)).toEqual([]);
  });

  /** The shop as the merchant's function answered a moment ago: everything cost this. */
  const shownAt = async (totalFee: number) => {
    const page = await tab('#/time');
    await page.route('**/_local/quote', (route) =>
      route.fulfill({ json: { kind: 'quoted', body: '商品', totalFee } }),
    );
    await page.evaluate(`location.hash = '#/phone'`);
    await everyPrice(page);
    await page.unroute('**/_local/quote');
    return page;
  };

  test('a price that changed between display and order is shown, and taken or left', async () => {
    const page = await shownAt(1800);
    await page.getByRole('button', { name: /^购买 拿铁/ }).click();
    await page.getByText('PRICE_CHANGED').first().waitFor();
    expect(await ask('GET', 'orders')).toMatchObject({ total: 0 });
    await page.getByRole('button', { name: '按新价格 ¥19.90 购买' }).click();
    await page.locator('.sheet-amount', { hasText: '¥19.90' }).waitFor();
  });

  test('what is refused at the order stands in the merchant’s words, and the shop asks again', async () => {
    put({ _id: 'secret', name: '暗号商品', price: 100 });
    const page = await shownAt(100);
    await page.getByRole('button', { name: '购买 暗号商品' }).click();
    await page.getByRole('heading', { name: '下单没有成功' }).waitFor();
    await page.getByText('该商品不存在或已下架').waitFor();
    await page.getByRole('button', { name: '返回商店' }).click();
    await page.locator('.goods-refused', { hasText: 'NOT_ON_SALE' }).waitFor();
    await page.getByText('¥19.90').waitFor();
    await buy(page);
  });
});
