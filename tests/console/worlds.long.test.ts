import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { hasChromium, useConsole } from './consolePage.ts';
import { buy } from './scenes.ts';
import { seriousIssues } from './seriousIssues.ts';

describe.runIf(hasChromium)('the page of saved worlds', () => {
  const { tab, ask, takeRefusals } = useConsole();
  const folder = mkdtempSync(join(tmpdir(), 'worlds-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const place = (outTradeNo: string) =>
    ask<{ result: { prepayId: string } }>('POST', 'call', {
      name: 'unifiedOrder',
      data: { outTradeNo, body: '咖啡', totalFee: 100, openid: 'oLocalUser' },
      service: true,
    });
  const press = (page: Tab, name: string) => page.getByRole('button', { name }).click();
  type Tab = Awaited<ReturnType<typeof tab>>;
  const savedNames = async () =>
    ((await ask('GET', 'snapshots')) as unknown as { name: string }[]).map(({ name }) => name);
  beforeEach(async () => {
    if (!hasChromium) return;
    for (const name of await savedNames()) await ask('DELETE', `snapshots/${name}`);
  });
  const numbers = async () => {
    const { orders } = await ask<{ orders: { outTradeNo: string }[] }>('GET', 'orders');
    return orders.map(({ outTradeNo }) => outTradeNo);
  };

  test('a world is saved, and loaded once what it replaces is agreed to; none is there before', async () => {
    const page = await tab('#/worlds');
    await page.getByText('还没有存档').waitFor();
    expect(await seriousIssues(page)).toEqual([]);
    await place('BEFORE0001');
    await page.getByLabel('名称').fill('../x');
    expect(
      await page.getByRole('button', { name: '保存', exact: true }).getAttribute('aria-disabled'),
    ).toBe('true');
    await page.getByLabel('名称').fill('退款之前');
    await page.getByRole('button', { name: '保存', exact: true }).click();
    const line = page.locator('[data-world=退款之前]');
    await line.getByText(/^1 笔订单，时钟在 20/).waitFor();
    await place('AFTER00001');
    await line.getByRole('button', { name: '载入', exact: true }).click();
    await line.getByText('未保存的就没有了').waitFor();
    expect(await numbers()).toEqual(['AFTER00001', 'BEFORE0001']);
    await press(page, '不了');
    await line.getByRole('button', { name: '载入', exact: true }).click();
    await press(page, '确定载入');
    await line.getByRole('button', { name: '载入', exact: true }).waitFor();
    expect(await numbers()).toEqual(['BEFORE0001']);
    expect(await seriousIssues(page)).toEqual([]);
    // The same name again: what is there is replaced once that was agreed to.
    await place('AFTER00002');
    await page.getByLabel('名称').fill('退款之前');
    await page.getByRole('button', { name: '替换', exact: true }).click();
    await page.getByText('已有「退款之前」').waitFor();
    await line.getByText(/^1 笔订单/).waitFor();
    await press(page, '确定替换');
    await line.getByText(/^2 笔订单/).waitFor();
    expect(await savedNames()).toEqual(['退款之前']);
  });

  test('a file is exported, deleted and imported; one that is no world is refused in one language, and not kept', async () => {
    await place('CARRIED001');
    await ask('POST', 'snapshots', { name: 'carried' });
    const page = await tab('#/worlds');
    const line = page.locator('[data-world=carried]');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      line.getByRole('link', { name: '导出' }).click(),
    ]);
    const file = join(folder, download.suggestedFilename());
    await download.saveAs(file);
    await line.getByRole('button', { name: '删除', exact: true }).click();
    await press(page, '确定删除');
    await page.getByText('还没有存档').waitFor();
    await ask('POST', 'reset');
    await ask('POST', 'snapshots', { name: 'carried' });
    await line.getByText(/^0 笔订单/).waitFor();
    await page.getByLabel('世界文件').setInputFiles(file);
    await page.getByText('carried.world.gz').waitFor();
    await page.getByRole('button', { name: '替换', exact: true }).click();
    await press(page, '确定替换');
    await line.getByText(/^1 笔订单/).waitFor();
    const broken = join(folder, 'broken.world.gz');
    writeFileSync(broken, '<img src=x onerror="document.title = 1">');
    await page.getByLabel('世界文件').setInputFiles(broken);
    await press(page, '导入');
    const alert = page.getByRole('alert');
    await alert.getByText('世界文件已损坏').waitFor();
    expect(await alert.innerText()).not.toContain('nothing was changed');
    expect(takeRefusals()).toBe(1);
    expect(await savedNames()).toEqual(['carried']);
  });

  test('what is bought in the shop is recorded on every page, played with another number, and carried as a file', async () => {
    const page = await tab('#/scenarios');
    await page.locator('[data-scenario=buy-pay-refund]').waitFor();
    expect(await seriousIssues(page)).toEqual([]);
    await page.getByLabel('名称').fill('买咖啡');
    await press(page, '开始录制');
    await page.getByText('正在录制「买咖啡」：0 步').waitFor();
    await page.evaluate(`location.hash = '#/phone'`);
    await buy(page);
    await page.getByRole('button', { name: '直接支付' }).click();
    await page.getByText('已履约').waitFor();
    await page.getByText(/正在录制「买咖啡」：[1-9]/).waitFor();
    expect(await seriousIssues(page)).toEqual([]);
    await press(page, '停止并保存');
    await page.getByText(/正在录制/).waitFor({ state: 'detached' });
    const [first] = await numbers();
    await page.evaluate(`location.hash = '#/scenarios'`);
    const line = page.locator('[data-scenario=买咖啡]');
    await line.getByRole('button', { name: '播放' }).click();
    await page.getByText(/^「买咖啡」的 \d+ 步都与录制时相同$/).waitFor();
    const [second, ...others] = await numbers();
    expect([others, second === first]).toEqual([[first], false]);
    expect(await seriousIssues(page)).toEqual([]);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      line.getByRole('link', { name: '导出' }).click(),
    ]);
    const file = join(folder, download.suggestedFilename());
    await download.saveAs(file);
    await line.getByRole('button', { name: '删除', exact: true }).click();
    await press(page, '确定删除');
    await line.waitFor({ state: 'detached' });
    // As somebody may hand it over: the payer cancels where the recording paid.
    const text = readFileSync(file, 'utf8').replace('"action": "pay"', '"action": "cancel"');
    writeFileSync(file, text);
    await page.getByLabel('场景文件').setInputFiles(file);
    await press(page, '导入');
    await line.getByRole('button', { name: '播放' }).click();
    await page.getByText(/^「买咖啡」停在第 \d+ 步/).waitFor();
    await page.getByText('requestPayment:fail cancel').first().waitFor();
    await line.getByRole('button', { name: '删除', exact: true }).click();
    await press(page, '确定删除');
    await line.waitFor({ state: 'detached' });
  });
});
