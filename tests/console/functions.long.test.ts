import { describe, expect, test } from 'vitest';
import { controlApi } from '../../emulator/control/api/controlApi.ts';
import { zipBundle } from '../../infra/build/zip.ts';
import { deployAll } from '../../infra/serverless-tencent/deploy/deployment.ts';
import { builtCode, projectDeployment } from '../support/deploy/projectDeployment.ts';
import { HANGS_MS, hasChromium, useConsole } from './consolePage.ts';
import { seriousIssues } from './seriousIssues.ts';

/** A function of the merchant's that prints what it should not, and markup. */
const CARELESS = `exports.main = async () => {
  console.log('<img src=x onerror="document.title = \\'ran\\'"> printed');
  for (const [key, value] of Object.entries(process.env)) console.log(key + ' is ' + value);
  return { env: process.env };
};`;

describe.runIf(hasChromium)('the page about functions', () => {
  const { tab, ask, cloud } = useConsole();
  type Tab = Awaited<ReturnType<typeof tab>>;
  const opened = async (name = '') => {
    const page = await tab(`#/functions/${name}`);
    await page.getByRole('heading', { name: '函数与诊断' }).waitFor();
    await page.getByRole('heading', { name: name === '' ? '日志' : name }).waitFor();
    return page;
  };
  const call = (name: string) =>
    ask('POST', 'call', { name, data: {}, openid: 'oLocalUser', source: 'wx_http' });
  const calls = async (name: string) => {
    const all = (await ask('GET', 'functions')) as unknown as { name: string; calls: number }[];
    return all.find((each) => each.name === name)?.calls;
  };
  const deploy = async (shell: Record<string, string>, code = new Map<string, string>()) => {
    const packed = [...code].map(([name, text]) => [name, zipBundle(Buffer.from(text))] as const);
    const all = new Map([...(await builtCode()), ...packed]);
    const deployment = await projectDeployment(cloud(), all, shell);
    await deployAll(deployment, { onStart: () => {}, onDone: () => {} });
  };
  /** The values that nobody may see, as the functions have them. */
  const secrets = () => {
    const environments = cloud()
      .runner.functions()
      .map(({ environment }) => environment);
    const keys = ['PRIVATE_KEY', 'API_V3_KEY', 'API_V2_KEY', 'SERVICE_KEY', 'EVENTS_KEY'];
    const values = environments.flatMap((each) => keys.map((key) => each[`WXPAY_${key}`] ?? ''));
    return [...new Set(values)].filter(Boolean);
  };
  const restart = (page: Tab) => page.getByRole('button', { name: '重启实例' });

  test('what is deployed is there: size, code, trigger, settings, instances warm and cold', async () => {
    const page = await opened('payCallback');
    const card = page.getByRole('region', { name: /^payCallback/ });
    const shown = await card.innerText();
    for (const text of ['支付结果通知', '/pay/notify', '10 s', '256 MB', 'Nodejs20.19']) {
      expect(shown).toContain(text);
    }
    expect(shown).toMatch(/\d+\.\d kB/);
    expect(shown).toContain('functions/payCallback/index.ts');
    expect(await card.locator('[data-setting=WXPAY_API_V3_KEY]').innerText()).toContain('不显示');
    expect(await card.locator('[data-setting=WXPAY_MCHID]').innerText()).toContain('1900000109');
    expect(await restart(page).getAttribute('aria-disabled')).toBe('true');
    await call('payCallback');
    await card.getByText(/pid \d+/).waitFor();
    await card.getByText(/^[\d.]+ ms$/).waitFor();
    expect(await calls('payCallback')).toBe(1);
    await restart(page).focus();
    await page.keyboard.press('Enter');
    await card.getByText('没有实例').waitFor();
    expect(
      cloud()
        .runner.instances()
        .filter(({ name }) => name === 'payCallback'),
    ).toEqual([]);
    await page.getByRole('link', { name: '调用它' }).click();
    await page.locator('.api-function h2', { hasText: 'payCallback' }).waitFor();
  });

  test('what is printed is there as it happens; a pause holds it; markup is text, secrets are ***', async () => {
    await deploy({}, new Map([['quoteOrder', CARELESS]]));
    const page = await opened();
    await call('quoteOrder');
    const logs = page.getByRole('list', { name: '日志' });
    await logs.getByText('onerror').waitFor();
    await logs.getByText('WXPAY_EVENTS_KEY is ***').waitFor();
    expect(await page.locator('main img').count()).toBe(0);
    expect(await page.title()).not.toBe('ran');
    await page.getByRole('button', { name: '暂停' }).click();
    await call('queryOrder');
    await page.getByText('已暂停 · 暂停后又有 1 次调用').waitFor();
    expect(await logs.getByText('queryOrder').count()).toBe(0);
    await page.getByRole('button', { name: '继续' }).click();
    await logs.getByText('queryOrder').waitFor();
    await page.getByRole('searchbox', { name: '文字筛选' }).fill('onerror');
    await logs.getByText('queryOrder').waitFor({ state: 'detached' });
    await page.getByRole('searchbox', { name: '文字筛选' }).fill('');
    await page.getByRole('combobox', { name: '函数' }).selectOption('queryOrder');
    await logs.getByText('onerror').waitFor({ state: 'detached' });
    // Nothing that the browser has holds a secret, nor anything that the control API answers.
    const html = String(await page.evaluate('document.documentElement.outerHTML'));
    const reads = Object.keys(controlApi).filter((name) => /^GET [^{]+$/.test(name));
    const answers = await Promise.all(
      reads.map((name) => ask('GET', name.slice('GET /_local/'.length))),
    );
    const outcome = await call('quoteOrder');
    const texts = [html, ...[...answers, outcome].map((each) => JSON.stringify(each))];
    expect(JSON.stringify(outcome)).toContain('"WXPAY_EVENTS_KEY":"***"');
    expect(secrets().length).toBeGreaterThanOrEqual(5);
    for (const secret of secrets()) {
      expect(texts.filter((text) => text.includes(secret))).toEqual([]);
    }
    await deploy({});
  });

  test('a wrong setting is malformed here, and the doctor says what to do', async () => {
    const { WXPAY_API_V3_KEY: right = '' } = cloud().deployEnvironment();
    await deploy({ WXPAY_ORDER_TTL: '30', WXPAY_API_V3_KEY: 'x'.repeat(31) });
    const page = await opened('unifiedOrder');
    await page.locator('[data-setting=WXPAY_ORDER_TTL]').getByText('格式有误').waitFor();
    await page.getByRole('button', { name: '运行诊断' }).click();
    const finding = page.locator('[data-check="merchant.settings.WXPAY_ORDER_TTL"]').first();
    await finding.getByText('改法').waitFor();
    expect(await finding.innerText()).toContain('PT30M');
    expect(await page.locator('.doctor-sum').innerText()).toMatch(/[1-9] 处错误/);
    const found = String(await page.locator('main').innerText());
    expect(found).not.toContain('x'.repeat(31));
    await deploy({ WXPAY_ORDER_TTL: 'PT30M', WXPAY_API_V3_KEY: right });
  });

  test('where nothing is deployed the page says how to deploy; keys lead to it', async () => {
    const page = await tab();
    await page.route('**/_local/functions', (asked) => asked.fulfill({ json: [] }));
    await page.getByRole('heading', { name: '手机与商店' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('f');
    await page.getByText('还没有部署函数').waitFor();
    await page.getByText('npx serverless deploy --stage local').waitFor();
  });

  test('a deploy is seen: how far it is, and why it failed', async () => {
    const page = await opened();
    cloud().deployProgress.begin();
    cloud().deployProgress.step({ done: 3, total: 9 });
    await page.getByRole('heading', { name: '正在部署 3/9' }).waitFor();
    cloud().deployProgress.end('failed', '\u001b[31mserverless.yml: <b>nothing</b>\u001b[39m');
    await page.getByText('serverless.yml: <b>nothing</b>').waitFor();
    cloud().deployProgress.begin();
    cloud().deployProgress.end('done');
    await page.getByText('<b>nothing</b>').waitFor({ state: 'detached' });
  });

  test('nothing serious stands in anybody’s way, in either language, light and dark, from 390 to 2560', async () => {
    const page = await opened('refund');
    await call('refund');
    await page.getByRole('list', { name: '日志' }).getByText('refund').first().waitFor();
    await page.getByRole('button', { name: '运行诊断' }).click();
    await page.getByRole('switch', { name: /^显示正常的/ }).click({ timeout: HANGS_MS });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const width of [390, 768, 1024, 1440, 2560]) {
        await page.setViewportSize({ width, height: 900 });
        const overflow = 'document.documentElement.scrollWidth - innerWidth';
        expect(await page.evaluate(overflow), `${width}`).toBeLessThanOrEqual(0);
      }
      for (const width of [390, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await seriousIssues(page), `${width} ${colorScheme}`).toEqual([]);
      }
    }
    await page.keyboard.press('l');
    await page.getByRole('heading', { name: 'Functions and doctor' }).waitFor();
    const mixed = `[...document.querySelectorAll('main :is(h1, h2, h3, li, button, label, p, dt, dd, .tag)')]
      .filter((each) => /\\p{Script=Han}/u.test(each.innerText + each.ariaLabel))
      .map((each) => each.innerText)`;
    expect(await page.evaluate(mixed)).toEqual([]);
  });
});
