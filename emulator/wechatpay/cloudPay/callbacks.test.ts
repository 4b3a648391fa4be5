import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { goodCloudRefund, openCloudPay } from '../../../tests/support/cloudPay.ts';

const statuses = (truth: Record<string, unknown> = {}) =>
  (truth.notifications as { status: unknown }[]).map(({ status }) => status);

test('a payment is handed to the order’s function, as the event of a public log', async () => {
  const { paid, advance, called, wechat } = openCloudPay();
  const transactionId = await paid({ attach: '桌号 7' });
  await advance(0);
  expect(called).toEqual([
    {
      functionName: 'payCallback',
      envId: 'env-1',
      openid: 'oPayer',
      event: {
        returnCode: 'SUCCESS',
        resultCode: 'SUCCESS',
        tradeType: 'JSAPI',
        appid: 'wxd2d16a504f24665e',
        mchId: '1800008281',
        subAppid: 'wx0000000000000001',
        subMchId: '1900000109',
        nonceStr: expect.any(String),
        openid: expect.stringMatching(/^o.{27}$/),
        isSubscribe: 'N',
        subOpenid: 'oPayer',
        subIsSubscribe: 'N',
        outTradeNo: 'CLOUD00001',
        transactionId,
        attach: '桌号 7',
        totalFee: 1990,
        cashFee: 1990,
        feeType: 'CNY',
        bankType: 'OTHERS',
        timeEnd: '20261124100000',
      },
    },
  ]);
  expect(wechat.notices()).toEqual(called);
  expect(wechat.posted()).toEqual([]);
  expect(statuses(wechat.truth('CLOUD00001'))).toEqual([200]);
});

test('an order without attach is notified without', async () => {
  const { paid, advance, called } = openCloudPay();
  await paid();
  await advance(0);
  expect(called[0]?.event).not.toHaveProperty('attach');
});

test('nothing but errcode 0 acknowledges', async () => {
  const { paid, advance, called, returns, wechat } = openCloudPay();
  returns.push({ return_code: 'SUCCESS' }, true, null, undefined, { errcode: '0' });
  returns.push({ errCode: 0 }, { errcode: 1 }, { errcode: 200 }, 'error', 'unreachable');
  await paid();
  await advance(2 * 86_400);
  expect(called).toHaveLength(11);
  expect(statuses(wechat.truth('CLOUD00001'))).toEqual([
    ...['error', 'error', 'error', 'error', 'error', 'error'],
    ...[1, 'error', 'error', 'unreachable', 200],
  ]);
});

test('while it is not acknowledged it is repeated for two days at most, by the schedule of APIv2', async () => {
  const { paid, advance, called, returns } = openCloudPay();
  returns.push(...Array.from({ length: 40 }, () => 'error'));
  await paid();
  await advance(86_640);
  expect(called).toHaveLength(16);
  await advance(86_160);
  expect(called).toHaveLength(19);
  await advance(30 * 86_400);
  expect(called).toHaveLength(19);
});

test('every attempt has a nonce of its own and is otherwise the same', async () => {
  const { paid, advance, called, returns } = openCloudPay();
  returns.push('error', 'error');
  await paid();
  await advance(60);
  const events = called.map(({ event: { nonceStr: _, ...event } }) => event);
  expect(events).toEqual([events[0], events[0], events[0]]);
  expect(new Set(called.map(({ event }) => event.nonceStr)).size).toBe(3);
});

test.each<[string, object]>([
  ['AMOUNT', { totalFee: 1991 }],
  ['APPID', { subAppid: 'wxffffffffffffffff' }],
  ['MCHID', { subMchId: '1999999999' }],
  ['OPENID', { subOpenid: 'oSomebodyElse' }],
  ['UNKNOWN_ORDER', { outTradeNo: 'NOBODYCLOUD00001' }],
])('a tampered %s arrives once, under the payer’s name', async (code, change) => {
  const { world, paid, advance, called, returns } = openCloudPay();
  world.faults.set([{ at: 'wechatpay.notify', kind: 'mutated', code, times: 1 }]);
  returns.push('error');
  await paid();
  await advance(15);
  expect(called[0]).toMatchObject({ openid: 'oPayer', event: change });
  expect(called[1]?.event).toMatchObject({ totalFee: 1990, outTradeNo: 'CLOUD00001' });
});

