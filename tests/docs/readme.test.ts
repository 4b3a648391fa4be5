import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { pageOf } from '../../infra/lint/pages/page.ts';
import { openLocalCloud } from '../support/localCloud.ts';

test.each(['README.md', 'README.en.md'])('the code in %s buys and pays', async (path) => {
  const cloud = await openLocalCloud({ WXPAY_PRICE_SOURCE: 'quote', LOCAL_DEMO_GOODS: '1' });
  onTestFinished(cloud.close);
  const ask = async <T>(method: string, route: string, body?: object): Promise<T> => {
    const answer = await fetch(`${cloud.url}/_local/${route}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return (await answer.json()) as T;
  };
  // The mini program's own interface, as far as the code uses it.
  const wx = {
    cloud: { callFunction: (call: object) => ask('POST', 'call', { ...call, openid: 'oReader' }) },
    requestPayment: (payment: { package: string }) =>
      ask('POST', `cashier/${payment.package.replace('prepay_id=', '')}`, { action: 'pay' }),
  };
  const page = pageOf({ path, text: readFileSync(path, 'utf8') });
  const [code, ...others] = page.blocks.filter(({ info }) => info === 'js');
  expect(others).toEqual([]);
  await new Function('wx', `return (async () => {${code?.text}})();`)(wx);
  await ask('POST', 'clock', { advance: 'PT10S', timers: 'none' });
  expect(await ask('GET', 'documents/orders')).toMatchObject([
    { state: 'paid', order: { openid: 'oReader', totalFee: expect.any(Number) } },
  ]);
});
