/** The merchant's server calls over CloudBase's HTTP API: a key alone is no caller, a signature is. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalCloud } from '../../emulator/main.ts';
import { signServiceCall } from '../../shared/contract/serviceCall.ts';
import { openLocalCloud } from '../support/localCloud.ts';

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await openLocalCloud();
});
afterAll(() => cloud.close());

async function post(name: string, event: object): Promise<Record<string, unknown>> {
  const answer = await fetch(`${cloud.url}/v1/functions/${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${cloud.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(event),
  });
  return (await answer.json()) as Record<string, unknown>;
}

const signed = (name: string, data: object) => {
  const {
    WXPAY_SERVICE_KEY: key = '',
    TCB_ENV: envId = '',
    WXPAY_APPID: appid = '',
  } = cloud.environment();
  return signServiceCall({ name, envId, appid }, data, key, cloud.world.clock.nowMs());
};

test.each(['none', 'web_client', 'scf'] as const)(
  'whichever source the platform gives (%s), what is signed is done and nothing else',
  async (httpApiSource) => {
    cloud.runner.tokens.switches({ httpApiSource });
    const order = { outTradeNo: `API_${httpApiSource}`, body: '咖啡', totalFee: 1990 };
    const event = { ...order, openid: 'oPayer0001' };
    expect(await post('unifiedOrder', event)).toMatchObject({ errCode: 'CALLER_REFUSED' });
    expect(await post('unifiedOrder', signed('queryOrder', event))).toMatchObject({
      errCode: 'SERVICE_SIGNATURE',
    });
    const placed = await post('unifiedOrder', signed('unifiedOrder', event));
    expect(placed).toMatchObject({ errCode: 0, outTradeNo: order.outTradeNo });
    const { outTradeNo } = order;
    expect(await post('queryOrder', signed('queryOrder', { outTradeNo }))).toMatchObject({
      tradeState: 'NOTPAY',
    });
  },
);

test('whoever has the key can neither be a timer nor WeChat Pay', async () => {
  expect(await post('closeStaleOrders', { Type: 'Timer' })).toMatchObject({
    errCode: 'CALLER_REFUSED',
  });
  const paid = { returnCode: 'SUCCESS', resultCode: 'SUCCESS', outTradeNo: 'API_none' };
  expect(await post('payCallback', paid)).not.toMatchObject({ errcode: 0 });
  const asked = signed('queryOrder', { outTradeNo: 'API_none' });
  expect(await post('queryOrder', asked)).toMatchObject({ errCode: 0, state: 'paying' });
});

test('the key stands nowhere in what the local cloud records', async () => {
  const entries = JSON.stringify(cloud.world.timeline.recent());
  expect(entries).toContain('unifiedOrder');
  expect(entries).not.toContain(cloud.apiKey);
});
