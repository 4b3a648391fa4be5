import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalCloud } from '../../emulator/main.ts';
import { buildFunctions } from '../../infra/build/build.ts';
import { zipBundle } from '../../infra/build/zip.ts';
import { type Deployment, deployAll } from '../../infra/serverless-tencent/deploy/deployment.ts';
import { chanceOf } from '../support/chance.ts';
import { builtCode, projectDeployment } from '../support/deploy/projectDeployment.ts';
import { openLocalCloud } from '../support/localCloud.ts';

/**
 * Builds the code of tomorrow, by changing how an order is written: a field that the code of today
 * does not know, and, as version 3, a shape that it must not write.
 */
const changes = {
  richer: [
    [
      'extras === undefined ? known : { ...extras, ...known };',
      "({ loyalty: 'gold', ...extras, ...known });",
    ],
  ],
  newer: [
    [
      'extras === undefined ? known : { ...extras, ...known };',
      "({ loyalty: 'gold', ...extras, ...known });",
    ],
    ['export const SCHEMA_VERSION = 1;', 'export const SCHEMA_VERSION = 2;'],
  ],
} as const;

function changeSources(pairs: (typeof changes)[keyof typeof changes]): Plugin {
  return {
    name: 'code-of-tomorrow',
    setup: (build) => {
      build.onLoad({ filter: /shared[\\/]store[\\/]codec\.ts$/ }, async ({ path }) => {
        let contents = await readFile(path, 'utf8');
        for (const [from, to] of pairs) {
          if (!contents.includes(from)) throw new Error(`codec.ts has no: ${from}`);
          contents = contents.replace(from, to);
        }
        return { contents, loader: 'ts' };
      });
    },
  };
}

/** Published versions: the code of today, the richer one, the newer one. */
const TODAY = '1';
const RICHER = '2';
const NEWER = '3';

/** The functions that write orders here. */
const names = ['unifiedOrder', 'queryOrder', 'closeOrder', 'payCallback', 'closeStaleOrders'];

let cloud: LocalCloud;
let deployment: Deployment;
// The project's own bundles are read by others.
let tomorrowDist: string;

interface Kept {
  _id: string;
  schemaVersion: number;
  version: number;
  state: string;
  checkAt?: string;
  order: { loyalty?: string; events: { type: string }[] };
}

const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const answer = await fetch(`${cloud.url}/_local/${path}`, { method, headers, ...init });
  return (await answer.json()) as T;
};
const call = async (name: string, outTradeNo: string) => {
  const order = { body: '咖啡', totalFee: 1990 };
  const data = name === 'unifiedOrder' ? { outTradeNo, ...order } : { outTradeNo };
  const { result } = await ask<{ result?: Record<string, unknown> }>('POST', 'call', {
    name,
    data,
  });
  return result ?? {};
};
const serve = (name: string, version: string) =>
  deployment.cloud.scf('UpdateAlias', {
    FunctionName: name,
    Namespace: deployment.service.envId,
    Name: '$DEFAULT',
    FunctionVersion: version,
  });
const serveAll = async (version: string) => {
  for (const name of names) await serve(name, version);
};
const orders = () => ask<Kept[]>('GET', 'documents/orders?limit=10000');
const truth = (no: string) =>
  ask<{ trade_state?: string }>('GET', `wechatpay/orders/${encodeURIComponent(no)}`);

/**
 * Shows what must hold while old and new code serve side by side; a history of `steps` for each
 * seed.
 */
