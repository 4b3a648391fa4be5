import { expect, test } from 'vitest';
import { goodCloudOrder, named, openCloudPay } from '../../../tests/support/cloudPay.ts';
import { goodOrder, refusalIn } from '../../../tests/support/wechat.ts';
import { providerOpenid } from '../orders/openid.ts';

const hex32 = expect.stringMatching(/^[0-9A-F]{32}$/);
/** Every answer begins with the provider's numbers, then the merchant's. */
const head = {
  return_code: 'SUCCESS',
  return_msg: 'OK',
  appid: 'wxd2d16a504f24665e',
  mch_id: '1800008281',
  sub_appid: 'wx0000000000000001',
  sub_mch_id: '1900000109',
  nonce_str: expect.any(String),
  sign: hex32,
};
const fail = (err_code: string) => ({
  ...head,
  result_code: 'FAIL',
  err_code,
  err_code_des: expect.any(String),
});

test('an order is placed, and answered as the real one was in a public log', async () => {
  const { pay, wechat } = openCloudPay();
  expect(await pay('unifiedOrder', goodCloudOrder)).toEqual({
    ...head,
    result_code: 'SUCCESS',
    trade_type: 'JSAPI',
    prepay_id: expect.stringMatching(/^wx[0-9a-f]{34}$/),
    payment: {
      appId: 'wx0000000000000001',
      timeStamp: expect.stringMatching(/^\d{10}$/),
      nonceStr: expect.any(String),
      package: expect.stringMatching(/^prepay_id=wx[0-9a-f]{34}$/),
      signType: 'MD5',
      paySign: hex32,
    },
  });
  expect(wechat.truth('CLOUD00001')).toMatchObject({
    mchid: '1900000109',
    trade_state: 'NOTPAY',
    amount: { total: 1990 },
    payer: { openid: 'oPayer' },
    cloudPay: { functionName: 'payCallback', envId: 'env-1' },
  });
});

// A field that is absent or misspelt is no business of WeChat's: return_code FAIL.
test.each<[string, object]>([
  ['sub_mch_id is empty', { sub_mch_id: undefined }],
  ['function_name is empty', { function_name: undefined }],
  ['env_id is empty', { env_id: undefined }],
  ['body is empty', { body: undefined }],
  ['body参数', { body: '长'.repeat(129) }],
  ['out_trade_no is empty', { out_trade_no: null }],
  ['out_trade_no参数', { out_trade_no: 'short' }],
  ['out_trade_no参数', { out_trade_no: 'x'.repeat(33) }],
  ['out_trade_no参数', { out_trade_no: 'with space' }],
  ['total_fee is empty', { total_fee: undefined }],
  ['total_fee参数', { total_fee: 0 }],
  ['total_fee参数', { total_fee: 19.9 }],
  ['spbill_create_ip is empty', { spbill_create_ip: undefined }],
  ['trade_type参数', { trade_type: 'NATIVE' }],
  ['attach参数', { attach: 'x'.repeat(128) }],
  ['fee_type参数', { fee_type: 'USD' }],
  ['time_expire参数', { time_expire: '2026-11-24 10:30:00' }],
  ['time_expire参数', { time_expire: '20261324103000' }],
])('%s: %o', async (message, change) => {
  const { pay, wechat } = openCloudPay();
  const answer = await pay('unifiedOrder', { ...goodCloudOrder, ...change });
  expect(answer).toEqual({ return_code: 'FAIL', return_msg: expect.stringContaining(message) });
  expect(wechat.orders()).toEqual([]);
});

test.each([
  ['body', 42, '长'],
  ['body', 128, 'x'],
  ['attach', 127, 'x'],
  ['out_trade_no', 32, '@'],
])('%s of %d characters is taken', async (name, length, character) => {
  const { pay } = openCloudPay();
  const change = { [name]: character.repeat(length) };
  const answer = await pay('unifiedOrder', { ...goodCloudOrder, ...change });
  expect(answer).toMatchObject({ result_code: 'SUCCESS' });
});

test.each<[string, unknown, object]>([
  ['an amount that is a string', { ...goodCloudOrder, total_fee: '1990' }, { code: 'SYS_ERR' }],
  ['what is no JSON', '{', { code: 'INVALID_PARAM' }],
  ['what is no object', '[]', { code: 'INVALID_PARAM' }],
])('%s is refused by the platform, and never gets to WeChat', async (_what, request, platform) => {
  const { pay, wechat } = openCloudPay();
  expect(await pay('unifiedOrder', request)).toMatchObject({ platform });
  expect(wechat.orders()).toEqual([]);
});

test('an amount that is a string is refused with the number that merchants post', async () => {
  const { pay } = openCloudPay();
  expect(await pay('unifiedOrder', { ...goodCloudOrder, total_fee: '1' })).toEqual({
    platform: { code: 'SYS_ERR', message: 'unifiedOrder:fail wx api error: -202' },
  });
});

