import type { Page } from 'playwright-core';
import type { LocalCloud } from '../../emulator/main.ts';

/** Brings a page into the state that its picture shows. */
type Play = (page: Page, cloud: LocalCloud) => Promise<void>;

/** Buys the goods of this name, up to the open sheet. */
export async function buy(page: Page, name = '拿铁'): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^购买 ${name}`) }).click();
  await page.getByRole('dialog', { name: '微信支付' }).waitFor();
}

/** Waits until each of the demo goods has its price. */
export async function everyPrice(page: Page): Promise<void> {
  await page.locator('.goods-price.figures').nth(3).waitFor();
}

/** Confirms the sheet and types a password. */
export async function typePassword(page: Page, password = '123456'): Promise<void> {
  await page.getByRole('button', { name: '确认支付' }).click();
  await page.getByRole('group', { name: '请输入支付密码' }).waitFor();
  await page.keyboard.type(password);
}

/** Buys something and pays it, so that WeChat notifies of it, and goes to the signature doctor. */
export async function pickNotification(page: Page): Promise<void> {
  await buy(page);
  await typePassword(page);
  await page.getByText('已履约').waitFor();
  await page.evaluate(`location.hash = '#/signature'`);
  await page.getByRole('button', { name: /^TRANSACTION\.SUCCESS/ }).click();
  await page.locator('.finding.good').waitFor();
}

/** Has the notification diagnosed once it is spoilt in this way. */
export async function spoil(page: Page, how: string): Promise<void> {
  await page
    .getByRole('region', { name: '如果……' })
    .getByRole('button', { name: how, exact: true })
    .click();
  await page.locator('.finding strong', { hasText: how }).waitFor();
}

/** Each picture's name, and what happens before it is taken. */
export const PICTURES: Record<string, Play> = {
  'phone-shop': async (page) => {
    await page.getByText('拿铁').waitFor();
  },
  'phone-sheet': (page) => buy(page),
  'phone-pad': async (page) => {
    await buy(page);
    await typePassword(page, '12');
  },
  orders: async (page, cloud) => {
    await buy(page, '乌龙');
    await page.getByRole('button', { name: '付款后断网' }).click();
    await page.getByText('已履约').waitFor();
    await page.getByRole('button', { name: '返回商店' }).click();
    await buy(page);
    await page.goto(`${cloud.url}/#/orders`);
    await page.getByText('¥19.90').first().waitFor();
  },
  time: async (page, cloud) => {
    await buy(page);
    await page.getByRole('button', { name: '直接支付' }).click();
    await page.getByText('已履约').waitFor();
    await page.goto(`${cloud.url}/#/time`);
    await page.getByText('下次运行').first().waitFor();
  },
  worlds: async (page, cloud) => {
    for (const name of ['退款之前', 'callbacks-lost']) {
      await fetch(`${cloud.url}/_local/snapshots`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name }),
      });
    }
    await page.evaluate(`location.hash = '#/worlds'`);
    await page.locator('.world-line').nth(1).waitFor();
  },
  scenarios: async (page) => {
    await page.evaluate(`location.hash = '#/scenarios'`);
    const example = page.locator('[data-scenario=callback-lost]');
    await example.getByRole('button', { name: '播放' }).click();
    await page.getByText(/的 8 步都与录制时相同/).waitFor();
  },
  recording: async (page, cloud) => {
    await fetch(`${cloud.url}/_local/scenarios/退款/record`, { method: 'POST' });
    await buy(page);
    await page.getByRole('button', { name: '直接支付' }).click();
    await page.getByText('已履约').waitFor();
    await page.evaluate(`location.hash = '#/scenarios'`);
    await page.getByText(/正在录制「退款」/).waitFor();
  },
  timeline: async (page) => {
    await buy(page);
    await page.getByRole('button', { name: '直接支付' }).click();
    await page.getByText('已履约').waitFor();
    await page.evaluate(`location.hash = '#/timeline'`);
    await page.getByRole('option').filter({ hasText: '支付通知' }).click();
    await page.getByRole('region', { name: '发出', exact: true }).waitFor();
  },
  'timeline-empty': async (page) => {
    await page.evaluate(`location.hash = '#/timeline?text=none'`);
    await page.getByText('没有符合筛选的事件').waitFor();
  },
  faults: async (page, cloud) => {
    await page.goto(`${cloud.url}/#/faults?on=doubleEleven+wechatpay.query*slow*2000ms*3x`);
    await page.getByRole('heading', { name: '打开链接里的故障？' }).waitFor();
    await page.getByRole('switch', { name: '回调全丢' }).click();
    await page.locator('[data-preset=callbacksLost][data-on=true]').waitFor();
  },
  order: async (page, cloud) => {
    await buy(page);
    await page.getByRole('button', { name: '直接支付' }).click();
    await page.getByText('已履约').waitFor();
    const number = await page.locator('.order-card code').first().innerText();
    await page.goto(`${cloud.url}/#/orders/${number}`);
    await page.getByRole('textbox', { name: '退款金额' }).fill('5');
    await page.getByRole('button', { name: '退款', exact: true }).click();
    await page.getByRole('button', { name: '成功' }).click();
    await page.locator('[data-place=partly_refunded][aria-current=step]').waitFor();
  },
  'phone-paid': async (page) => {
    await buy(page, '乌龙');
    await page.getByRole('button', { name: '取消', exact: true }).first().click();
    await page.getByText('已取消支付').waitFor();
    await page.getByRole('button', { name: '返回商店' }).click();
    await buy(page);
    await typePassword(page);
    await page.getByText('支付成功').waitFor();
    await page.getByText('已履约').waitFor();
  },
  'signature-empty': async (page) => {
    await page.evaluate(`location.hash = '#/signature'`);
    await page.getByText('还没有通知').waitFor();
  },
  'signature-genuine': pickNotification,
  'signature-changed': async (page) => {
    await pickNotification(page);
    await spoil(page, '内容被改');
  },
  'signature-keys': async (page) => {
    await pickNotification(page);
    await spoil(page, '公钥与 ID 不成对');
  },
  'api-order': async (page) => {
    await page.evaluate(`location.hash = '#/api'`);
    await page.waitForFunction(
      `document.querySelector('.api-trial textarea')?.value.includes('productId')`,
    );
    await page.getByRole('button', { name: '调用', exact: true }).click();
    await page.locator('.api-trial .tag', { hasText: '成功' }).waitFor();
  },
  functions: async (page) => {
    await buy(page);
    await page.getByRole('button', { name: '直接支付' }).click();
    await page.getByText('已履约').waitFor();
    await page.evaluate(`location.hash = '#/functions/payCallback'`);
    await page.getByRole('button', { name: '运行诊断' }).click();
    await page.getByRole('button', { name: '重新诊断' }).waitFor();
  },
  'functions-all': async (page) => {
    await page.evaluate(`location.hash = '#/functions'`);
    await page.getByText('还没有诊断').waitFor();
  },
  'api-refund': async (page) => {
    await page.evaluate(`location.hash = '#/api/refund'`);
    await page.getByRole('heading', { name: /申请退款/ }).waitFor();
  },
};