export function testSideBySide(seeds: readonly number[], steps: number): void {
  beforeAll(async () => {
    tomorrowDist = await mkdtemp(join(tmpdir(), 'code-of-tomorrow-'));
    cloud = await openLocalCloud();
    const silent = { onStart: () => {}, onDone: () => {} };
    for (const kind of ['richer', 'newer'] as const) {
      const built = await buildFunctions(process.cwd(), {
        names,
        dist: tomorrowDist,
        plugins: [changeSources(changes[kind])],
      });
      const changed = built.map((built) => [built.name, zipBundle(built.code)] as const);
      deployment = await projectDeployment(cloud, new Map([...(await builtCode()), ...changed]));
      await deployAll(deployment, silent);
    }
  });
  afterAll(async () => {
    await cloud.close();
    await rm(tomorrowDist, { recursive: true });
  });

  test.each(seeds)(
    'functions change between old and richer code at random: every order ends as at WeChat, and what the richer code wrote is never lost (seed %i)',
    async (seed) => {
      await ask('POST', 'reset');
      // The newest version was deployed last, and serves until told otherwise: old and richer code only.
      await serveAll(TODAY);
      const chance = chanceOf(seed);
      const numbers = Array.from(
        { length: 12 },
        (_, i) => `SIDE${seed}${String(i).padStart(4, '0')}`,
      );
      const seen = new Map<string, Kept>();
      const prepay = new Map<string, string>();
      let enriched = 0;
      const moves: ((no: string) => Promise<unknown>)[] = [
        (no) => placeOrder(no, prepay),
        (no) => placeOrder(no, prepay),
        (no) => ask('POST', `cashier/${prepay.get(no) ?? 'none'}`, { action: 'pay' }),
        (no) => call('queryOrder', no),
        (no) => call('closeOrder', no),
        () => ask('POST', 'clock', { advance: 'PT2M', timers: 'last' }),
        () => ask('PUT', 'faults', [{ at: 'wechatpay.notify', kind: 'lost_request', times: 1 }]),
      ];
      for (let step = 0; step < steps; step += 1) {
        await serve(names[chance(names.length)] ?? '', chance(2) === 0 ? TODAY : RICHER);
        await moves[chance(moves.length)]?.(numbers[chance(numbers.length)] ?? '');
        for (const stored of await orders()) {
          const before = seen.get(stored._id);
          expect(stored.version).toBeGreaterThanOrEqual(before?.version ?? 0);
          expect(stored.schemaVersion, 'the shape that both know').toBe(1);
          if (before?.order.loyalty) expect(stored.order.loyalty).toBe('gold');
          else if (before && stored.order.loyalty) enriched += 1;
          seen.set(stored._id, stored);
        }
      }
      expect([...seen.values()].filter(({ order }) => order.loyalty).length).toBeGreaterThan(2);
      expect(enriched, 'orders that old code began and richer code went on with').toBeGreaterThan(
        0,
      );
      await ask('PUT', 'faults', []);
      await ask('POST', 'clock', { advance: 'PT2H', timers: 'all' });
      for (const { _id, state, order } of await orders()) {
        const { trade_state: tradeState = 'none' } = await truth(_id);
        const isPaid = tradeState === 'SUCCESS';
        expect([_id, tradeState]).toEqual([_id, isPaid ? 'SUCCESS' : 'CLOSED']);
        expect([_id, state]).toEqual([_id, isPaid ? 'paid' : 'closed']);
        const paid = order.events.filter(({ type }) => type === 'order.paid').length;
        expect([_id, paid]).toEqual([_id, state === 'paid' ? 1 : 0]);
      }
    },
  );

  test('an order of a newer shape is left alone by older code after a rollback, and is paid when the newer one is back', async () => {
    await ask('POST', 'reset');
    await serveAll(NEWER);
    const prepay = new Map<string, string>();
    await placeOrder('NEWER0001', prepay);
    const [written] = await orders();
    expect(written).toMatchObject({
      schemaVersion: 2,
      state: 'paying',
      order: { loyalty: 'gold' },
    });
    await serveAll(TODAY);
    await ask('POST', `cashier/${prepay.get('NEWER0001')}`, { action: 'pay' });
    await ask('POST', 'clock', { advance: 'PT1M', timers: 'last' });
    for (const name of ['unifiedOrder', 'queryOrder', 'closeOrder']) await call(name, 'NEWER0001');
    const [untouched] = await orders();
    expect(untouched?.order).toEqual(written?.order);
    expect(untouched).toMatchObject({
      schemaVersion: 2,
      state: 'paying',
      version: written?.version,
      checkAt: written?.checkAt,
    });
    await serveAll(NEWER);
    await ask('POST', 'clock', { advance: 'PT1H', timers: 'all' });
    const [paid] = await orders();
    expect(paid).toMatchObject({ state: 'paid', order: { loyalty: 'gold' } });
    expect(paid?.order.events.filter(({ type }) => type === 'order.paid')).toHaveLength(1);
  });
}

async function placeOrder(outTradeNo: string, prepay: Map<string, string>): Promise<void> {
  const { payment } = (await call('unifiedOrder', outTradeNo)) as { payment?: { package: string } };
  if (payment) prepay.set(outTradeNo, payment.package.slice('prepay_id='.length));
}