test.each(['microPay', 'reverse', 'toString', ''])('there is no method %j', async (apiName) => {
  const { pay } = openCloudPay();
  expect(await pay(apiName, named)).toMatchObject({ platform: { code: 'INVALID_PARAM' } });
});

test.each<[string, object]>([
  ['MCHID_NOT_EXIST', { sub_mch_id: '1900000001' }],
  ['APPID_MCHID_NOT_MATCH', { sub_appid: 'wxanother' }],
])('%s: %o', async (code, change) => {
  const { pay, wechat } = openCloudPay();
  const answer = await pay('unifiedOrder', { ...goodCloudOrder, ...change });
  expect(answer).toMatchObject({ result_code: 'FAIL', err_code: code });
  expect(wechat.orders()).toEqual([]);
});

test.each<[string, object, string | undefined, string | undefined]>([
  ['the one who called', {}, 'oCaller', 'oCaller'],
  ['the one who is named', { openid: 'oNamed' }, 'oCaller', 'oNamed'],
  ['the one of the mini program', { openid: 'oNamed', sub_openid: 'oSub' }, 'oCaller', 'oSub'],
])('the payer is %s', async (_who, change, caller, payer) => {
  const { pay, wechat } = openCloudPay();
  await pay('unifiedOrder', { ...goodCloudOrder, ...change }, caller);
  expect(wechat.truth('CLOUD00001')).toMatchObject({ payer: { openid: payer } });
});

test('an order that a timer places without a payer is refused', async () => {
  const { wechat } = openCloudPay();
  const requestData = JSON.stringify(goodCloudOrder);
  const answer = await wechat.cloudPay({ apiName: 'unifiedOrder', requestData });
  expect(JSON.parse(String(answer.kind === 'answered' && answer.bytes))).toEqual({
    return_code: 'FAIL',
    return_msg: 'JSAPI支付必须传openid',
  });
});

test('the same order again, with another nonce, is the same order under a new prepay id', async () => {
  const { order, wechat } = openCloudPay();
  const first = await order();
  const second = await order({ nonce_str: 'another' });
  expect(second).not.toBe(first);
  expect(wechat.orders()).toHaveLength(1);
  expect(wechat.truth('CLOUD00001')).toMatchObject({ prepayCount: 2 });
});

test.each([{ body: '茶' }, { total_fee: 1 }, { attach: 'x' }, { openid: 'oSomebodyElse' }])(
  'the same number with %o is OUT_TRADE_NO_USED',
  async (change) => {
    const { order, pay, wechat } = openCloudPay();
    await order();
    const answer = await pay('unifiedOrder', { ...goodCloudOrder, ...change });
    expect(answer).toEqual(fail('OUT_TRADE_NO_USED'));
    expect(wechat.truth('CLOUD00001')).toMatchObject({ amount: { total: 1990 } });
  },
);

test('query and close answer by the order’s state', async () => {
  const world = openCloudPay();
  const { pay, order, advance } = world;
  expect(await pay('queryOrder', named)).toEqual(fail('ORDERNOTEXIST'));
  expect(await pay('closeOrder', named)).toEqual(fail('ORDERNOTEXIST'));
  await order({ attach: '桌号 7' });
  expect(await pay('queryOrder', named)).toEqual({
    ...head,
    result_code: 'SUCCESS',
    trade_state: 'NOTPAY',
    trade_state_desc: '订单未支付',
    out_trade_no: 'CLOUD00001',
    attach: '桌号 7',
  });
  await advance(299);
  expect(await pay('closeOrder', named)).toEqual(fail('INVALID_REQUEST'));
  await advance(1);
  expect(await pay('closeOrder', named)).toEqual({ ...head, result_code: 'SUCCESS' });
  expect(await pay('closeOrder', named)).toEqual(fail('ORDERCLOSED'));
  expect(await pay('queryOrder', named)).toMatchObject({ trade_state: 'CLOSED' });
  const again = await pay('unifiedOrder', { ...goodCloudOrder, attach: '桌号 7' });
  expect(again).toEqual(fail('ORDERCLOSED'));
});

test('a paid order is found by both numbers, and neither closed nor placed again', async () => {
  const { pay, paid, advance } = openCloudPay();
  const transactionId = await paid({ attach: '桌号 7' });
  const paidAnswer = await pay('queryOrder', named);
  expect(paidAnswer).toEqual({
    ...head,
    result_code: 'SUCCESS',
    trade_state: 'SUCCESS',
    trade_state_desc: '支付成功',
    out_trade_no: 'CLOUD00001',
    attach: '桌号 7',
    openid: expect.stringMatching(/^o.{27}$/),
    is_subscribe: 'N',
    sub_openid: 'oPayer',
    trade_type: 'JSAPI',
    bank_type: 'OTHERS',
    fee_type: 'CNY',
    cash_fee_type: 'CNY',
    total_fee: 1990,
    settlement_total_fee: 1990,
    cash_fee: 1990,
    coupon_id_list: [],
    coupon_type_list: [],
    coupon_fee_list: [],
    transaction_id: transactionId,
    time_end: '20261124100000',
  });
  const byId = { ...named, out_trade_no: undefined, transaction_id: transactionId };
  expect(await pay('queryOrder', byId)).toMatchObject({ trade_state: 'SUCCESS' });
  await advance(300);
  expect(await pay('closeOrder', named)).toEqual(fail('ORDERPAID'));
  const again = await pay('unifiedOrder', { ...goodCloudOrder, attach: '桌号 7' });
  expect(again).toEqual(fail('ORDERPAID'));
});

