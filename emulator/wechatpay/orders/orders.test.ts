import { expect, test } from 'vitest';
import {
  goodOrder,
  openWeChat,
  refusalIn,
  type WeChatUnderTest,
} from '../../../tests/support/wechat.ts';
import { providerOpenid } from './openid.ts';

const jsapi = '/v3/pay/transactions/jsapi';
const query = '/v3/pay/transactions/out-trade-no/WECHAT0001?mchid=1900000109';
const close = '/v3/pay/transactions/out-trade-no/WECHAT0001/close';
const closing = '{"mchid":"1900000109"}';
const place = ({ ask }: WeChatUnderTest, change: object = {}) =>
  ask('POST', jsapi, JSON.stringify({ ...goodOrder, ...change }));

// The rules of D4012791856, field by field.
test.each<[string, object]>([
  ['out_trade_no', { out_trade_no: 'short' }],
  ['out_trade_no', { out_trade_no: 'x'.repeat(33) }],
  ['out_trade_no', { out_trade_no: '订单号00001' }],
  ['out_trade_no', { out_trade_no: 12345678 }],
  ['description', { description: '' }],
  ['description', { description: '长'.repeat(128) }],
  ['description', { description: '🍵' }],
  ['notify_url', { notify_url: 'http://shop.example.com/notify' }],
  ['notify_url', { notify_url: 'https://shop.example.com/notify?a=1' }],
  ['notify_url', { notify_url: `https://shop.example.com/${'x'.repeat(240)}` }],
  ['amount', { amount: 1990 }],
  ['amount/total', { amount: { total: 0, currency: 'CNY' } }],
  ['amount/total', { amount: { total: 19.9, currency: 'CNY' } }],
  ['amount/total', { amount: { total: '1990', currency: 'CNY' } }],
  ['amount/currency', { amount: { total: 1, currency: 'USD' } }],
  ['payer/openid', { payer: {} }],
  ['attach', { attach: 'x'.repeat(129) }],
  ['time_expire', { time_expire: '2026-11-24 10:30:00' }],
  ['time_expire', { time_expire: '2026-13-24T10:30:00+08:00' }],
  ['notify_url', { notify_url: 'https://127.0.0.1/notify' }],
  ['notify_url', { notify_url: 'https://localhost:7100/notify' }],
  ['notify_url', { notify_url: 'https://192.168.1.2/notify' }],
  ['notify_url', { notify_url: 'https://[::1]/notify' }],
  ['support_fapiao', { support_fapiao: 'yes' }],
  ['limit_pay', { limit_pay: 'no_credit' }],
  ['detail/goods_detail/quantity', { detail: { goods_detail: [{ merchant_goods_id: '1' }] } }],
  ['scene_info/payer_client_ip', { scene_info: {} }],
  ['scene_info/store_info/id', { scene_info: { payer_client_ip: '1.1.1.1', store_info: {} } }],
  ['settle_info/profit_sharing', { settle_info: { profit_sharing: 1 } }],
])('%s is refused as %o', async (field, change) => {
  const world = openWeChat();
  const refusal = await refusalIn(await place(world, change));
  expect(refusal).toEqual({ status: 400, code: 'PARAM_ERROR', field: `/body/${field}` });
  expect(world.wechat.orders()).toEqual([]);
});

test.each([
  { total_fee: 1 },
  { amount: { total: 1990, currency: 'CNY', refund: 1 } },
  { payer: { openid: 'oPayer', sp_openid: 'o' } },
  { detail: { price: 1 } },
  { settle_info: { subsidy_amount: 1 } },
])('%o has a parameter that no page names', async (change) => {
  const world = openWeChat();
  const answer = await place(world, change);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({
    code: 'PARAM_ERROR',
    message: '请求中含有未在API文档中定义的参数',
  });
  expect(world.wechat.orders()).toEqual([]);
});

