import { describe, expect, test } from 'vitest';
import { signature as chinese } from '../../emulator/console/text/zh/signature.ts';
import { hasChromium, useConsole } from './consolePage.ts';
import { pickNotification, spoil } from './scenes.ts';
import { seriousIssues } from './seriousIssues.ts';

describe.runIf(hasChromium)('the signature doctor', () => {
  const { tab, ask } = useConsole();

  test('a picked notification is genuine, and spoilt in each way it is found by name', async () => {
    const page = await tab();
    await pickNotification(page);
    expect(await page.locator('.known-keys .good').count()).toBe(1);
    for (const [cause, name] of Object.entries(chinese.causes)) {
      await spoil(page, name);
      expect(await page.locator('.finding strong').getAttribute('data-cause')).toBe(cause);
    }
    await page.getByRole('button', { name: '原样' }).click();
    await page.locator('.finding.good').waitFor();
  });

  test.each([
    ['伪造签名', 'forged'],
    ['篡改内容', 'content_changed'],
    ['换成别的商户', 'other_merchant'],
  ])('%s: the next payment’s notification is picked and found', async (button, cause) => {
    const page = await tab('#/signature');
    const switched = page.waitForResponse(
      (answer) => answer.url().endsWith('/_local/faults') && answer.request().method() === 'POST',
    );
    await page.getByRole('button', { name: button }).click();
    await switched;
    const { result } = await ask<{ result: { prepayId: string } }>('POST', 'call', {
      name: 'unifiedOrder',
      data: { outTradeNo: 'DOCTOR0001', body: '咖啡', totalFee: 1, openid: 'oLocalUser' },
      service: true,
    });
    await ask('POST', `cashier/${result.prepayId}`, { action: 'pay' });
    await ask('POST', 'clock', { advance: 'PT1S', timers: 'none' });
    await page
      .getByRole('button', { name: /^TRANSACTION/ })
      .first()
      .click();
    await page.locator(`[data-cause="${cause}"]`).waitFor();
  });

  test('one is pasted by keyboard alone, as curl has it, and the changed byte is shown', async () => {
    const page = await tab();
    await pickNotification(page);
    const headers = await page.getByLabel('请求头').inputValue();
    const body = await page.getByLabel('请求体').inputValue();
    const receivedAt = await page.getByLabel('到达时间').inputValue();
    const other = await tab();
    await other.getByRole('heading', { name: '手机与商店' }).waitFor();
    await other.keyboard.press('g');
    await other.keyboard.press('s');
    const curl = headers.split('\n').map((line) => `-H '${line}' \\`);
    await other.getByLabel('请求头').focus();
    await other.keyboard.insertText(curl.join('\n'));
    await other.keyboard.press('Tab');
    await other.keyboard.insertText(body.replace('"summary":"支付成功"', '"summary":"支付成工"'));
    await other.keyboard.press('Tab');
    await other.keyboard.insertText(receivedAt);
    await other.getByRole('button', { name: '诊断', exact: true }).focus();
    await other.keyboard.press('Enter');
    await other.locator('[data-cause="content_changed"]').waitFor();
    await other.getByLabel('请求体').fill(body.replace('TRANSACTION', 'TRANSACTIOM'));
    await other.getByRole('button', { name: '诊断', exact: true }).click();
    await other.locator('.code mark', { hasText: 'M' }).waitFor();
    await other.locator('.two-texts mark.good', { hasText: /^N\.SUCCESS/ }).waitFor();
  });

  test('markup in a notification is text', async () => {
    const page = await tab('#/signature');
    const attack = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
    await page.getByLabel('请求头').fill(`Wechatpay-Nonce: ${attack}`);
    await page.getByLabel('请求体').fill(attack);
    await page.getByRole('button', { name: '诊断', exact: true }).click();
    await page.locator('.code', { hasText: attack }).waitFor();
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).toContain('验签诊断');
  });

  test.each(['light', 'dark'] as const)(
    'nothing serious stands in anybody’s way, in either language, %s',
    async (colorScheme) => {
      const page = await tab();
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await pickNotification(page);
      await spoil(page, '公钥与 ID 不成对');
      await spoil(page, '内容被改');
      for (const width of [390, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await seriousIssues(page), `${width}`).toEqual([]);
        const overflow = 'document.documentElement.scrollWidth - innerWidth';
        expect(await page.evaluate(overflow), `${width}`).toBeLessThanOrEqual(0);
      }
      await page.keyboard.press('l');
      await page.getByRole('heading', { name: 'Signature doctor' }).waitFor();
      const mixed = `[...document.querySelectorAll('main :is(h1, h2, h3, dt, button, label, legend, summary, p, small, .tag)')]
        .filter((each) => /\\p{Script=Han}/u.test(each.innerText + each.ariaLabel))
        .map((each) => each.innerText)`;
      expect(await page.evaluate(mixed)).toEqual([]);
    },
  );
});
