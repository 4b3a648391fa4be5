import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { emptyLocalCloud } from '../tests/support/localCloud.ts';
import type { LocalCloud } from './main.ts';
import { USUAL_SWITCHES } from './runner/invocations/switches.ts';

const folder = mkdtempSync(join(tmpdir(), 'cloudpay-'));
const sdk = JSON.stringify(createRequire(import.meta.url).resolve('@cloudbase/node-sdk'));
const CLIENT = { kind: 'client', openid: 'oPayer', source: 'wx_client' } as const;

/**
 * A function that asks CloudPay and answers what it got; any caller’s request is passed on as it is.
 */
const asks = `
  const tcb = require(${sdk});
  exports.main = async (event) => {
    const app = tcb.init({ env: tcb.SYMBOL_CURRENT_ENV });
    const request = event.request ?? { sub_mch_id: '1900000109', nonce_str: 'n', out_trade_no: 'NOBODY0001' };
    const requestData = Buffer.from(JSON.stringify(request));
    try {
      const answer = await app.callWxPayApi({ apiName: event.apiName ?? 'queryOrder', requestData });
      return { errcode: 0, answer: JSON.parse(answer.toString()) };
    } catch ({ code, message }) {
      return { errcode: 0, code, message };
    }
  };`;
/** A callback that shows what it got, and acknowledges. */
const shows = `exports.main = async (event, context) => {
  const { TCB_SOURCE, WX_OPENID, WX_API_TOKEN } = JSON.parse(context.environment);
  console.log(JSON.stringify({ event, TCB_SOURCE, WX_OPENID, hasToken: WX_API_TOKEN !== undefined }));
  return { errcode: 0, errmsg: 'ok' };
};`;
const order = {
  sub_mch_id: '1900000109',
  nonce_str: 'n',
  body: '咖啡',
  total_fee: 1990,
  spbill_create_ip: '127.0.0.1',
  trade_type: 'JSAPI',
  out_trade_no: 'DELIVERY01',
  function_name: 'payCallback',
  env_id: 'local-env',
};

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await emptyLocalCloud();
  const spec = (name: string, source: string) => {
    const file = join(folder, `${name}.js`);
    writeFileSync(file, source);
    const limits = { timeoutMs: 10_000, memoryMb: 256 };
    const timers = [{ name: 'yearly', cron: '0 0 0 1 1 * *' }];
    return { name, file, ...limits, environment: {}, timers, routes: [] };
  };
  // One for each expectation: a warm instance still has its last caller's token in process.env.
  const names = ['shop', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth'];
  const asking = names.map((name) => spec(name, asks));
  const breaks = spec('breaks', "exports.main = async () => { throw new Error('broken'); };");
  const says = spec('says', 'exports.main = async () => ({ errcode: 5 });');
  cloud.runner.load([...asking, spec('payCallback', shows), breaks, says]);
});
afterAll(async () => {
  await cloud.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  // In turn: no notification of the case before is on its way.
  await cloud.world.agenda.runAlone(async () => cloud.wechat.reset());
  await control(USUAL_SWITCHES);
});

/** Places an order as a user's function does, pays it, and lets what fell due happen. */
async function pay(change: object = {}): Promise<void> {
  const request = { ...order, ...change };
  const event = { apiName: 'unifiedOrder', request };
  const { result } = await cloud.runner.invoke('shop', event, CLIENT);
  const { answer } = result as { answer: { prepay_id: string } };
  expect(answer).toMatchObject({ result_code: 'SUCCESS' });
  cloud.wechat.cashier(answer.prepay_id, 'pay', { openid: 'oPayer' });
  await cloud.world.agenda.runDue();
}
const control = async (body: object): Promise<unknown> => {
  const init = { method: 'PUT', body: JSON.stringify(body) };
  return (await fetch(`${cloud.url}/_local/platform`, init)).json();
};
const callsOf = (name: string) =>
  cloud.world.timeline
    .recent()
    .filter(({ what, subject }) => what === 'function.call' && subject === name)
    .map(({ detail }) => detail);

