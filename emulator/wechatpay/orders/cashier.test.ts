import { expect, test } from 'vitest';
import { openWeChat } from '../../../tests/support/wechat.ts';

const ok = 'requestPayment:ok';

test('what the payer does is answered as wx.requestPayment answers', async () => {
  const { wechat, place } = openWeChat();
  const prepayId = await place();
  expect(wechat.cashier(prepayId, 'cancel').errMsg).toBe('requestPayment:fail cancel');
  expect(wechat.cashier(prepayId, 'fail').errMsg).toMatch(/^requestPayment:fail ./);
  expect(wechat.truth('WECHAT0001')).toMatchObject({ trade_state: 'NOTPAY' });
  expect(wechat.cashier(prepayId, 'pay').errMsg).toBe(ok);
  expect(wechat.truth('WECHAT0001')).toMatchObject({ trade_state: 'SUCCESS' });
  expect(wechat.cashier(prepayId, 'pay')).toEqual({ errMsg: 'requestPayment:fail 该订单已支付' });
});

test('the sheet opens for two hours and until time_expire, for the payer alone', async () => {
  const { wechat, place, advance } = openWeChat();
  const short = await place();
  const long = await place({
    out_trade_no: 'WECHAT0002',
    time_expire: '2026-11-25T10:00:00+08:00',
  });
  expect(wechat.cashier('wx-unknown', 'pay')).toEqual({
    errMsg: 'requestPayment:fail 无效的prepay_id',
  });
  expect(wechat.cashier(short, 'pay', { openid: 'oThief' })).toEqual({
    errMsg: 'requestPayment:fail 付款人与下单人不一致',
  });
  await advance(1800);
  expect(wechat.cashier(short, 'pay')).toEqual({ errMsg: 'requestPayment:fail 该订单已过期' });
  await advance(5399);
  expect(wechat.cashier(long, 'cancel').errMsg).toBe('requestPayment:fail cancel');
  await advance(1);
  expect(wechat.cashier(long, 'pay')).toEqual({ errMsg: 'requestPayment:fail prepay_id已过期' });
});

test('money in flight is booked later, even after a close', async () => {
  const { wechat, world, place, ask, advance } = openWeChat();
  world.faults.set([{ at: 'wechatpay.cashier', kind: 'slow', delayMs: 60_000 }]);
  const prepayId = await place();
  expect(wechat.cashier(prepayId, 'pay').errMsg).toBe(ok);
  const path = '/v3/pay/transactions/out-trade-no/WECHAT0001/close';
  expect((await ask('POST', path, '{"mchid":"1900000109"}')).status).toBe(204);
  await advance(59);
  expect(wechat.truth('WECHAT0001')).toMatchObject({ trade_state: 'CLOSED' });
  await advance(1);
  expect(wechat.truth('WECHAT0001')).toMatchObject({ trade_state: 'SUCCESS' });
});

// Amounts of the old acceptance sandbox: what the payer sees, and how many notices are sent.
test.each([
  [101, ok, 1],
  [130, ok, 0],
  [131, 'requestPayment:fail 余额不足', 0],
  [132, ok, 2],
  [133, ok, 1],
  [134, ok, 1],
])('magic: %d fen answers %s and notifies %d times', async (total, errMsg, notices) => {
  const { wechat, place, advance, delivered } = openWeChat({ magicAmounts: true });
  const prepayId = await place({ amount: { total, currency: 'CNY' } });
  expect(wechat.cashier(prepayId, 'pay').errMsg).toBe(errMsg);
  await advance(1);
  expect(delivered).toHaveLength(notices);
});

test('without being asked for, amounts have no magic', async () => {
  const { wechat, place, advance, delivered } = openWeChat();
  wechat.cashier(await place({ amount: { total: 130, currency: 'CNY' } }), 'pay');
  await advance(1);
  expect(delivered).toHaveLength(1);
});
