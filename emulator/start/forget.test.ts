import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { Ask } from '../../infra/terminal.ts';
import { createCloudBase } from '../cloudbase/cloudbase.ts';
import { openWorld } from '../world/world.ts';
import { confirmForgetting } from './forget.ts';

let file: string;
let written: string;
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'forget-')), 'data.db');
  written = '';
});

/** Leaves so many orders in the data file, as a local cloud that was stopped does. */
function leaveOrders(count: number): void {
  const world = openWorld({
    file,
    realMs: () => 0,
    waitMs: async () => {},
    randomBytes: Buffer.alloc,
    rsaKey: () => '',
    chance: () => 0,
  });
  const cloudbase = createCloudBase(world, {
    envId: 'local-env',
    credentials: () => undefined,
    invoke: async () => ({ result: null }),
  });
  cloudbase.createCollection('orders');
  const orders = Array.from({ length: count }, (_, index) => ({ _id: `ORDER${index}` }));
  cloudbase.put('orders', orders);
  world.data.close();
}

function forget({ ask, isAgreed = false }: { ask?: Ask; isAgreed?: boolean }): Promise<string> {
  const write = (text: string) => {
    written += text;
  };
  const forgetting = { file, envId: 'local-env', isAgreed, ask, write };
  return confirmForgetting(forgetting).then(() => 'forgotten', String);
}

test('what goes is printed with its number, and taken for the environment’s name alone', async () => {
  leaveOrders(12);
  expect(await forget({ ask: async () => 'y' })).toContain('什么也没有清空');
  expect(written).toContain('local-env');
  expect(written).toContain('orders 12 条');
  expect(await forget({ ask: async () => 'local-env' })).toBe('forgotten');
});

test('without a terminal it is refused, unless --yes agreed beforehand', async () => {
  leaveOrders(1);
  expect(await forget({})).toContain('--yes');
  expect(await forget({ isAgreed: true })).toBe('forgotten');
});

test('nothing is asked where nothing is lost', async () => {
  expect(await forget({})).toBe('forgotten');
  leaveOrders(0);
  expect([await forget({}), written]).toEqual(['forgotten', '']);
});
