import { randomBytes } from 'node:crypto';
import cloudbase from '@cloudbase/node-sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CloudBase, createCloudBase } from '../../emulator/cloudbase/cloudbase.ts';
import { openWorld, type World } from '../../emulator/world/world.ts';
import { resources } from '../../infra/resources.ts';
import { serve } from '../../tests/support/adminServer.ts';
import { dealtKeys } from '../../tests/support/dealtKeys.ts';
import { plus } from '../../tests/support/orders.ts';
import type { DisabledChannels } from '../ports/disabledChannels.ts';
import { createDisabledChannels } from './disabledChannels.ts';

let world: World;
let local: CloudBase;
let channels: DisabledChannels;
let close: () => Promise<void>;

/** Through the real SDK, over the real wire, to the local CloudBase. */
beforeEach(async () => {
  Object.assign(process.env, {
    TENCENTCLOUD_RUNENV: 'SCF',
    TENCENTCLOUD_REGION: 'ap-shanghai',
    SCF_NAMESPACE: 'env-channels',
  });
  world = openWorld({
    rsaKey: dealtKeys(),
    file: ':memory:',
    realMs: Date.now,
    waitMs: async () => {},
    randomBytes,
    chance: () => 0,
  });
  local = createCloudBase(world, {
    envId: 'env-channels',
    credentials: (secretId) => (secretId === 'AKID' ? { secretKey: 'secret' } : undefined),
    invoke: async () => ({ error: { code: 'NONE', message: 'no functions here' } }),
  });
  local.createCollection('channels', resources.collections.channels?.indexes);
  const server = await serve(local.handle);
  const app = cloudbase.init({
    env: 'env-channels',
    secretId: 'AKID',
    secretKey: 'secret',
    serviceUrl: `${server.url}/admin`,
  });
  channels = createDisabledChannels({
    database: () => app.database(),
    wait: async () => {},
    timeoutMs: () => 3000,
  });
  close = server.close;
});
afterEach(async () => {
  await close();
  world.data.close();
});

const url = { channel: 'url', place: 'a', disabledAt: plus(1) } as const;

test('what is disabled is remembered, once a channel, until it is enabled', async () => {
  expect(await channels.list()).toEqual([]);
  await channels.disable(url);
  await channels.disable({ ...url, place: 'b', disabledAt: plus(2) });
  const fulfil = { channel: 'function', place: 'f', disabledAt: plus(3) } as const;
  await channels.disable(fulfil);
  const all = await channels.list();
  expect(all).toHaveLength(2);
  expect(all).toEqual(
    expect.arrayContaining([{ channel: 'url', place: 'b', disabledAt: plus(2) }, fulfil]),
  );
  await channels.enable(['url']);
  expect(await channels.list()).toEqual([fulfil]);
  await channels.enable(['function', 'url']);
  expect(await channels.list()).toEqual([]);
});

test('a lost answer is no reason to forget', async () => {
  world.faults.set([{ at: 'cloudbase.modifyDocument', kind: 'lost_answer', times: 2 }]);
  await channels.disable(url);
  expect(await channels.list()).toEqual([url]);
});

test('what nobody can read disables nothing', async () => {
  await channels.disable({ ...url, place: 7 as never });
  expect(await channels.list()).toEqual([]);
});
