import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { asTest } from '../../emulator/console/pages/timeline/copies/asTest.ts';
import { lookAt } from '../../emulator/console/pages/timeline/copies/repeatable.ts';
import { storyOf } from '../../emulator/console/pages/timeline/copies/story.ts';
import { noRows, withEntries } from '../../emulator/console/pages/timeline/rows.ts';
import type { AnswerOf } from '../../emulator/control/api/controlApi.ts';
import type { LocalCloud } from '../../emulator/main.ts';
import { openLocalCloud } from '../support/localCloud.ts';

type Entries = AnswerOf<'GET /_local/events'>;

const run = promisify(execFile);
const { fetch } = globalThis;
const QUERIES_LOST = { at: 'wechatpay.query', kind: 'lost_answer' };
const SLOW = { at: 'cloudbase.getDocument', kind: 'slow', delayMs: 1 };

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await openLocalCloud();
  // As the console's page does it, which is at the cloud's own address.
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => fetch(new URL(url, cloud.url), init));
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await cloud.close();
});

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers = { accept: 'application/json' };
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`${cloud.url}/_local/${path}`, { method, headers, ...init });
  return (await answer.json()) as T;
}

async function place(outTradeNo: string): Promise<string> {
  const data = { outTradeNo, body: '咖啡', totalFee: 2, openid: 'oLocalUser' };
  type Called = { result: { prepayId: string } };
  const { result } = await ask<Called>('POST', 'call', { name: 'unifiedOrder', data });
  return result.prepayId;
}

/** Does to orders, and to the world meanwhile, all that the control API offers. */
async function play(): Promise<void> {
  // Used up by another order, and one that the page's clicks left on.
  await ask('PUT', 'faults', [{ ...QUERIES_LOST, times: 1 }]);
  await place('EARLIER001');
  await ask('POST', 'call', { name: 'queryOrder', data: { outTradeNo: 'EARLIER001' } });
  await ask('POST', 'faults', { on: [SLOW] });
  await ask('POST', 'faults', { on: [{ at: 'wechatpay.notify', kind: 'duplicate', times: 1 }] });
  const prepayId = await place('PASTED0001');
  await ask('POST', 'quote', { request: { productId: 'latte' } });
  await ask('POST', `cashier/${prepayId}`, { action: 'pay' });
  await ask('POST', 'clock', { advance: 'PT1S', timers: 'none' });
  await ask('POST', 'wechatpay/orders/PASTED0001/notifications');
  await ask('POST', 'wechatpay/orders/PASTED0001', { to: 'CLOSED' });
  const refund = { outTradeNo: 'PASTED0001', refundFee: 1 };
  await ask('POST', 'call', { name: 'refund', data: refund, service: true });
  await ask('POST', 'clock', { advance: 'PT1M', timers: 'none' });
  await ask('POST', 'console/refunds', refund);
  await ask('POST', 'clock', { advance: 'PT1M', timers: 'none' });
  await place('TIMER00001');
  await ask('POST', 'wechatpay/orders/TIMER00001', { to: 'SUCCESS', callback: 'none' });
  await ask('POST', 'timers/closeStaleOrders');
  await ask('POST', 'functions/queryOrder/restart');
  await ask('POST', 'clock', { advance: 'PT10M' });
  await ask('POST', 'doctor');
  await ask('PUT', 'platform', {});
  await ask('POST', 'snapshots', { name: 'pasted' });
}

test('of each kind of entry, what is copied as a test runs as pasted, and leaves the faults as they were', async () => {
  await play();
  const all = await ask<Entries>('GET', 'events?limit=10000');
  const rows = withEntries(noRows(), all);
  // The last of each kind, and how the timer found a payment that no callback told of.
  const chosen = new Map(all.map((entry) => [entry.what, entry]));
  const ofTimer = await ask<Entries>('GET', 'events?order=TIMER00001');
  const found = /^(?:timer.fired|wechatpay.query|function.call)$/;
  for (const entry of ofTimer) if (found.test(entry.what)) chosen.set(`timer ${entry.what}`, entry);
  const folder = await mkdtemp(join(process.cwd(), '.local-pasted-'));
  const texts: string[] = [];
  try {
    for (const [name, entry] of chosen) {
      const { orders } = await lookAt('masked')(entry.id);
      const order = name.startsWith('timer ') ? 'TIMER00001' : orders[0];
      const story = await storyOf({ entry, order, rows, origin: cloud.url }, lookAt('revealed'));
      if (story) texts.push(asTest(story));
      // The clock ran by itself: nobody moved it.
      if (story && name === 'timer wechatpay.query') {
        const acts = story.acts.filter((act) => act.entry.what !== 'console.clock');
        texts.push(asTest({ ...story, acts, laterMs: 600_000 }));
      }
    }
    expect(texts.length).toBeGreaterThan(20);
    expect(texts.join()).not.toMatch(/PASTED0001|TIMER00001|EARLIER001/);
    for (const [count, text] of texts.entries())
      await writeFile(join(folder, `${count}.test.ts`), text);
    await writeFile(join(folder, 'vitest.config.mjs'), 'export default {};');
    const args = ['vitest', 'run', '--root', folder, '--no-file-parallelism'];
    const { stdout } = await run('npx', args, { env: { ...process.env, CI: '1' } }).catch(
      (error) => error,
    );
    expect(stdout).toContain(`${texts.length} passed`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  expect(await ask('GET', 'faults')).toMatchObject([
    { ...QUERIES_LOST, times: 0 },
    SLOW,
    { times: 0 },
  ]);
});
