import { expect, test } from 'vitest';
import type { Cloud } from '../../infra/serverless-tencent/cloud/cloud.ts';
import { deployAll } from '../../infra/serverless-tencent/deploy/deployment.ts';
import { type BareCloud, openBareCloud } from '../support/bareCloud.ts';
import { runFolder } from '../support/codeCache.ts';
import {
  type Change,
  deploymentOf,
  deployTo,
  functionsWith,
  readSnapshot,
} from '../support/deploy/deployCase.ts';

/**
 * An update that uses every kind of write: code, key, timers, routes, index, unmanaged resources,
 * old versions.
 */
const update: Change = {
  code: { payCallback: 'second' },
  environment: { WXPAY_CLOSE_MIN_AGE: 'PT10M' },
  functions: functionsWith({
    payCallback: {
      handler: 'functions/payCallback/index.main',
      timeout: 10,
      events: [{ http: { path: '/pay/notify', qps: 7 } }, { http: { path: '/new' } }],
    },
    closeStaleOrders: {
      handler: 'functions/closeStaleOrders/index.main',
      timeout: 55,
      events: [
        { timer: { name: 'every-minute', cron: '30 * * * * * *' } },
        { timer: { name: 'hourly', cron: '0 0 * * * * *' } },
      ],
    },
    unifiedOrder: undefined,
    queryOrder: undefined,
  }),
  collections: { goods: { acl: 'PRIVATE', indexes: [{ name: 'sku', keys: { sku: -1 } }] } },
  options: { prune: true },
};

/** A function with a code cache, and its update to other code and other memory. */
const caches: Change = {
  functions: functionsWith({
    unifiedOrder: undefined,
    queryOrder: undefined,
    closeStaleOrders: undefined,
  }),
  provider: { codeCache: true },
};
const otherCaches: Change = {
  ...caches,
  code: { payCallback: 'second' },
  provider: { codeCache: true, memorySize: 512 },
};

const first: Change = {
  functions: functionsWith({
    payCallback: {
      handler: 'functions/payCallback/index.main',
      timeout: 10,
      events: [{ http: { path: '/pay/notify' } }, { http: { path: '/old' } }],
    },
    closeStaleOrders: {
      handler: 'functions/closeStaleOrders/index.main',
      timeout: 55,
      events: [
        { timer: { name: 'every-minute', cron: '0 * * * * * *' } },
        { timer: { name: 'daily', cron: '0 0 3 * * * *' } },
      ],
    },
    queryOrder: undefined,
  }),
  collections: { goods: { acl: 'READONLY', indexes: [{ name: 'sku', keys: { sku: 1 } }] } },
};

/** The process that deploys has died: nothing more is sent, no answer arrives. */
class Death extends Error {}

/** Makes a cloud whose user dies right after call `at` took effect, before its answer arrives. */
function makeMortal(cloud: Cloud, call: number) {
  let calls = 0;
  const dying = async (send: () => Promise<unknown>) => {
    calls += 1;
    if (calls > call) throw new Death();
    const answer = await send();
    if (calls >= call) throw new Death();
    return answer;
  };
  const dead: Cloud = {
    ...cloud,
    scf: (action, request) => dying(() => cloud.scf(action, request)) as never,
    tcb: (action, request) => dying(() => cloud.tcb(action, request)) as never,
    callScf: (action, request) => dying(() => cloud.callScf(action, request)) as never,
  };
  return { dead, calls: () => calls };
}

const silent = { onStart: () => {}, onDone: () => {} };

/** The deploys that are disturbed, each after those before it in its row. */
const rows = {
  'a first deploy': [first],
  'an update with --prune': [first, update],
  'a first deploy with code caches': [caches],
  'an update with code caches': [caches, otherCaches],
} as const satisfies Record<string, readonly Change[]>;
type Row = keyof typeof rows;

/**
 * Takes the state after deploys that nothing disturbed, and the number of calls of the last of
 * them.
 */
const undisturbed = Object.fromEntries(
  Object.entries(rows).map(([name, changes]) => [name, once(() => stateAfter(changes))]),
) as Record<Row, () => ReturnType<typeof stateAfter>>;

