import { expect, test } from 'vitest';
import type { Cloud } from '../../infra/serverless-tencent/cloud/cloud.ts';
import { deployAll } from '../../infra/serverless-tencent/deploy/deployment.ts';
import { type BareCloud, openBareCloud } from '../support/bareCloud.ts';
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

/**
 * Takes the state after deploys that nothing disturbed, and the number of calls of the last of
 * them.
 */
const undisturbed = {
  first: once(() => stateAfter([first])),
  update: once(() => stateAfter([first, update])),
};

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

async function stateAfter(changes: Change[]) {
  const bare = await openBareCloud();
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

/** Every write of the two deploys, with the deploy that uses it. */
const writes = [
  ['tcb.CreateTable', first],
  ['tcb.ModifyDatabaseACL', first],
  ['tcb.UpdateTable', first],
  ['tcb.ModifyResourcePermission', first],
  ['scf.CreateFunction', first],
  ['scf.PublishVersion', first],
  ['scf.UpdateAlias', first],
  ['scf.CreateTrigger', first],
  ['tcb.CreateHTTPServiceRoute', first],
  ['tcb.UpdateTable', update],
  ['scf.UpdateFunctionCode', update],
  ['scf.UpdateFunctionConfiguration', update],
  ['scf.PublishVersion', update],
  ['scf.UpdateTrigger', update],
  ['scf.DeleteTrigger', update],
  ['tcb.ModifyHTTPServiceRoute', update],
  ['tcb.DeleteHTTPServiceRoute', update],
  ['tcb.ModifyResourcePermission', update],
  ['scf.DeleteFunction', update],
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
  test.each([
    ['a first deploy', 'first', [first]],
    ['an update with --prune', 'update', [first, update]],
  ] as const)(
    '%s dies at any of its calls: the next one brings about the same state',
    async (_what, name, changes) => {
      const { stands, count } = await undisturbed[name]();
      expect(count).toBeGreaterThan(40);
      const last = changes.at(-1) ?? {};
      for (let call = 1; call <= count; call += stride) {
        const bare = await openBareCloud();
        for (const change of changes.slice(0, -1)) await deployTo(bare, change);
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

  test.each(writes.flatMap(([call, change]) => lose.map((kind) => [kind, call, change] as const)))(
    '%s at %s: the same deploy goes on and ends as if nothing had been',
    async (kind, call, change) => {
      const { stands } = await (change === first ? undisturbed.first : undisturbed.update)();
      const bare = await openBareCloud();
      if (change === update) await deployTo(bare, first);
      bare.world.faults.set([{ at: call, kind, times: 2 }]);
      await deployTo(bare, change);
      expect(isFaultTaken(bare)).toBe(true);
      expect(await readSnapshot(bare)).toEqual(stands);
      await bare.close();
    },
  );
}

function isFaultTaken({ world }: BareCloud): boolean {
  return world.faults.list().every(({ times }) => times !== 2);
}
