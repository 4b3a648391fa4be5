import { randomBytes } from 'node:crypto';
import cloudbase from '@cloudbase/node-sdk';
import { expect, test } from 'vitest';
import { createCloudBase } from '../../emulator/cloudbase/cloudbase.ts';
import { openWorld } from '../../emulator/world/world.ts';
import { resources } from '../../infra/resources.ts';
import { serve } from '../../tests/support/adminServer.ts';
import { dealtKeys } from '../../tests/support/dealtKeys.ts';
import { anOrder, placedAt, plus } from '../../tests/support/orders.ts';
import { attentionContract } from './attention.contract.ts';
import { createCloudBaseStore, type Database } from './cloudbase.ts';
import type { Stored } from './codec.ts';
import { othersWriteContract } from './othersWrite.contract.ts';
import {
  brokenWireContract,
  type FaultKind,
  type StoreUnderTest,
  storeContract,
} from './store.contract.ts';

const operations = {
  insert: 'cloudbase.insertDocument',
  replace: 'cloudbase.modifyDocument',
  get: 'cloudbase.getDocument',
} as const;

const faultOf = (at: keyof typeof operations, kind: FaultKind, times: number) => ({
  at: operations[at],
  times,
  ...(kind === 'refused' ? { kind: 'error', code: 'DATABASE_PERMISSION_DENIED' } : { kind }),
});

/** The store through the real SDK, over the real wire, to the local CloudBase. */
async function open(): Promise<StoreUnderTest> {
  // As inside a function: otherwise the SDK asks a metadata host before every request.
  Object.assign(process.env, {
    TENCENTCLOUD_RUNENV: 'SCF',
    TENCENTCLOUD_REGION: 'ap-shanghai',
    SCF_NAMESPACE: 'env-store',
  });
  const world = openWorld({
    rsaKey: dealtKeys(),
    file: ':memory:',
    realMs: Date.now,
    waitMs: async () => {},
    randomBytes,
    chance: () => 0,
  });
  const local = createCloudBase(world, {
    envId: 'env-store',
    credentials: (secretId) => (secretId === 'AKID' ? { secretKey: 'secret' } : undefined),
    invoke: async () => ({ error: { code: 'NONE', message: 'no functions here' } }),
  });
  local.createCollection('orders', resources.collections.orders?.indexes);
  const server = await serve(local.handle);
  const instance = () => {
    const serviceUrl = `${server.url}/admin`;
    const app = cloudbase.init({
      env: 'env-store',
      secretId: 'AKID',
      secretKey: 'secret',
      serviceUrl,
    });
    return app.database();
  };
  let meanwhile: (() => Promise<unknown>) | undefined;
  const storeOf = (database = instance()) =>
    createCloudBaseStore({
      database: () => database,
      randomBytes,
      now: () => new Date(),
      wait: async () => {
        const act = meanwhile;
        meanwhile = undefined;
        await act?.();
      },
      // A deadline on the monotonic clock is rarely whole, and the SDK takes whole milliseconds only.
      timeoutMs: () => 4999.5,
    });
  const raw = instance().collection('orders');
  return {
    store: storeOf(),
    other: storeOf(),
    put: async (stored) => {
      const { _id, ...rest } = stored as Stored;
      await raw.doc(_id).set(rest);
    },
    raw: async (outTradeNo) => ((await raw.doc(outTradeNo).get()).data as Stored[])[0],
    clear: async () => {
      world.faults.set([]);
      meanwhile = undefined;
      local.reset();
    },
    fault: (at, kind, times, then) => {
      const faults = [faultOf(at, kind, times), ...(then ? [faultOf(at, then, 1)] : [])];
      world.faults.set(faults as Parameters<typeof world.faults.set>[0]);
    },
    meanwhile: (act) => {
      meanwhile = act;
    },
    close: async () => {
      await server.close();
      world.data.close();
    },
  };
}

storeContract('the store on CloudBase, through the real SDK', open);
brokenWireContract('the store on CloudBase, on a broken wire', open);
othersWriteContract('the store on CloudBase, while others write', open);
attentionContract('the store on CloudBase, for a human', open);

test.each([
  {},
  { updated: undefined },
  { updated: null },
  { updated: '1' },
  { updated: Number.NaN },
])('an answer that does not say what was updated denies no write: %o', async (answer) => {
  const query = { where: () => query, update: async () => answer };
  const value = () => 'x';
  const command = { lte: value, push: value, set: value, remove: value };
  const database = { command, collection: () => ({ options: () => query }) };
  const store = createCloudBaseStore({
    database: () => database as unknown as Database,
    randomBytes,
    now: () => new Date(),
    wait: async () => {},
    timeoutMs: () => 1000,
  });
  const unknown = { code: 'STORE_OUTCOME_UNKNOWN', retry: 'same_request' };
  const order = anOrder();
  await expect(store.replace(order, 1)).rejects.toMatchObject(unknown);
  const due = { outTradeNo: order.outTradeNo, at: placedAt };
  await expect(store.lease(due, 'check', plus(120))).rejects.toMatchObject(unknown);
});
