/** The code of README and of the page about the first sale, run as it stands there. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPayClient } from '../../client/index.ts';
import { localHost } from '../../client/local/index.ts';
import type { LocalOptions } from '../../client/local/types.ts';
import type { LocalCloud } from '../../emulator/main.ts';
import { pageOf } from '../../infra/lint/pages/page.ts';
import { openLocalCloud } from '../support/localCloud.ts';

let cloud: LocalCloud;
beforeAll(async () => {
  const env = { WXPAY_PRICE_SOURCE: 'quote', LOCAL_DEMO_GOODS: '1' };
  cloud = await openLocalCloud(env, { devtools: true });
});
afterAll(() => cloud.close());

async function ask<T>(method: string, route: string, body?: object): Promise<T> {
  const answer = await fetch(`${cloud.url}/_local/${route}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return (await answer.json()) as T;
}

type Row = { standing: string; totalFee: number };

async function ordersOf(openid: string): Promise<Row[]> {
  // The callback has arrived by then.
  await ask('POST', 'clock', { advance: 'PT10S', timers: 'none' });
  return (await ask<{ orders: Row[] }>('GET', `orders?openid=${openid}`)).orders;
}

/** Reads the one block of JavaScript that a page has. */
function codeOf(path: string): string {
  const { blocks } = pageOf({ path, text: readFileSync(path, 'utf8') });
  const [code, ...others] = blocks.filter(({ info }) => info === 'js');
  expect(others).toEqual([]);
  return code?.text ?? '';
}

test.each(['README.md', 'README.en.md'])('the code in %s buys and pays', async (path) => {
  const openid = `oReaderOf${path}`;
  // The mini program's own interface, as far as the code uses it.
  const wx = {
    cloud: { callFunction: (call: object) => ask('POST', 'call', { ...call, openid }) },
    requestPayment: (payment: { package: string }) =>
      ask('POST', `cashier/${payment.package.replace('prepay_id=', '')}`, { action: 'pay' }),
  };
  await new Function('wx', `return (async () => {${codeOf(path)}})();`)(wx);
  expect(await ordersOf(openid)).toMatchObject([{ standing: 'paid', totalFee: 3980 }]);
});

/** A page of a mini program, as far as the code of the first sale has it. */
interface ShopPage {
  data: { text: string };
  onLoad(): void;
  buy(): Promise<void>;
  setData?(data: object): void;
}

/** Loads the page's code as WeChat DevTools does; the payer chooses to pay. */
function loadPage(code: string, openid: string): ShopPage {
  const stored = new Map<string, unknown>();
  const storage = {
    getStorageSync: (key: string) => stored.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => void stored.set(key, value),
  };
  const ofDevTools = { openid, origin: cloud.url, request, showActionSheet };
  const given = {
    'scf-wechatpay-client/local': { localHost: () => localHost(ofDevTools) },
    'scf-wechatpay-client': {
      createPayClient: (host: object) => createPayClient({ ...host, storage }),
    },
  };
  let loaded: ShopPage | undefined;
  const register = (page: ShopPage) => {
    page.setData = (data) => Object.assign(page.data, data);
    page.onLoad();
    loaded = page;
  };
  new Function('require', 'Page', code)((name: keyof typeof given) => given[name], register);
  if (!loaded) throw new Error('the code makes no page');
  return loaded;
}

const showActionSheet = ({ success }: { success(chosen: { tapIndex: number }): void }) =>
  success({ tapIndex: 0 });

const request: NonNullable<LocalOptions['request']> = ({ url, header, data, success, fail }) => {
  const headers = { ...header, origin: 'https://servicewechat.com' };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(data) })
    .then(async (answer) => success({ statusCode: answer.status, data: await answer.json() }))
    .catch(fail);
};

// The check of pages holds that its English twin has the same code.
test('the page of the first sale pays: two taps are one order, the next one is another', async () => {
  const openid = 'oFirstSale';
  const page = loadPage(codeOf('docs/zh/sell.md'), openid);
  await Promise.all([page.buy(), page.buy()]);
  expect(page.data.text).toBe('支付成功');
  expect(await ordersOf(openid)).toMatchObject([{ standing: 'paid', totalFee: 1990 }]);
  await page.buy();
  expect(await ordersOf(openid)).toMatchObject([{ standing: 'paid' }, { standing: 'paid' }]);
});
