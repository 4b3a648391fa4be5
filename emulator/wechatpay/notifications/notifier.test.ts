import { createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { open } from '../../../shared/gateway/apiV3/crypto/aead.ts';
import { answerMessage } from '../../../shared/gateway/apiV3/crypto/message.ts';
import { verify } from '../../../shared/gateway/apiV3/crypto/sign.ts';
import { openWeChat, type WeChatUnderTest } from '../../../tests/support/wechat.ts';
import facts from '../../../tests/vectors/facts.json' with { type: 'json' };
import type { Notice } from './notice.ts';

const pay = async ({ wechat, place }: WeChatUnderTest, outTradeNo = 'WECHAT0001') =>
  wechat.cashier(await place({ out_trade_no: outTradeNo }), 'pay');

/** Reads a notice as a merchant does; undefined when its signature is wrong. */
function readAs({ merchant }: WeChatUnderTest, { headers, body }: Notice) {
  const bytes = Buffer.from(body);
  const { 'Wechatpay-Timestamp': at = '', 'Wechatpay-Nonce': nonce = '' } = headers;
  const key = createPublicKey(merchant.publicKeyPem);
  const signature = headers['Wechatpay-Signature'] ?? '';
  if (!verify(answerMessage(at, nonce, bytes), signature, key)) return undefined;
  const { id, event_type: eventType, resource } = JSON.parse(body);
  const { ciphertext, nonce: sealNonce, associated_data: associatedData } = resource;
  const sealed = { ciphertext, nonce: sealNonce, associatedData };
  const opened = open(sealed, Buffer.from(merchant.apiV3Key));
  return { id, eventType, order: JSON.parse(String(opened)) };
}

test('a payment is notified at once, really signed and sealed', async () => {
  const world = openWeChat();
  await pay(world);
  await world.advance(0);
  expect(world.delivered).toHaveLength(1);
  expect(world.delivered[0]?.url).toBe('https://shop.example.com/pay/notify');
  expect(readAs(world, world.delivered[0] as Notice)).toMatchObject({
    eventType: 'TRANSACTION.SUCCESS',
    order: { out_trade_no: 'WECHAT0001', trade_state: 'SUCCESS', amount: { total: 1990 } },
  });
});

test('and again by the official schedule, until it is acknowledged', async () => {
  const world = openWeChat();
  world.replies.push(500, 401, 'unreachable');
  await pay(world);
  await world.advance(14);
  expect(world.delivered).toHaveLength(1);
  await world.advance(1);
  expect(world.delivered).toHaveLength(2);
  await world.advance(15);
  expect(world.delivered).toHaveLength(3);
  await world.advance(30);
  expect(world.delivered).toHaveLength(4);
  await world.advance(86_400);
  expect(world.delivered).toHaveLength(4);
  const ids = world.delivered.map((notice) => readAs(world, notice)?.id);
  expect(new Set(ids).size).toBe(1);
  const signatures = world.delivered.map(({ headers }) => headers['Wechatpay-Signature']);
  expect(new Set(signatures).size).toBe(4);
  const { notifications } = world.wechat.truth('WECHAT0001') as {
    notifications: { status: unknown }[];
  };
  expect(notifications.map(({ status }) => status)).toEqual([500, 401, 'unreachable', 200]);
});

test('without an answer it is given up after the last wait of the schedule', async () => {
  const world = openWeChat();
  world.replies.push(...Array.from({ length: 40 }, () => 500));
  await pay(world);
  const schedule = facts.vectors.find(({ id }) => id === 'notify-retry-schedule')?.expected as {
    seconds: number[];
  };
  const total = schedule.seconds.reduce((sum, seconds) => sum + seconds, 0);
  await world.advance(total - 1);
  expect(world.delivered).toHaveLength(schedule.seconds.length);
  await world.advance(7 * 86_400);
  expect(world.delivered).toHaveLength(schedule.seconds.length + 1);
});

test('every fifth payment is preceded by a signature probe, which is no notification', async () => {
  const world = openWeChat();
  for (let i = 1; i <= 5; i += 1) await pay(world, `WECHAT000${i}`);
  await world.advance(1);
  const probes = world.delivered.filter(({ headers }) =>
    headers['Wechatpay-Signature']?.startsWith('WECHATPAY/SIGNTEST/'),
  );
  expect(world.delivered).toHaveLength(6);
  expect(probes).toHaveLength(1);
  expect(readAs(world, probes[0] as Notice)).toBeUndefined();
  expect(world.wechat.truth('WECHAT0005')).toMatchObject({ notifications: [{ status: 200 }] });
});

test.each([
  ['AMOUNT', { amount: { total: 1991 } }],
  ['APPID', { appid: 'wxffffffffffffffff' }],
  ['MCHID', { mchid: '1999999999' }],
  ['OPENID', { payer: { openid: 'oSomebodyElse' } }],
  ['UNKNOWN_ORDER', { out_trade_no: 'NOBODYWECHAT0001' }],
])('a tampered %s is validly signed', async (code, change) => {
  const world = openWeChat();
  world.world.faults.set([{ at: 'wechatpay.notify', kind: 'mutated', code, times: 1 }]);
  await pay(world);
  await world.advance(0);
  expect(readAs(world, world.delivered[0] as Notice)?.order).toMatchObject(change);
});

test.each(['forged', 'mutated'] as const)('a %s notice does not verify', async (kind) => {
  const world = openWeChat();
  world.world.faults.set([{ at: 'wechatpay.notify', kind, times: 1 }]);
  await pay(world);
  await world.advance(0);
  expect(readAs(world, world.delivered[0] as Notice)).toBeUndefined();
});

test.each([
  ['lost_request', 0, 1],
  ['lost_answer', 1, 2],
  ['duplicate', 2, 2],
] as const)('fault %s: %d delivered at once, %d in all', async (kind, atOnce, inAll) => {
  const world = openWeChat();
  world.world.faults.set([{ at: 'wechatpay.notify', kind, times: 1 }]);
  await pay(world);
  await world.advance(0);
  expect(world.delivered).toHaveLength(atOnce);
  await world.advance(3600);
  expect(world.delivered).toHaveLength(inAll);
  expect(world.wechat.notices().length).toBeGreaterThan(0);
});

test('a notification still to come dies with a reset: the next order of its number is not notified as paid', async () => {
  const world = openWeChat();
  world.replies.push(500);
  await pay(world);
  await world.advance(1);
  world.wechat.reset();
  await world.place();
  await world.advance(3600);
  expect(world.delivered).toHaveLength(1);
});

test('orders, keys and notifications still to come survive a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scf-wechatpay-'));
  const first = openWeChat({}, join(folder, 'data.db'));
  first.replies.push(500);
  await pay(first);
  await first.advance(1);
  first.world.data.close();
  const second = openWeChat({}, join(folder, 'data.db'));
  expect(second.merchant).toEqual(first.merchant);
  await second.advance(15);
  expect(second.delivered).toHaveLength(1);
  expect(readAs(second, second.delivered[0] as Notice)?.order.out_trade_no).toBe('WECHAT0001');
  second.wechat.reset();
  expect(second.wechat.truth('WECHAT0001')).toBeUndefined();
  expect(second.wechat.merchant()).toEqual(first.merchant);
  second.world.data.close();
  rmSync(folder, { recursive: true });
});
