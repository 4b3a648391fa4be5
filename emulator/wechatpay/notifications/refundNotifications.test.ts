import { createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { open } from '../../../shared/gateway/apiV3/crypto/aead.ts';
import { answerMessage } from '../../../shared/gateway/apiV3/crypto/message.ts';
import { verify } from '../../../shared/gateway/apiV3/crypto/sign.ts';
import { openWeChat, type WeChatUnderTest } from '../../../tests/support/wechat.ts';
import vectors from '../../../tests/vectors/v3-notify.json' with { type: 'json' };
import type { Notice } from './notice.ts';

const refunds = '/v3/refund/domestic/refunds';
const address = 'https://shop.example.com/refund/notify';

/** Orders, paid, whose payments were notified already. */
async function openPaid(numbers = ['WECHAT0001'], file = ':memory:'): Promise<WeChatUnderTest> {
  const world = openWeChat({}, file);
  for (const no of numbers) world.wechat.cashier(await world.place({ out_trade_no: no }), 'pay');
  await world.advance(0);
  world.delivered.length = 0;
  return world;
}
const refund = (
  { ask }: WeChatUnderTest,
  change: object = {},
  how: Parameters<WeChatUnderTest['ask']>[3] = {},
) =>
  ask(
    'POST',
    refunds,
    JSON.stringify({
      out_trade_no: 'WECHAT0001',
      out_refund_no: 'REFUND1',
      notify_url: address,
      amount: { refund: 500, total: 1990, currency: 'CNY' },
      ...change,
    }),
    how,
  );

/** Reads a notice as a merchant does; undefined when its signature is wrong. */
function readAs({ merchant }: WeChatUnderTest, notice: Notice | undefined) {
  const { headers, body }: Omit<Notice, 'url'> = notice ?? { headers: {}, body: '' };
  const { 'Wechatpay-Timestamp': at = '', 'Wechatpay-Nonce': nonce = '' } = headers;
  const message = answerMessage(at, nonce, Buffer.from(body));
  const signature = headers['Wechatpay-Signature'] ?? '';
  if (!verify(message, signature, createPublicKey(merchant.publicKeyPem))) return undefined;
  const { id, event_type: eventType, summary, resource } = JSON.parse(body);
  const { ciphertext, nonce: sealNonce, associated_data: associatedData } = resource;
  const sealed = { ciphertext, nonce: sealNonce, associatedData };
  const opened = open(sealed, Buffer.from(merchant.apiV3Key));
  const { original_type: originalType } = resource;
  return { id, eventType, summary, originalType, content: JSON.parse(String(opened)) };
}

test('a refund that arrived is notified at its own address, really signed and sealed', async () => {
  const world = await openPaid();
  const { refund_id: refundId, transaction_id: transactionId } = (await (
    await refund(world)
  ).json()) as Record<string, string>;
  await world.advance(9);
  expect(world.delivered).toEqual([]);
  await world.advance(1);
  expect(world.delivered.map(({ url }) => url)).toEqual([address]);
  const read = readAs(world, world.delivered[0]);
  expect(read).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{32}$/),
    eventType: 'REFUND.SUCCESS',
    summary: '退款成功',
    originalType: 'refund',
    content: {
      mchid: '1900000109',
      out_trade_no: 'WECHAT0001',
      transaction_id: transactionId,
      out_refund_no: 'REFUND1',
      refund_id: refundId,
      refund_status: 'SUCCESS',
      success_time: '2026-11-24T10:00:10+08:00',
      amount: { total: 1990, refund: 500, payer_total: 1990, payer_refund: 500 },
      user_received_account: '支付用户零钱',
    },
  });
});

test('its fields are those of a notice that WeChat really sent', async () => {
  const world = await openPaid();
  await refund(world);
  await world.advance(10);
  const real = vectors.vectors.find(({ id }) => id === 'notify-gunsluo-refund');
  const plain = String(real?.expected.resource_plaintext);
  const content = readAs(world, world.delivered[0])?.content;
  expect(Object.keys(content).sort()).toEqual(Object.keys(JSON.parse(plain)).sort());
  const envelope = (body = '') => {
    const { resource, ...rest } = JSON.parse(body);
    return [Object.keys(rest).sort(), Object.keys(resource).sort(), resource.associated_data];
  };
  expect(envelope(world.delivered[0]?.body)).toEqual(envelope(real?.input.body));
});

test.each([
  ['CLOSED', '退款关闭'],
  ['ABNORMAL', '退款异常'],
] as const)(
  'a refund that ends %s is notified so, without a time of success',
  async (to, summary) => {
    const world = await openPaid();
    await refund(world);
    world.wechat.steerRefund('REFUND1', to);
    await world.advance(60);
    expect(world.delivered).toHaveLength(1);
    const read = readAs(world, world.delivered[0]);
    expect(read).toMatchObject({
      eventType: `REFUND.${to}`,
      summary,
      content: { refund_status: to },
    });
    expect(read?.content).not.toHaveProperty('success_time');
  },
);

