import { createRequire } from 'node:module';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Harness, startHarness } from '../../cloudbase/harness.ts';
import { createWeChatPay, type WeChatPay } from '../wechatpay.ts';

type Answer = Record<string, unknown>;
/** Its typings lack cloudPay. */
interface WxCloud {
  DYNAMIC_CURRENT_ENV: symbol;
  init(options: object): void;
  cloudPay: Record<string, (data: object) => Promise<Answer>>;
}
interface NodeSdk {
  SYMBOL_CURRENT_ENV: symbol;
  init(options: object): {
    callWxPayApi(call: { apiName: string; requestData: Buffer }): Promise<unknown>;
    callWxOpenApi(call: { apiName: string; requestData: object }): Promise<unknown>;
  };
}

const require = createRequire(import.meta.url);
const token = 'a-token-that-was-given';
let harness: Harness;
let wechat: WeChatPay;
let cloud: WxCloud;
let app: ReturnType<NodeSdk['init']>;

beforeAll(async () => {
  harness = await startHarness(':memory:', {
    cloudPay: {
      holder: (given) => (given === token ? { openid: 'oPayer' } : undefined),
      call: (call) => wechat.cloudPay(call),
    },
  });
  wechat = createWeChatPay(harness.world, {
    mchid: '1900000109',
    appid: 'wx0000000000000001',
    deliver: async () => 'unreachable',
    callFunction: async () => ({ result: { errcode: 0 } }),
  });
  Object.assign(process.env, harness.environment, { WX_CONTEXT_KEYS: 'WX_API_TOKEN' });
  cloud = require('wx-server-sdk') as WxCloud;
  cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV });
  const tcb = require('@cloudbase/node-sdk') as NodeSdk;
  app = tcb.init({ env: tcb.SYMBOL_CURRENT_ENV });
});
afterAll(() => harness.close());
beforeEach(() => {
  wechat.reset();
  harness.world.faults.set([]);
  process.env.WX_API_TOKEN = token;
});

/**
 * Calls a method of cloudPay as merchants' code does; anything can be called, whether it exists or
 * not.
 */
const ask = (name: string, data: object): Promise<Answer> =>
  (cloud.cloudPay[name] as (data: object) => Promise<Answer>)(data);
const failure = (call: Promise<unknown>): Promise<Answer> =>
  call.then(
    (answer) => Promise.reject(new Error(`not refused: ${JSON.stringify(answer)}`)),
    (error) => error as Answer,
  );
/** The same through node-sdk: snake_case there and back. */
const raw = async (apiName: string, data: object): Promise<Answer> => {
  const requestData = Buffer.from(JSON.stringify(data));
  const answer = await app.callWxPayApi({ apiName, requestData });
  return Buffer.isBuffer(answer) ? JSON.parse(answer.toString()) : (answer as Answer);
};

const merchant = { subMchId: '1900000109', nonceStr: 'n0nce' };
const named = { ...merchant, outTradeNo: 'SDK0000001' };
const order = {
  ...named,
  body: '咖啡',
  totalFee: 1990,
  spbillCreateIp: '127.0.0.1',
  tradeType: 'JSAPI',
  envId: 'local-env',
  functionName: 'payCallback',
};
const refund = { ...named, outRefundNo: 'SDKREFUND1', totalFee: 1990, refundFee: 990 };

/** Places and pays an order. */
async function paid(): Promise<void> {
  const { payment } = (await ask('unifiedOrder', order)) as { payment: { package: string } };
  wechat.cashier(payment.package.slice('prepay_id='.length), 'pay');
}

