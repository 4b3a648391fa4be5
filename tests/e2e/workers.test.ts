import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalCloud } from '../../emulator/main.ts';
import { signServiceCall } from '../../shared/contract/serviceCall.ts';
import { openLocalCloud } from '../support/localCloud.ts';
import { closeStale } from './staleOrders.ts';

let cloud: LocalCloud;

beforeAll(async () => {
  // One check at a time: a hundred orders are enough to be behind.
  cloud = await openLocalCloud({ WXPAY_CHECK_CONCURRENCY: '1' });
}, 60_000);
afterAll(() => cloud.close());

test('a timer that is behind calls itself through the platform, and its workers close their shards once', async () => {
  const started: unknown[] = [];
  const stop = cloud.world.timeline.follow(({ what, subject }) => {
    if (what === 'cloudbase.invokeFunction') started.push(subject);
  });
  const report = await closeStale(cloud, 120, { databaseMs: 0, wechatMs: 0 });
  stop();
  expect(report).toMatchObject({
    orders: 120,
    states: { closed: 120 },
    closed: 120,
    closedAgain: 0,
    doubled: 0,
    errors: [],
  });
  // The deliveries of a minute that passed meanwhile call the merchant's function.
  const ours = started.filter((name) => name !== 'fulfilOrder');
  expect(new Set(ours)).toEqual(new Set(['closeStaleOrders']));
});

test('nobody else starts a worker: unsigned, signed with another key, or from a phone', async () => {
  const shard = { Type: 'Shard', index: 1, of: 2, untilMs: Date.now() + 30_000 };
  const callee = { name: 'closeStaleOrders', envId: 'x', appid: 'x' };
  const forged = signServiceCall(callee, shard, 'k'.repeat(64), Date.now());
  const phone = { kind: 'client', openid: 'oPhone', source: 'wx_client' } as const;
  for (const event of [shard, forged]) {
    const { result, error } = await cloud.runner.invoke('closeStaleOrders', event, phone);
    const refused = (result as { errCode?: string } | undefined)?.errCode ?? error?.code;
    expect(refused).toMatch(/^(CALLER_REFUSED|SERVICE_SIGNATURE)$/);
  }
});
