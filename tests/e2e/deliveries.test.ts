import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { LocalCloud } from '../../emulator/main.ts';
import { beijingDay } from '../../shared/domain/beijing.ts';
import { openLocalCloud } from '../support/localCloud.ts';

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await openLocalCloud({ WXPAY_PRICE_SOURCE: 'client' });
}, 60_000);
afterAll(() => cloud.close());
beforeEach(() => post('/_local/reset', {}));

type Answer = Record<string, unknown>;

async function post(path: string, body: object): Promise<Answer> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  return (await (await fetch(`${cloud.url}${path}`, init)).json()) as Answer;
}
const call = async (name: string, data: object, as: object = { openid: 'oPayer0001' }) =>
  (await post('/_local/call', { name, data, ...as })).result as Answer;

/** Places an order and pays it. */
async function pay(outTradeNo: string): Promise<void> {
  const placed = await call('unifiedOrder', { outTradeNo, body: '拿铁', totalFee: 1990 });
  const { package: prepay } = placed.payment as { package: string };
  await post(`/_local/cashier/${prepay.replace('prepay_id=', '')}`, { action: 'pay' });
}
/** Loses the delivery that the next callback starts: only what the test runs delivers. */
const loseStart = () =>
  cloud.world.faults.set([{ at: 'cloudbase.invokeFunction', kind: 'lost_request', times: 1 }]);
const purchases = () => cloud.cloudbase.documents('purchases') as Answer[];
const document = (outTradeNo: string) =>
  (cloud.cloudbase.documents('orders') as Answer[]).find(({ _id }) => _id === outTradeNo);

test('a paid order is fulfilled without any timer, once; nothing stays due, and the control API says so', async () => {
  await pay('COFFEE0001');
  // As the payer's phone does: a start that a busy machine lost is made good.
  const asked = async () => {
    await call('queryOrder', { outTradeNo: 'COFFEE0001' });
    return purchases();
  };
  await expect.poll(asked, { timeout: 20_000 }).toMatchObject([{ _id: 'COFFEE0001' }]);
  await expect.poll(() => document('COFFEE0001')?.deliveryAt, { timeout: 20_000 }).toBeUndefined();
  await cloud.runner.fireTimer('deliverEvents');
  expect(purchases()).toHaveLength(1);
  const shown = await (await fetch(`${cloud.url}/_local/orders?limit=1`)).json();
  expect(shown).toMatchObject({ orders: [{ outTradeNo: 'COFFEE0001', delivery: 'fulfilled' }] });
});

test('whose delivery was not started is fulfilled by the timer', async () => {
  loseStart();
  await pay('COFFEE0002');
  await expect.poll(() => document('COFFEE0002')?.state, { timeout: 20_000 }).toBe('paid');
  await cloud.runner.fireTimer('deliverEvents');
  expect(purchases()).toMatchObject([{ _id: 'COFFEE0002' }]);
});

test('a user starts no delivery', async () => {
  const phone = await call('deliverEvents', { outTradeNo: 'COFFEE0001' });
  expect(phone).toMatchObject({ errCode: 'CALLER_REFUSED' });
});

test('the merchant’s server delivers an order and a day again', async () => {
  loseStart();
  await pay('COFFEE0003');
  await expect.poll(() => document('COFFEE0003')?.state, { timeout: 20_000 }).toBe('paid');
  await cloud.runner.fireTimer('deliverEvents');
  expect(document('COFFEE0003')?.deliveryAt).toBeUndefined();
  const again = await call('deliverEvents', { outTradeNo: 'COFFEE0003' }, { service: true });
  expect(again).toMatchObject({ errCode: 0, counts: { asked_again: 1, accepted: 1 } });
  const day = beijingDay(new Date());
  const ofDay = await call('deliverEvents', { day }, { service: true });
  expect(ofDay).toMatchObject({ errCode: 0, counts: { asked_again: 1 }, more: false });
  const [outcome] = await cloud.runner.fireTimer('deliverEvents');
  expect(outcome?.result).toMatchObject({ counts: { accepted: 1 } });
  expect(purchases()).toHaveLength(1);
});