test('an abnormal refund that succeeds later is notified twice, under two ids; the first may come last', async () => {
  const world = await openPaid();
  await refund(world);
  world.replies.push(500);
  world.wechat.steerRefund('REFUND1', 'ABNORMAL');
  await world.advance(1);
  world.wechat.steerRefund('REFUND1', 'SUCCESS');
  await world.advance(60);
  const notices = world.delivered.map((notice) => readAs(world, notice));
  expect(notices.map((one) => one?.eventType)).toEqual([
    'REFUND.ABNORMAL',
    'REFUND.SUCCESS',
    'REFUND.ABNORMAL',
  ]);
  expect(notices.map((one) => one?.content.refund_status)).toEqual([
    'ABNORMAL',
    'SUCCESS',
    'ABNORMAL',
  ]);
  expect(notices[0]?.id).toBe(notices[2]?.id);
  expect(notices[0]?.id).not.toBe(notices[1]?.id);
  expect(world.wechat.refundTruth('REFUND1')).toMatchObject({
    notifications: [
      { refundStatus: 'ABNORMAL', status: 500 },
      { refundStatus: 'SUCCESS', status: 200 },
      { refundStatus: 'ABNORMAL', status: 200 },
    ],
  });
});

test('it is notified again by the official schedule until it is acknowledged', async () => {
  const world = await openPaid();
  world.replies.push(500, 'unreachable', 401);
  await refund(world);
  const counts: number[] = [];
  for (const seconds of [10, 14, 1, 15, 30, 86_400]) {
    await world.advance(seconds);
    counts.push(world.delivered.length);
  }
  expect(counts).toEqual([1, 1, 2, 3, 4, 4]);
});

test('without an address nothing is notified', async () => {
  const world = await openPaid();
  await refund(world, { notify_url: undefined });
  await world.advance(3600);
  expect(world.delivered).toEqual([]);
  expect(world.wechat.refundTruth('REFUND1')).toMatchObject({ status: 'SUCCESS' });
});

test.each([
  ['AMOUNT', { amount: { refund: 501, total: 1990 } }],
  ['TOTAL', { amount: { refund: 500, total: 1991 } }],
  ['MCHID', { mchid: '1999999999' }],
  ['TRANSACTION', { transaction_id: '4200009999999999999999999999' }],
  ['UNKNOWN_ORDER', { out_trade_no: 'NOBODYWECHAT0001' }],
  ['UNKNOWN_REFUND', { out_refund_no: 'NOBODYREFUND1' }],
])('a tampered %s is validly signed', async (code, change) => {
  const world = await openPaid();
  world.world.faults.set([{ at: 'wechatpay.refundNotify', kind: 'mutated', code, times: 1 }]);
  await refund(world);
  await world.advance(10);
  expect(readAs(world, world.delivered[0])?.content).toMatchObject(change);
});

test.each([
  ['forged', 1, 1, false],
  ['mutated', 1, 1, false],
  ['lost_request', 0, 1, true],
  ['lost_answer', 1, 2, true],
  ['duplicate', 2, 2, true],
] as const)('fault %s: %d delivered at once, %d in all', async (kind, atOnce, inAll, verifies) => {
  const world = await openPaid();
  world.world.faults.set([{ at: 'wechatpay.refundNotify', kind, times: 1 }]);
  await refund(world);
  await world.advance(10);
  expect(world.delivered).toHaveLength(atOnce);
  await world.advance(3600);
  expect(world.delivered).toHaveLength(inAll);
  expect(readAs(world, world.delivered[0]) !== undefined).toBe(verifies);
});

test('faults of payments do not touch refunds', async () => {
  const world = await openPaid();
  world.world.faults.set([{ at: 'wechatpay.notify', kind: 'lost_request' }]);
  await refund(world);
  await world.advance(10);
  expect(world.delivered).toHaveLength(1);
});

test('every fifth refund is preceded by a signature probe, which is no notification', async () => {
  const numbers = [1, 2, 3, 4, 5].map((i) => `WECHAT000${i}`);
  const world = await openPaid(numbers);
  for (const no of numbers) await refund(world, { out_trade_no: no, out_refund_no: `R${no}` });
  await world.advance(10);
  const probes = world.delivered.filter(({ headers }) =>
    headers['Wechatpay-Signature']?.startsWith('WECHATPAY/SIGNTEST/'),
  );
  expect([world.delivered.length, probes.length]).toEqual([6, 1]);
  expect(readAs(world, probes[0])).toBeUndefined();
});

test('the key that the refund asked for signs its notice', async () => {
  const world = await openPaid();
  await refund(world, {}, { without: 'wechatpay-serial' });
  await world.advance(10);
  expect(world.delivered[0]?.headers['Wechatpay-Serial']).toBe(world.merchant.platformSerial);
});

test('a payment that is notified after its refund is still notified as a payment', async () => {
  const world = openWeChat();
  world.replies.push(500);
  world.wechat.cashier(await world.place(), 'pay');
  await world.advance(1);
  await refund(world);
  await world.advance(60);
  const notices = world.delivered.map((notice) => readAs(world, notice));
  expect(notices.map((one) => one?.eventType)).toEqual([
    'TRANSACTION.SUCCESS',
    'REFUND.SUCCESS',
    'TRANSACTION.SUCCESS',
  ]);
  expect(notices[2]?.content).toMatchObject({ trade_state: 'SUCCESS' });
  expect(world.wechat.truth('WECHAT0001')).toMatchObject({ trade_state: 'REFUND' });
});

test('notices still to come survive a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scf-wechatpay-'));
  const first = await openPaid(['WECHAT0001'], join(folder, 'data.db'));
  first.replies.push(500);
  await refund(first);
  await first.advance(10);
  first.world.data.close();
  const second = openWeChat({}, join(folder, 'data.db'));
  await second.advance(15);
  expect(readAs(second, second.delivered[0])).toMatchObject({ eventType: 'REFUND.SUCCESS' });
  expect(readAs(second, second.delivered[0])?.id).toBe(readAs(first, first.delivered[0])?.id);
  second.world.data.close();
  rmSync(folder, { recursive: true });
});