test('a payment through CloudPay calls the order’s function, with the payer as its caller', async () => {
  await pay();
  const [{ log = [] } = {}] = callsOf('payCallback').slice(-1) as { log?: string[] }[];
  expect(JSON.parse(log.at(-1) ?? '')).toMatchObject({
    TCB_SOURCE: 'wx_paycallback',
    WX_OPENID: 'oPayer',
    hasToken: false,
    event: {
      outTradeNo: 'DELIVERY01',
      totalFee: 1990,
      subOpenid: 'oPayer',
      userInfo: { appId: 'wx1234567890abcdef', openId: 'oPayer' },
    },
  });
  expect(cloud.wechat.truth('DELIVERY01')).toMatchObject({ notifications: [{ status: 200 }] });
});

test.each([
  ['the environment’s short name', { env_id: 'local' }],
  ['a function that is not there', { function_name: 'nowhere' }],
])('an order that names %s is paid, and its callback is unreachable', async (_what, change) => {
  await pay(change);
  expect(cloud.wechat.truth('DELIVERY01')).toMatchObject({
    trade_state: 'SUCCESS',
    notifications: [{ status: 'unreachable' }],
  });
});

test.each([
  ['breaks', 'error'],
  ['says', 5],
])('a function that %s has not acknowledged: %s', async (function_name, status) => {
  await pay({ function_name });
  expect(cloud.wechat.truth('DELIVERY01')).toMatchObject({ notifications: [{ status }] });
});

test('notices of callbacks are there to be replayed', async () => {
  await pay();
  const answer = await fetch(`${cloud.url}/_local/wechatpay/notifications`);
  expect(await answer.json()).toMatchObject([
    { functionName: 'payCallback', openid: 'oPayer', event: { outTradeNo: 'DELIVERY01' } },
  ]);
});

const missing = { code: 'INVALID_PARAM', message: expect.stringContaining('missing') };
const served = { answer: { err_code: 'ORDERNOTEXIST' } };

test('a timer has no token, unless it is one of WeChat DevTools', async () => {
  const fired = async (name: string) => (await cloud.runner.fireTimer(name))[0]?.result;
  expect(await fired('first')).toMatchObject(missing);
  for (const devtoolsTrigger of ['tcb', 'timer']) {
    const change = { devtoolsTimers: true, devtoolsTrigger };
    expect(await control(change)).toMatchObject({ ...USUAL_SWITCHES, ...change });
    expect(await fired('first')).toMatchObject(served);
  }
  expect(await control({ devtoolsTimers: false })).toMatchObject({ devtoolsTimers: false });
  expect(await fired('second')).toMatchObject(missing);
});

test('where both sets of timers fire, SCF’s comes first and is refused', async () => {
  await control({ devtoolsTimers: true, bothTimers: true });
  const outcomes = await cloud.runner.fireTimer('fourth');
  expect(outcomes.map(({ result }) => result)).toMatchObject([missing, served]);
});

test('WeChat’s server API gives a token, unless that is switched off', async () => {
  const source = { kind: 'other', source: 'wx_http' } as const;
  const called = async (name: string) => (await cloud.runner.invoke(name, {}, source)).result;
  expect(await called('fifth')).toMatchObject(served);
  await control({ serverApiTokens: false });
  expect(await called('sixth')).toMatchObject(missing);
});

test('a callback has no token, unless that is switched on', async () => {
  const source = { kind: 'other', source: 'wx_paycallback', openid: 'oPayer' } as const;
  const called = async () => (await cloud.runner.invoke('second', {}, source)).result;
  expect(await called()).toMatchObject(missing);
  await control({ callbackTokens: true });
  expect(await called()).toMatchObject(served);
});

test('a function that another one called has no token', async () => {
  const relayed = { kind: 'function', chain: 'wx_client,scf', openid: 'oPayer' } as const;
  expect((await cloud.runner.invoke('third', {}, relayed)).result).toMatchObject(missing);
});

test('a reset brings the switches back to how the cloud was started', async () => {
  await control({ devtoolsTimers: true, callbackTokens: true });
  await fetch(`${cloud.url}/_local/reset`, { method: 'POST' });
  expect(await control({})).toMatchObject(USUAL_SWITCHES);
});

test('switches can be on from the start', async () => {
  const other = await emptyLocalCloud({ LOCAL_DEVTOOLS_TIMERS: '1', LOCAL_CALLBACK_TOKENS: '1' });
  expect(other.runner.tokens.switches()).toEqual({
    ...USUAL_SWITCHES,
    devtoolsTimers: true,
    callbackTokens: true,
  });
  await other.close();
});