test.each([
  ['lost_request', 0, 1],
  ['lost_answer', 1, 2],
  ['duplicate', 2, 2],
  ['slow', 1, 1],
  // Nothing is signed, so there is nothing to forge.
  ['forged', 1, 1],
] as const)('fault %s: %d called at once, %d in all', async (kind, atOnce, inAll) => {
  const { world, paid, advance, called, wechat } = openCloudPay();
  world.faults.set([{ at: 'wechatpay.notify', kind, times: 1, delayMs: 1 }]);
  await paid();
  await advance(0);
  expect(called).toHaveLength(atOnce);
  expect(wechat.notices().length).toBeGreaterThan(0);
  await advance(3600);
  expect(called).toHaveLength(inAll);
});

test('what is not signed is not probed, and does not count towards a probe', async () => {
  const { paid, place, advance, called, delivered, wechat } = openCloudPay();
  for (let i = 1; i <= 5; i += 1) await paid({ out_trade_no: `CLOUD0000${i}` });
  wechat.cashier(await place(), 'pay');
  await advance(1);
  expect([called.length, delivered.length]).toEqual([5, 1]);
});

test.each([
  ['SUCCESS', 'SUCCESS', '2026-11-24 10:00:00'],
  ['CLOSED', 'REFUNDCLOSE', undefined],
  ['ABNORMAL', 'CHANGE', undefined],
] as const)('a refund that ends %s is notified as %s', async (to, refundStatus, successTime) => {
  const { pay, paid, advance, called, wechat } = openCloudPay();
  const transactionId = await paid();
  await pay('refund', goodCloudRefund);
  wechat.steerRefund('REFUND0001', to);
  await advance(0);
  const { event, ...callee } = called.at(-1) ?? { event: {} };
  expect(callee).toEqual({ functionName: 'refundCallback', envId: 'env-1', openid: 'oPayer' });
  expect(event).toEqual({
    returnCode: 'SUCCESS',
    appid: 'wxd2d16a504f24665e',
    mchId: '1800008281',
    subAppid: 'wx0000000000000001',
    subMchId: '1900000109',
    nonceStr: expect.any(String),
    transactionId,
    outTradeNo: 'CLOUD00001',
    outRefundNo: 'REFUND0001',
    refundId: expect.stringMatching(/^503000/),
    totalFee: 1990,
    settlementTotalFee: 1990,
    refundFee: 990,
    settlementRefundFee: 990,
    refundStatus,
    ...(successTime === undefined ? {} : { successTime }),
    refundRecvAccout: '支付用户零钱',
    refundAccount: 'REFUND_SOURCE_UNSETTLED_FUNDS',
    refundRequestSource: 'API',
  });
  expect(statuses(wechat.refundTruth('REFUND0001'))).toEqual([200]);
});

test.each<[string, object]>([
  ['AMOUNT', { refundFee: 991 }],
  ['TOTAL', { totalFee: 1991 }],
  ['MCHID', { subMchId: '1999999999' }],
  ['TRANSACTION', { transactionId: '4200009999999999999999999999' }],
  ['UNKNOWN_ORDER', { outTradeNo: 'NOBODYCLOUD00001' }],
  ['UNKNOWN_REFUND', { outRefundNo: 'NOBODYREFUND0001' }],
])('a tampered %s of a refund arrives', async (code, change) => {
  const { world, pay, paid, advance, called } = openCloudPay();
  world.faults.set([{ at: 'wechatpay.refundNotify', kind: 'mutated', code, times: 1 }]);
  await paid();
  await pay('refund', goodCloudRefund);
  await advance(10);
  expect(called.at(-1)).toMatchObject({ functionName: 'refundCallback', event: change });
});

test('a refund that names no function calls none', async () => {
  const { pay, paid, advance, called } = openCloudPay();
  await paid();
  await advance(1);
  const { function_name: _, ...withoutFunction } = goodCloudRefund;
  expect(await pay('refund', withoutFunction)).toMatchObject({ result_code: 'SUCCESS' });
  await advance(3600);
  expect(called).toHaveLength(1);
});

test('callbacks still to come survive a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scf-wechatpay-'));
  const file = join(folder, 'data.db');
  const first = openCloudPay(file);
  first.returns.push('error');
  await first.paid();
  await first.advance(1);
  first.world.data.close();
  const second = openCloudPay(file);
  await second.advance(15);
  expect(second.called).toMatchObject([{ event: { outTradeNo: 'CLOUD00001' } }]);
  second.world.data.close();
  rmSync(folder, { recursive: true });
});
