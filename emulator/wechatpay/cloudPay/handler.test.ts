import { expect, test } from 'vitest';
import {
  goodCloudOrder,
  goodCloudRefund,
  named,
  openCloudPay,
} from '../../../tests/support/cloudPay.ts';

const { out_trade_no: _, ...merchant } = named;
/** Each method with a good request, under the name that faults have for it. */
const methods: [string, string, object][] = [
  ['jsapi', 'unifiedOrder', goodCloudOrder],
  ['query', 'queryOrder', named],
  ['close', 'closeOrder', named],
  ['refund', 'refund', goodCloudRefund],
  ['queryRefund', 'queryRefund', named],
  ['tradebill', 'downloadBill', { ...merchant, bill_date: '20261124' }],
];

test.each(methods)(
  'a request of %s (%s) can be lost, and then its answer',
  async (at, api, data) => {
    const { world, pay } = openCloudPay();
    world.faults.set([
      { at: `wechatpay.${at}`, kind: 'lost_request', times: 1 },
      { at: `wechatpay.${at}`, kind: 'lost_answer', times: 1 },
    ]);
    await expect(pay(api, data)).rejects.toMatchObject({ code: 'ECONNRESET', acted: false });
    await expect(pay(api, data)).rejects.toMatchObject({ code: 'ECONNRESET', acted: true });
    expect(await pay(api, data)).toHaveProperty('return_code');
  },
);

test('an order whose answer was lost is there', async () => {
  const { world, pay, wechat } = openCloudPay();
  world.faults.set([{ at: 'wechatpay.jsapi', kind: 'lost_answer', times: 1 }]);
  await expect(pay('unifiedOrder', goodCloudOrder)).rejects.toThrow('lost');
  expect(wechat.truth('CLOUD00001')).toMatchObject({ trade_state: 'NOTPAY' });
});

test.each([
  [undefined, 'SYSTEMERROR'],
  ['SYSTEM_ERROR', 'SYSTEMERROR'],
  ['NO_AUTH', 'NOAUTH'],
  ['NOT_ENOUGH', 'NOTENOUGH'],
  ['ORDER_CLOSED', 'ORDERCLOSED'],
  ['ORDER_NOT_EXIST', 'ORDERNOTEXIST'],
  ['USER_ACCOUNT_ABNORMAL', 'USER_ACCOUNT_ABNORMAL'],
  ['BIZERR_NEED_RETRY', 'BIZERR_NEED_RETRY'],
])('fault error %s is refused in APIv2’s spelling: %s', async (code, v2Code) => {
  const { world, pay, paid } = openCloudPay();
  await paid();
  const fault = { at: 'wechatpay.refund', kind: 'error', times: 1 } as const;
  world.faults.set([code === undefined ? fault : { ...fault, code }]);
  const answer = await pay('refund', goodCloudRefund);
  expect(answer).toMatchObject({ return_code: 'SUCCESS', result_code: 'FAIL', err_code: v2Code });
  expect(answer.sub_mch_id).toBe('1900000109');
  expect(await pay('refund', goodCloudRefund)).toMatchObject({ result_code: 'SUCCESS' });
});

test.each([
  [undefined, { err_code: 'SYSTEMERROR' }],
  ['BANKERROR', { err_code: 'BANKERROR' }],
  ['HTTP_502', { platform: { code: 'SYS_ERR' } }],
])('an order that was placed can still be answered with %s', async (code, answered) => {
  const { world, pay, wechat } = openCloudPay();
  const fault = { at: 'wechatpay.jsapi', kind: 'error_after', times: 1 } as const;
  world.faults.set([code === undefined ? fault : { ...fault, code }]);
  expect(await pay('unifiedOrder', goodCloudOrder)).toMatchObject(answered);
  expect(wechat.truth('CLOUD00001')).toMatchObject({ trade_state: 'NOTPAY' });
});

test.each(methods)('%s (%s) can be throttled', async (at, api, data) => {
  const { world, pay } = openCloudPay();
  world.faults.set([{ at: `wechatpay.${at}`, kind: 'throttled', times: 1 }]);
  expect(JSON.stringify(await pay(api, data))).toContain('FREQUENCY_LIMITED');
});

test.each([
  ['NOT_JSON', { text: '<html>502 Bad Gateway</html>' }],
  ['HUGE', { pad: expect.any(String) }],
  ['UNKNOWN_STATE', { trade_state: 'SOMETHING_NEW' }],
])('an answer can be %s', async (code, fields) => {
  const { world, pay, paid } = openCloudPay();
  await paid();
  world.faults.set([{ at: 'wechatpay.query', kind: 'mutated', code, times: 1 }]);
  expect(await pay('queryOrder', named)).toMatchObject(fields);
});

test.each([
  ['ORDERNOTEXIST', '订单不存在'],
  ['ORDER_NOT_EXIST', '订单不存在'],
  ['SOME_NEW_WORD', '系统错误'],
])('%s is described as %s', async (code, err_code_des) => {
  const { world, pay } = openCloudPay();
  world.faults.set([{ at: 'wechatpay.query', kind: 'error', code, times: 1 }]);
  expect(await pay('queryOrder', named)).toMatchObject({ err_code_des });
});

test('a bill can be NOT_JSON too', async () => {
  const { world, pay, paid, advance } = openCloudPay();
  await paid();
  await advance(86_400);
  world.faults.set([{ at: 'wechatpay.tradebill', kind: 'mutated', code: 'NOT_JSON', times: 1 }]);
  const billRequest = { ...merchant, bill_date: '20261124' };
  expect(await pay('downloadBill', billRequest)).toMatchObject({
    text: expect.stringContaining('502'),
  });
  expect((await pay('downloadBill', billRequest)).text).toContain('CLOUD00001');
});

test.each(['forged', 'probe', 'mutated', 'slow'] as const)(
  'fault %s changes no answer',
  async (kind) => {
    const { world, pay, paid } = openCloudPay();
    await paid();
    world.faults.set([{ at: 'wechatpay.query', kind, times: 1, delayMs: 1 }]);
    expect(await pay('queryOrder', named)).toMatchObject({ trade_state: 'SUCCESS' });
  },
);

test('above the rate that was set it answers FREQUENCY_LIMITED', async () => {
  const { pay } = openCloudPay(':memory:', { ratePerSecond: 2 });
  const answers = [await pay('queryOrder', named), await pay('queryOrder', named)];
  answers.push(await pay('queryOrder', named));
  expect(answers.map(({ err_code }) => err_code)).toEqual([
    'ORDERNOTEXIST',
    'ORDERNOTEXIST',
    'FREQUENCY_LIMITED',
  ]);
});

test('the timeline shows each call by its order’s number, as it does of the other link', async () => {
  const { world, pay, order } = openCloudPay();
  await order();
  await pay('closeOrder', named);
  await pay('refund', goodCloudRefund);
  await pay('nothing', named);
  const entries = world.timeline.recent().map(({ what, subject, detail }) => {
    return [what, subject, detail?.link, detail?.result];
  });
  expect(entries).toEqual([
    ['wechatpay.jsapi', 'CLOUD00001', 'cloudPay', 'SUCCESS'],
    ['wechatpay.close', 'CLOUD00001', 'cloudPay', 'INVALID_REQUEST'],
    ['wechatpay.refund', 'REFUND0001', 'cloudPay', 'ORDERNOTEXIST'],
    ['wechatpay.unknown', undefined, 'cloudPay', 'INVALID_PARAM'],
  ]);
});
