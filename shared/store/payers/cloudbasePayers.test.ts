import { randomBytes } from 'node:crypto';
import cloudbase from '@cloudbase/node-sdk';
import { createCloudBase } from '../../../emulator/cloudbase/cloudbase.ts';
import { openWorld } from '../../../emulator/world/world.ts';
import { resources } from '../../../infra/resources.ts';
import { serve } from '../../../tests/support/adminServer.ts';
import { dealtKeys } from '../../../tests/support/dealtKeys.ts';
import { createCloudBasePayers } from './cloudbasePayers.ts';
import { type PayersUnderTest, payersContract } from './payers.contract.ts';

/** The store through the real SDK, over the real wire, to the local CloudBase. */
async function open(): Promise<PayersUnderTest> {
  // As inside a function: otherwise the SDK asks a metadata host before every request.
  Object.assign(process.env, {
    TENCENTCLOUD_RUNENV: 'SCF',
    TENCENTCLOUD_REGION: 'ap-shanghai',
    SCF_NAMESPACE: 'env-payers',
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
    envId: 'env-payers',
    credentials: (secretId) => (secretId === 'AKID' ? { secretKey: 'secret' } : undefined),
    invoke: async () => ({ error: { code: 'NONE', message: 'no functions here' } }),
  });
  local.createCollection('payers', resources.collections.payers?.indexes);
  const server = await serve(local.handle);
  const app = cloudbase.init({
    env: 'env-payers',
    secretId: 'AKID',
    secretKey: 'secret',
    serviceUrl: `${server.url}/admin`,
  });
  const database = app.database();
  return {
    store: createCloudBasePayers({
      database: () => database,
      wait: async () => {},
      timeoutMs: () => 4999.5,
    }),
    spoil: async ({ _id, ...rest }) => {
      await database.collection('payers').doc(_id).set(rest);
    },
    loseAnswer: () => {
      const lost = { kind: 'lost_answer', times: 1 } as const;
      world.faults.set([
        { at: 'cloudbase.insertDocument', ...lost },
        { at: 'cloudbase.modifyDocument', ...lost },
      ]);
    },
    close: async () => {
      await server.close();
      world.data.close();
    },
  };
}

payersContract('on CloudBase, through the real SDK', open);
