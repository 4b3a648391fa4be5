import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { LocalCloud } from '../../emulator/main.ts';
import { functionNames } from '../../infra/build/build.ts';
import { openLocalCloud } from '../support/localCloud.ts';
import { script } from '../support/script.ts';

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await openLocalCloud();
});
afterAll(() => cloud.close());
beforeEach(() => fetch(`${cloud.url}/_local/reset`, { method: 'POST' }));

test('the example of a signed order places one', async () => {
  const { code, out } = await script(cloud, '--import', 'tsx', 'examples/signedOrder.ts');
  expect(code).toBe(0);
  expect(JSON.parse(out.slice(out.indexOf('{')))).toMatchObject({ errCode: 0, totalFee: 1990 });
});

test('an unmodified tencentcloud-sdk-nodejs lists and invokes what was deployed', async () => {
  const { code, out, err } = await script(cloud, 'tests/conformance/tencentcloud.cjs');
  expect([code, code === 0 ? '' : err]).toEqual([0, '']);
  const seen = JSON.parse(out.trim().split('\n').at(-1) ?? '{}');
  expect(seen.functions.sort()).toEqual(
    functionNames.map((name) => [name, 'Nodejs20.19', 'Active']).sort(),
  );
  expect(seen.environment).toEqual([['local-env', 'NORMAL']]);
  expect(seen.placed).toMatchObject({ errCode: 0, outTradeNo: 'SDK0000001' });
  expect(seen.asked).toMatchObject({ errCode: 0, tradeState: 'NOTPAY', totalFee: 1990 });
  expect(seen.missing).toBe('ResourceNotFound.Function');
});

// The last one: it moves the clock.
test('unmodified SDKs, redirected by environment variables alone, do what they do in the cloud', async () => {
  const { code, out, err } = await script(cloud, 'tests/conformance/sdks.cjs');
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  const { nodeSdk, wxServerSdk, cloudPay } = JSON.parse(out.trim().split('\n').at(-1) ?? '{}');
  expect(nodeSdk).toMatchObject({
    updated: 1,
    missed: 0,
    transaction: 2,
    rolledBack: { why: 'rolled back' },
    document: { _id: 'N1', n: 12, nested: { c: 3 } },
    count: 1,
    duplicate: { code: 'DATABASE_DUPLICATE_WRITE' },
    unknownCollection: { code: 'DATABASE_COLLECTION_NOT_EXIST' },
    strangersKey: { code: 'SIGN_PARAM_INVALID' },
    wrongKey: { code: 'SIGN_PARAM_INVALID' },
    // As the user whose token `exec` hands out.
    functionCall: { errCode: 'ORDER_NOT_EXIST' },
    unknownFunction: { code: 'FUNCTION_NOT_FOUND' },
  });
  expect(nodeSdk.document.nested).toEqual({ c: 3 });
  expect(wxServerSdk).toMatchObject({
    updated: 1,
    transaction: 5,
    document: { _id: 'W1', n: 5 },
    // wx-server-sdk 4.0.2 loses the word and keeps it in the message.
    duplicate: { errCode: -501001, message: expect.stringContaining('DuplicateWrite') },
    unknownCollection: { errCode: -502005 },
    // As the user whose token `exec` hands out.
    functionCall: { errCode: 'ORDER_NOT_EXIST' },
  });
  expect(cloudPay).toMatchObject({
    placed: { resultCode: 'SUCCESS', payment: { signType: 'MD5' }, errCode: 0 },
    tooEarly: { resultCode: 'FAIL', errCodeDes: expect.stringContaining('5分钟') },
    paid: { tradeState: 'SUCCESS', totalFee: 1990, subOpenid: 'oLocalUser' },
    refund: { resultCode: 'SUCCESS', refundFee: 990 },
    queryRefund: { refundCount: 1, refundStatusList: [] },
    noBill: { returnCode: 'FAIL', returnMsg: 'No Bill Exist', errCode: 0 },
    bill: true,
    // What wx-server-sdk overwrites with 0, node-sdk keeps.
    errCode: 'ORDERPAID',
    stringFee: { errCode: -501001 },
    stranger: { code: 'INVALID_PARAM' },
  });
});