test('a refused value comes back with the place it stood in, and no more', async () => {
  const answer = await place(openWeChat(), { limit_pay: { no: ['credit'] } });
  expect((await answer.json()) as object).toHaveProperty('detail', {
    location: 'body',
    value: { no: ['credit'] },
  });
});

test('whatever the page allows is taken', async () => {
  const answer = await place(openWeChat(), {
    goods_tag: 'WXG',
    support_fapiao: true,
    limit_pay: ['no_credit'],
    detail: {
      cost_price: 1990,
      invoice_id: '微信123',
      goods_detail: [{ merchant_goods_id: '1246464644', quantity: 1, unit_price: 1990 }],
    },
    scene_info: { payer_client_ip: '14.23.150.211', store_info: { id: '0001', name: '总店' } },
    settle_info: { profit_sharing: false },
  });
  expect(answer.status).toBe(200);
});

test.each([
  ['already past', '2026-11-24T09:59:00+08:00', '2026-11-24T10:01:00+08:00'],
  ['under a minute ahead', '2026-11-24T10:00:59+08:00', '2026-11-24T10:01:00+08:00'],
  ['beyond the maximum', '2026-12-25T10:00:00+08:00', '2026-12-09T10:00:00+08:00'],
  ['within bounds', '2026-11-24T10:01:00+08:00', '2026-11-24T10:01:00+08:00'],
])(
  'a time_expire that is %s: moved, or refused where older pages are right',
  async (...[what, asked, moved]) => {
    const world = openWeChat();
    expect((await place(world, { time_expire: asked })).status).toBe(200);
    expect(world.wechat.truth('WECHAT0001')).toMatchObject({ time_expire: moved });
    const older = openWeChat({ switches: { timeExpire: 'refused' } });
    expect((await place(older, { time_expire: asked })).status).toBe(
      what === 'within bounds' ? 200 : 400,
    );
  },
);

test('a payer of another app is refused, with the status of the official table', async () => {
  const world = openWeChat();
  world.wechat.addSubMerchant('1900000200', '1900000201');
  const answer = await place(world, { payer: { openid: providerOpenid('oPayer') } });
  expect(await refusalIn(answer)).toMatchObject({ status: 500, code: 'OPENID_MISMATCH' });
  expect(world.wechat.orders()).toEqual([]);
});

test.each(['', '[]', '{', 'null', '"x"'])('a body of %s is refused', async (body) => {
  const { ask } = openWeChat();
  expect((await ask('POST', jsapi, body)).status).toBe(400);
});

test('a paid order’s number, written with escapes, is still that number', async () => {
  const world = openWeChat();
  world.wechat.cashier(await world.place(), 'pay');
  const escaped = JSON.stringify(goodOrder).replace('"WECHAT0001"', '"\\u0057ECHAT0001"');
  const refusal = await refusalIn(await world.ask('POST', jsapi, escaped));
  expect(refusal).toMatchObject({ code: 'ORDERPAID' });
  expect(world.wechat.truth('WECHAT0001')).toMatchObject({ trade_state: 'SUCCESS' });
});

test('an appid that is not the merchant’s is refused', async () => {
  const answer = await place(openWeChat(), { appid: 'wxanother' });
  expect(await refusalIn(answer)).toMatchObject({ status: 400, code: 'APPID_MCHID_NOT_MATCH' });
});

test('equal parameters re-enter and get a fresh prepay id, whatever the order of the fields', async () => {
  const world = openWeChat();
  const first = await (await place(world)).json();
  const turned = Object.fromEntries(Object.entries(goodOrder).reverse());
  const second = await (await world.ask('POST', jsapi, JSON.stringify(turned))).json();
  expect(second).not.toEqual(first);
  expect(world.wechat.truth('WECHAT0001')).toMatchObject({ prepayCount: 2 });
});

test.each([{ description: '茶' }, { amount: { total: 1, currency: 'CNY' } }, { attach: 'x' }])(
  'the same number with %o is OUT_TRADE_NO_USED',
  async (change) => {
    const world = openWeChat();
    await place(world);
    const refusal = await refusalIn(await place(world, change));
    expect(refusal).toMatchObject({ status: 403, code: 'OUT_TRADE_NO_USED' });
  },
);