describe('unmodified wx-server-sdk', () => {
  test('unifiedOrder answers what wx.requestPayment takes', async () => {
    expect(await ask('unifiedOrder', order)).toEqual({
      returnCode: 'SUCCESS',
      returnMsg: 'OK',
      resultCode: 'SUCCESS',
      tradeType: 'JSAPI',
      appid: 'wxd2d16a504f24665e',
      mchId: '1800008281',
      subAppid: 'wx0000000000000001',
      subMchId: '1900000109',
      nonceStr: expect.any(String),
      sign: expect.any(String),
      prepayId: expect.any(String),
      payment: {
        appId: 'wx0000000000000001',
        timeStamp: expect.any(String),
        nonceStr: expect.any(String),
        package: expect.stringMatching(/^prepay_id=wx/),
        signType: 'MD5',
        paySign: expect.any(String),
      },
      errCode: 0,
      errMsg: 'cloudPay.unifiedOrder:ok',
    });
    expect(wechat.truth('SDK0000001')).toMatchObject({ payer: { openid: 'oPayer' } });
  });

  test('queryOrder and closeOrder', async () => {
    await ask('unifiedOrder', order);
    expect(await ask('queryOrder', named)).toMatchObject({ tradeState: 'NOTPAY' });
    harness.world.clock.jumpTo(harness.world.clock.nowMs() + 5 * 60_000);
    expect(await ask('closeOrder', named)).toMatchObject({ resultCode: 'SUCCESS' });
    expect(await ask('queryOrder', named)).toMatchObject({ tradeState: 'CLOSED' });
  });

  test('refund and queryRefund, whose lists come back empty', async () => {
    await paid();
    expect(await ask('refund', refund)).toMatchObject({ refundFee: 990, resultCode: 'SUCCESS' });
    const { outTradeNo: _, ...byRefund } = { ...named, outRefundNo: 'SDKREFUND1' };
    expect(await ask('queryRefund', byRefund)).toMatchObject({
      resultCode: 'SUCCESS',
      refundCount: 1,
      outRefundNoList: [],
      refundStatusList: [],
    });
  });

  test('downloadBill: text, bytes, and JSON where there is none', async () => {
    const { clock } = harness.world;
    const day = new Date(clock.nowMs() + 8 * 3_600_000).toISOString().slice(0, 10);
    const billRequest = { ...merchant, billDate: day.replaceAll('-', '') };
    await paid();
    clock.jumpTo(Date.parse(`${day}T10:00:00+08:00`) + 86_400_000);
    const { data } = await ask('downloadBill', billRequest);
    expect(data).toContain('`SDK0000001');
    const packed = await ask('downloadBill', { ...billRequest, tarType: 'GZIP' });
    expect(gunzipSync(packed.data as Buffer).toString()).toBe(data);
    expect(await ask('downloadBill', { ...billRequest, billDate: '20200101' })).toEqual({
      returnCode: 'FAIL',
      returnMsg: 'No Bill Exist',
      errorCode: '20002',
      errCode: 0,
      errMsg: 'cloudPay.downloadBill:ok',
    });
  });

  test('loses WeChat’s code, which node-sdk keeps', async () => {
    const snake = { sub_mch_id: '1900000109', nonce_str: 'n', out_trade_no: 'SDK0000001' };
    expect(await raw('queryOrder', snake)).toMatchObject({
      result_code: 'FAIL',
      err_code: 'ORDERNOTEXIST',
    });
    const answer = await ask('queryOrder', named);
    expect(answer).toMatchObject({
      resultCode: 'FAIL',
      errCode: 0,
      errMsg: 'cloudPay.queryOrder:ok',
    });
    expect(JSON.stringify(answer)).not.toContain('ORDERNOTEXIST');
    expect(answer).toHaveProperty('errCodeDes');
  });

  test('is refused by the platform: a string for an amount, a method that does not exist', async () => {
    const wrong = await failure(ask('unifiedOrder', { ...order, totalFee: '1990' }));
    expect(wrong).toMatchObject({ errCode: -501001 });
    expect(String(wrong.errMsg)).toContain('unifiedOrder:fail wx api error: -202');
    expect(await failure(ask('microPay', order))).toMatchObject({ errCode: -501007 });
  });

  test('a lost answer is a broken connection, and the order is there', async () => {
    harness.world.faults.set([{ at: 'wechatpay.jsapi', kind: 'lost_answer', times: 1 }]);
    await failure(ask('unifiedOrder', order));
    expect(wechat.truth('SDK0000001')).toMatchObject({ trade_state: 'NOTPAY' });
  });
});

describe('without a token that this cloud gave', () => {
  const snake = { sub_mch_id: '1900000109', nonce_str: 'n', out_trade_no: 'SDK0000001' };

  test.each([
    ['none', undefined, 'missing wxCloudApiToken'],
    ['a stranger’s', 'local-pay-token-of-somebody', 'invalid wxCloudApiToken'],
  ])('%s: CloudPay is refused', async (_which, given, message) => {
    if (given === undefined) delete process.env.WX_API_TOKEN;
    else process.env.WX_API_TOKEN = given;
    const answer = await failure(raw('queryOrder', snake));
    expect(answer).toMatchObject({
      code: 'INVALID_PARAM',
      message: expect.stringContaining(message),
    });
    expect(await failure(ask('queryOrder', named))).toMatchObject({ errCode: -501007 });
  });

  test('other cloud calls are refused by name, also with one', async () => {
    const call = app.callWxOpenApi({ apiName: '/wxa/msg_sec_check', requestData: {} });
    expect(await failure(call)).toMatchObject({ code: 'LOCAL_CLOUD_UNSUPPORTED' });
  });
});