/** Opens a cloud with all deploys of a row but the last. */
async function openBefore(changes: readonly Change[]): Promise<BareCloud> {
  const bare = await openBareCloud(runFolder);
  for (const change of changes.slice(0, -1)) await deployTo(bare, change);
  return bare;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

async function stateAfter(changes: readonly Change[]) {
  const bare = await openBareCloud(runFolder);
  let count = 0;
  for (const change of changes) {
    const { dead, calls } = makeMortal(bare.cloud, Number.POSITIVE_INFINITY);
    await deployAll(deploymentOf(dead, change), silent);
    count = calls();
  }
  const stands = await readSnapshot(bare);
  await bare.close();
  return { stands, count };
}

/** Every write of the deploys, and the call that makes a cache, with the deploy that uses it. */
const writes = [
  ['tcb.CreateTable', 'a first deploy'],
  ['tcb.ModifyDatabaseACL', 'a first deploy'],
  ['tcb.UpdateTable', 'a first deploy'],
  ['tcb.ModifyResourcePermission', 'a first deploy'],
  ['scf.CreateFunction', 'a first deploy'],
  ['scf.PublishVersion', 'a first deploy'],
  ['scf.UpdateAlias', 'a first deploy'],
  ['scf.CreateTrigger', 'a first deploy'],
  ['tcb.CreateHTTPServiceRoute', 'a first deploy'],
  ['tcb.UpdateTable', 'an update with --prune'],
  ['scf.UpdateFunctionCode', 'an update with --prune'],
  ['scf.UpdateFunctionConfiguration', 'an update with --prune'],
  ['scf.PublishVersion', 'an update with --prune'],
  ['scf.UpdateTrigger', 'an update with --prune'],
  ['scf.DeleteTrigger', 'an update with --prune'],
  ['tcb.ModifyHTTPServiceRoute', 'an update with --prune'],
  ['tcb.DeleteHTTPServiceRoute', 'an update with --prune'],
  ['tcb.ModifyResourcePermission', 'an update with --prune'],
  ['scf.DeleteFunction', 'an update with --prune'],
  ['scf.InvokeFunction', 'an update with code caches'],
  ['scf.UpdateFunctionCode', 'an update with code caches'],
  ['scf.UpdateFunctionConfiguration', 'an update with code caches'],
  ['scf.PublishVersion', 'an update with code caches'],
] as const;

/** The cases to try: a death after every `stride`-th call, and the writes to lose. */
export interface Trials {
  stride: number;
  lose: readonly ('lost_answer' | 'lost_request')[];
}

/**
 * Shows that a deploy that dies, or whose messages are lost, ends in the same state once it is
 * repeated.
 */
export function testInterruptedDeploys({ stride, lose }: Trials): void {
  test.each(Object.keys(rows) as Row[])(
    '%s dies at any of its calls: the next one brings about the same state',
    async (row) => {
      const { stands, count } = await undisturbed[row]();
      expect(count).toBeGreaterThan(40);
      const last = rows[row].at(-1) ?? {};
      for (let call = 1; call <= count; call += stride) {
        const bare = await openBefore(rows[row]);
        const died = deployAll(deploymentOf(makeMortal(bare.cloud, call).dead, last), silent);
        // How often a state is polled differs a little from run to run.
        if (call < count - 8) await expect(died).rejects.toBeInstanceOf(Death);
        else await died.catch(() => {});
        await deployTo(bare, last);
        expect(await readSnapshot(bare), `after call ${call}`).toEqual(stands);
        await bare.close();
      }
    },
  );

  test.each(writes.flatMap(([call, row]) => lose.map((kind) => [kind, call, row] as const)))(
    '%s at %s, in %s: the same deploy goes on and ends as if nothing had been',
    async (kind, call, row) => {
      const { stands } = await undisturbed[row]();
      const bare = await openBefore(rows[row]);
      bare.world.faults.set([{ at: call, kind, times: 2 }]);
      await deployTo(bare, rows[row].at(-1));
      expect(isFaultTaken(bare)).toBe(true);
      expect(await readSnapshot(bare)).toEqual(stands);
      await bare.close();
    },
  );
}

function isFaultTaken({ world }: BareCloud): boolean {
  return world.faults.list().every(({ times }) => times !== 2);
}