test('a trap of the real thing: re-entry after time_expire makes an order payable without expiry', async () => {
  const world = openWeChat();
  await place(world);
  await world.advance(3600);
  const answer = await place(world);
  expect(answer.status).toBe(200);
  const { prepay_id: prepayId } = (await answer.json()) as { prepay_id: string };
  expect(world.wechat.cashier(prepayId, 'pay').errMsg).toBe('requestPayment:ok');
});

test('query and close answer by the order’s state', async () => {
  const world = openWeChat();
  expect(await refusalIn(await world.ask('GET', query))).toMatchObject({
    status: 404,
    code: 'ORDER_NOT_EXIST',
  });
  expect(await refusalIn(await world.ask('POST', close, closing))).toMatchObject({
    code: 'ORDER_NOT_EXIST',
  });
  await place(world);
  expect(await (await world.ask('GET', query)).json()).toEqual({
    appid: goodOrder.appid,
    mchid: goodOrder.mchid,
    out_trade_no: 'WECHAT0001',
    trade_state: 'NOTPAY',
    trade_state_desc: '订单未支付',
    promotion_detail: [],
    scene_info: { device_id: '' },
    amount: { payer_currency: 'CNY', total: 1990 },
  });
  expect((await world.ask('POST', close, closing)).status).toBe(204);
  expect((await world.ask('POST', close, closing)).status).toBe(204);
  expect(await (await world.ask('GET', query)).json()).toMatchObject({ trade_state: 'CLOSED' });
  expect(await refusalIn(await place(world))).toMatchObject({ status: 400, code: 'ORDER_CLOSED' });
});

test('a paid order is found by both numbers, and neither closed nor placed again', async () => {
  const world = openWeChat();
  world.wechat.cashier(await world.place(), 'pay');
  const paid = (await (await world.ask('GET', query)).json()) as { transaction_id: string };
  expect(paid).toMatchObject({
    trade_state: 'SUCCESS',
    amount: { total: 1990, payer_total: 1990, currency: 'CNY' },
    payer: { openid: 'oPayer' },
    attach: '',
    promotion_detail: [],
  });
  const byId = `/v3/pay/transactions/id/${paid.transaction_id}?mchid=1900000109`;
  expect(await (await world.ask('GET', byId)).json()).toEqual(paid);
  expect(await refusalIn(await world.ask('POST', close, closing))).toMatchObject({
    code: 'ORDERPAID',
  });
  expect(await refusalIn(await place(world))).toMatchObject({ code: 'ORDERPAID' });
});

test('the merchant number must be named, and be the signer’s', async () => {
  const world = openWeChat();
  await place(world);
  const bare = '/v3/pay/transactions/out-trade-no/WECHAT0001';
  expect((await world.ask('GET', bare)).status).toBe(400);
  expect((await world.ask('GET', `${bare}?mchid=1900000001`)).status).toBe(401);
  expect((await world.ask('POST', `${bare}/close`, '{}')).status).toBe(400);
  const other = world.wechat.addMerchant('1900000001');
  const theirs = await world.ask('GET', `${bare}?mchid=1900000001`, '', { as: other });
  expect(await refusalIn(theirs)).toMatchObject({ code: 'ORDER_NOT_EXIST' });
});

test('an order that is neither paid nor closed is closed by itself after seven days', async () => {
  const world = openWeChat();
  const { time_expire: _none, ...forever } = goodOrder;
  await world.ask('POST', jsapi, JSON.stringify(forever));
  await world.advance(7 * 86_400 - 1);
  expect(world.wechat.truth('WECHAT0001')).toMatchObject({ trade_state: 'NOTPAY' });
  await world.advance(1);
  expect(world.wechat.truth('WECHAT0001')).toMatchObject({ trade_state: 'CLOSED' });
});