test('a query that names no order is refused', async () => {
  const { pay } = openCloudPay();
  const answer = await pay('queryOrder', { ...named, out_trade_no: undefined });
  expect(answer).toMatchObject({ return_code: 'FAIL' });
});

const v3 = '/v3/pay/transactions/out-trade-no';

test('an order of CloudPay does not exist on APIv3, and its number is taken there', async () => {
  const { ask, paid, pay } = openCloudPay();
  const transactionId = await paid();
  const mine = '?mchid=1900000109';
  const answers = [
    await ask('GET', `${v3}/CLOUD00001${mine}`),
    await ask('GET', `/v3/pay/transactions/id/${transactionId}${mine}`),
    await ask('POST', `${v3}/CLOUD00001/close`, '{"mchid":"1900000109"}'),
  ];
  for (const answer of answers) {
    expect(await refusalIn(answer)).toMatchObject({ status: 404, code: 'ORDER_NOT_EXIST' });
  }
  const body = JSON.stringify({ ...goodOrder, out_trade_no: 'CLOUD00001' });
  const again = await ask('POST', '/v3/pay/transactions/jsapi', body);
  expect(await refusalIn(again)).toMatchObject({ code: 'OUT_TRADE_NO_USED' });
  expect(await pay('queryOrder', named)).toMatchObject({ total_fee: 1990 });
});

test('an order of APIv3 does not exist on CloudPay, and its number is taken there', async () => {
  const { place, pay, wechat, advance } = openCloudPay();
  wechat.cashier(await place(), 'pay');
  await advance(600);
  const theirs = { ...named, out_trade_no: 'WECHAT0001' };
  for (const apiName of ['queryOrder', 'closeOrder']) {
    expect(await pay(apiName, theirs)).toEqual(fail('ORDERNOTEXIST'));
  }
  const { transaction_id } = wechat.truth('WECHAT0001') as { transaction_id: string };
  const byId = { ...theirs, out_trade_no: undefined, transaction_id };
  expect(await pay('queryOrder', byId)).toEqual(fail('ORDERNOTEXIST'));
  const again = { ...goodCloudOrder, out_trade_no: 'WECHAT0001' };
  expect(await pay('unifiedOrder', again)).toEqual(fail('OUT_TRADE_NO_USED'));
});

test('one cashier takes the money of both links', async () => {
  const { order, place, wechat } = openCloudPay();
  for (const prepayId of [await order(), await place()]) {
    expect(wechat.cashier(prepayId, 'pay', { openid: 'oPayer' })).toEqual({
      errMsg: 'requestPayment:ok',
    });
  }
  expect(wechat.orders()).toMatchObject([{ trade_state: 'SUCCESS' }, { trade_state: 'SUCCESS' }]);
});

test.each(['20261124095959', '20261124100059'])(
  'a time_expire of %s is moved to a minute ahead, or refused where older pages are right',
  async (time_expire) => {
    const { pay, wechat } = openCloudPay();
    expect(await pay('unifiedOrder', { ...goodCloudOrder, time_expire })).toMatchObject({
      result_code: 'SUCCESS',
    });
    expect(wechat.truth('CLOUD00001')).toMatchObject({ time_expire: '2026-11-24T10:01:00+08:00' });
    const older = openCloudPay(':memory:', { switches: { timeExpire: 'refused' } });
    expect(await older.pay('unifiedOrder', { ...goodCloudOrder, time_expire })).toMatchObject({
      result_code: 'FAIL',
      err_code: 'INVALID_REQUEST',
    });
  },
);

test('a payer of another app is refused', async () => {
  const { pay, wechat } = openCloudPay();
  const sub_openid = providerOpenid('oPayer');
  expect(await pay('unifiedOrder', { ...goodCloudOrder, sub_openid })).toEqual({
    return_code: 'FAIL',
    return_msg: expect.stringContaining('sub_openid'),
  });
  expect(wechat.orders()).toEqual([]);
});

test('neither nonce nor trade type is needed', async () => {
  const { pay } = openCloudPay();
  const { nonce_str: _nonce, trade_type: _type, ...bare } = goodCloudOrder;
  expect(await pay('unifiedOrder', bare)).toMatchObject({ result_code: 'SUCCESS' });
});
