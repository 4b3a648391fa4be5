import { expect, test } from 'vitest';
import { openWeChat, type WeChatUnderTest } from '../../tests/support/wechat.ts';

const NUMBER = 'WECHAT0001';
/** The part of a truth that tells how notifications were answered. */
interface Notified {
  notifications: { status: unknown }[];
}
const statusesOf = ({ wechat }: WeChatUnderTest, truth = wechat.truth(NUMBER)) =>
  (truth as unknown as Notified).notifications.map(({ status }) => status);

test('an order that is paid at WeChat without a callback is paid there, and nobody is notified', async () => {
  const world = openWeChat();
  const prepayId = await world.place();
  const paid = world.wechat.steerOrder(NUMBER, { to: 'SUCCESS', callback: 'none' });
  expect(paid).toMatchObject({ trade_state: 'SUCCESS', success_time: expect.any(String) });
  expect(world.wechat.cashier(prepayId, 'pay').errMsg).toMatch(/已支付/);
  await world.advance(86_400);
  expect(world.delivered).toEqual([]);
});

test('one that is paid by another sum says so in truth and callback', async () => {
  const world = openWeChat();
  await world.place();
  const paid = world.wechat.steerOrder(NUMBER, { to: 'SUCCESS', total: 1991 });
  expect(paid).toMatchObject({ amount: { total: 1991 } });
  await world.advance(1);
  expect(world.delivered).toHaveLength(1);
});

test('an order is closed at WeChat, and paid still by money that was under way; then it moves no more', async () => {
  const world = openWeChat();
  const prepayId = await world.place();
  expect(world.wechat.steerOrder(NUMBER, { to: 'CLOSED' })).toMatchObject({
    trade_state: 'CLOSED',
  });
  expect(world.wechat.cashier(prepayId, 'pay').errMsg).toMatch(/已关闭/);
  const refused = { refused: 'INVALID_REQUEST' };
  expect(world.wechat.steerOrder(NUMBER, { to: 'CLOSED' })).toMatchObject(refused);
  expect(world.wechat.steerOrder(NUMBER, { to: 'SUCCESS' })).toMatchObject({
    trade_state: 'SUCCESS',
  });
  for (const to of ['SUCCESS', 'CLOSED'] as const)
    expect(world.wechat.steerOrder(NUMBER, { to })).toMatchObject(refused);
  expect(world.wechat.steerOrder('NOBODY0001', { to: 'CLOSED' })).toMatchObject({
    refused: 'RESOURCE_NOT_EXISTS',
  });
});

test('a callback that arrived is sent again; one that waits is sent now, and by plan if that fails too', async () => {
  const world = openWeChat();
  const prepayId = await world.place();
  expect(await world.wechat.repeatNotification(NUMBER)).toMatchObject({
    refused: 'INVALID_REQUEST',
  });
  world.replies.push(500, 500);
  world.wechat.cashier(prepayId, 'pay');
  await world.advance(0);
  expect(statusesOf(world, await world.wechat.repeatNotification(NUMBER))).toEqual([500, 500]);
  // The plan goes on where the attempt by hand left it: 15 s after the second attempt.
  await world.advance(15);
  expect(statusesOf(world)).toEqual([500, 500, 200]);
  expect(statusesOf(world, await world.wechat.repeatNotification(NUMBER))).toEqual([
    500, 500, 200, 200,
  ]);
  const ids = world.delivered.map(({ body }) => JSON.parse(body).id);
  expect(new Set(ids).size).toBe(1);
});

test('an attempt by hand after the last one is followed by none of its own', async () => {
  const world = openWeChat();
  world.wechat.cashier(await world.place(), 'pay');
  await world.advance(0);
  world.replies.push(500);
  await world.wechat.repeatNotification(NUMBER);
  await world.advance(3 * 86_400);
  expect(statusesOf(world)).toEqual([200, 500]);
});

test('a refund’s callback is sent again once there is a result', async () => {
  const world = openWeChat();
  world.wechat.cashier(await world.place(), 'pay');
  const body = JSON.stringify({
    out_trade_no: NUMBER,
    out_refund_no: 'REFUND1',
    notify_url: 'https://shop.example.com/refund/notify',
    amount: { refund: 500, total: 1990, currency: 'CNY' },
  });
  await world.ask('POST', '/v3/refund/domestic/refunds', body);
  const again = () => world.wechat.repeatRefundNotification('REFUND1');
  expect(await again()).toMatchObject({ refused: 'INVALID_REQUEST' });
  world.wechat.steerRefund('REFUND1', 'ABNORMAL');
  await world.advance(0);
  expect(statusesOf(world, await again())).toEqual([200, 200]);
  expect(JSON.parse(world.delivered.at(-1)?.body ?? '')).toMatchObject({
    event_type: 'REFUND.ABNORMAL',
  });
  expect(await world.wechat.repeatRefundNotification('NONE')).toMatchObject({
    refused: 'RESOURCE_NOT_EXISTS',
  });
});
