/**
 * Cold start of every function beside the same call done the usual way with wx-server-sdk, unbundled
 * as templates ship it and bundled, alternating in one run against one local cloud.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import type { LocalCloud } from '../emulator/main.ts';
import { bundleOf } from '../infra/build/build.ts';
import { cachedZip, makerZip, readMade } from '../infra/build/codeCache/packages.ts';
import type { FunctionName } from '../shared/contract/callers.ts';
import { unpackTo } from '../tests/support/codeCache.ts';
import { type ColdStart, coldStart, type Start } from './coldStart/measure.ts';
import { type Bench, doInTime, runBench } from './harness/bench.ts';
import { withCloud } from './harness/cloud.ts';
import { noteOf, RefusedSample, type Series } from './harness/series.ts';
import { median, percentile, type Row } from './harness/table.ts';

const RUNS = Number(process.env.BENCH_RUNS ?? 21);
const names = [
  'unifiedOrder',
  'queryOrder',
  'closeOrder',
  'downloadBill',
  'payCallback',
  'refundCallback',
  'closeStaleOrders',
] as const satisfies FunctionName[];

type Measured = (typeof names)[number];

/** The usual way, and the files that are made of it. */
const baselines = {
  'wx-server-sdk': 'dist/bench/unbundled.js',
  'wx-server-sdk bundled': 'dist/bench/bundled.js',
};
type Variant = 'ours' | 'ours, cached' | keyof typeof baselines;

let serial = 0;
let billDay = '';

/** A function done one way, and its cold starts. */
interface Contestant {
  name: Measured;
  variant: Variant;
  bundle: string;
  starts: Series<ColdStart>;
}

await runBench('coldStart', (bench) => {
  const contestants = names.flatMap((name) => {
    const bundles: Record<Variant, string> = {
      ours: bundleOf('dist', name),
      'ours, cached': join(cachedFolder(name), 'index.js'),
      ...baselines,
    };
    return (Object.keys(bundles) as Variant[]).map((variant): Contestant => {
      return { name, variant, bundle: bundles[variant], starts: bench.series(RUNS) };
    });
  });
  return {
    measure: async () => {
      bench.doing('bundling the baselines');
      await bundleBaselines();
      bench.doing('making the code caches');
      for (const name of names) await makeCodeCache(name);
      await withCloud(bench, { WXPAY_CLOSE_MIN_AGE: 'PT0S' }, (cloud) =>
        measure(bench, cloud, contestants),
      );
    },
    rows: () => contestants.map((one) => rowOf(one, contestants)),
  };
});

/** All of them once, and again: whoever cuts it finds as many samples of each. */
async function measure(bench: Bench, cloud: LocalCloud, contestants: Contestant[]): Promise<void> {
  bench.doing('making a bill of yesterday');
  await bench.attempt(() => yesterdaysBill(cloud));
  const turns = Array.from({ length: RUNS }, (_, run) => contestants.map((one) => ({ run, one })));
  await doInTime(turns.flat(), { isOver: bench.share(1) }, async ({ run, one }) => {
    bench.doing(`${one.name}, ${run + 1} of ${RUNS} runs`);
    await one.starts.take(async () =>
      mustAnswer(one, await coldStart(await prepare(cloud, one.name, one.bundle))),
    );
  });
}

function rowOf({ name, variant, starts }: Contestant, all: Contestant[]): Row {
  const usual = all.find((one) => one.name === name && one.variant === 'wx-server-sdk');
  const total = (samples: readonly ColdStart[] = []) =>
    median(samples.map(({ initMs, firstMs }) => initMs + firstMs));
  const cpu = (samples: readonly ColdStart[] = []) => median(samples.map(({ cpuMs }) => cpuMs));
  const of = (key: 'processMs' | 'initMs' | 'firstMs') => starts.values.map((start) => start[key]);
  return {
    function: name,
    variant,
    runs: starts.values.length,
    'process ms': median(of('processMs')),
    'init ms': median(of('initMs')),
    'init p95': percentile(of('initMs'), 0.95),
    'first ms': median(of('firstMs')),
    'first p95': percentile(of('firstMs'), 0.95),
    'init+first ms': total(starts.values),
    'times faster': timesLess(total(usual?.starts.values), total(starts.values)),
    'cpu ms': cpu(starts.values),
    'times less cpu': timesLess(cpu(usual?.starts.values), cpu(starts.values)),
    refused: starts.refused,
    failed: starts.failed,
    ...noteOf(starts),
  };
}

function timesLess(usual: number, ours: number): number {
  return Math.round((usual / ours) * 100) / 100;
}

/** A measurement of a refusal would be none. */
function mustAnswer({ name, variant }: Contestant, start: ColdStart): ColdStart {
  const { errCode, statusCode, errMsg } = start.answer;
  if (errCode === 0 || statusCode === 200) return start;
  throw new RefusedSample(`${name} (${variant}): ${errCode ?? statusCode} ${errMsg ?? ''}`);
}

function cachedFolder(name: Measured): string {
  return join('dist', 'bench', 'cached', name);
}

/** Has the code cache of a function made by a process like those that are measured. */
async function makeCodeCache(name: Measured): Promise<void> {
  const code = await readFile(bundleOf('dist', name));
  const secret = randomBytes(32).toString('hex');
  const maker = join(
    process.cwd(),
    unpackTo(`${cachedFolder(name)}.maker`, makerZip(code, secret)),
  );
  const { answer } = await coldStart({
    bundle: join(maker, 'index.js'),
    event: { secret },
    context: {},
    environment: { OFFSET_MS: '0' },
  });
  const cache = readMade(answer, code);
  if (!cache) throw new Error(`${name}: no code cache was made`);
  unpackTo(cachedFolder(name), cachedZip(code, cache));
}

async function bundleBaselines(): Promise<void> {
  const common: BuildOptions = {
    entryPoints: ['bench/coldStart/baseline.ts'],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
  };
  const external = ['wx-server-sdk'];
  await build({ ...common, outfile: baselines['wx-server-sdk'], external });
  await build({ ...common, outfile: baselines['wx-server-sdk bundled'], logLevel: 'error' });
}

/** Makes the world ready for one good call of a function, and its event and context. */
async function prepare(cloud: LocalCloud, name: Measured, bundle: string): Promise<Start> {
  serial += 1;
  const outTradeNo = `COLD${String(serial).padStart(8, '0')}`;
  const order = { outTradeNo, body: '咖啡', totalFee: 1990 };
  if (name === 'queryOrder' || name === 'closeOrder') await place(cloud, order);
  // A timer finds nothing due, as most of the time; the other variants find nothing stale.
  if (name === 'closeStaleOrders') cloud.cloudbase.reset();
  const client = { openid: 'oLocalAdmin', userInfo: { openId: 'oLocalAdmin' } };
  const events: Record<Measured, () => unknown> = {
    unifiedOrder: () => ({ ...order, userInfo: client.userInfo }),
    queryOrder: () => ({ outTradeNo, userInfo: client.userInfo }),
    closeOrder: () => ({ outTradeNo, userInfo: client.userInfo }),
    downloadBill: () => ({ billDate: billDay, userInfo: client.userInfo }),
    payCallback: () => notification(cloud, order),
    refundCallback: () => refundNotification(cloud, order),
    closeStaleOrders: () => ({ Type: 'Timer', TriggerName: 'every-minute' }),
  };
  const event = await events[name]();
  return { bundle: join(process.cwd(), bundle), event, ...surroundings(cloud, name) };
}

function surroundings(cloud: LocalCloud, name: FunctionName) {
  const caller = callerOf(name);
  return {
    context: { request_id: 'bench', environment: JSON.stringify(caller) },
    environment: {
      ...cloud.environment(),
      ...caller,
      BASELINE: name,
      OFFSET_MS: String(cloud.world.clock.offsetMs()),
    },
  };
}

/** Names the caller in the variables that the platform sets for one call. */
function callerOf(name: FunctionName): Record<string, string> {
  switch (name) {
    case 'payCallback':
    case 'refundCallback':
      return {};
    case 'closeStaleOrders':
      return { TRIGGER_SRC: 'timer' };
    default:
      return { TCB_SOURCE: 'wx_client', WX_OPENID: 'oLocalAdmin', WX_CONTEXT_KEYS: 'WX_OPENID' };
  }
}

/** Places an order and answers its prepay id. */
async function place({ runner }: LocalCloud, order: object): Promise<string> {
  const client = { kind: 'client', openid: 'oLocalAdmin', source: 'wx_client' } as const;
  const { result, error } = await runner.invoke('unifiedOrder', order, client);
  const { payment, errMsg } = (result ?? {}) as { payment?: { package: string }; errMsg?: string };
  if (!payment) throw new RefusedSample(`placing an order first: ${errMsg ?? error?.message}`);
  return payment.package.slice('prepay_id='.length);
}

async function yesterdaysBill(cloud: LocalCloud): Promise<void> {
  billDay = new Date(cloud.world.clock.nowMs() + 8 * 3_600_000).toISOString().slice(0, 10);
  const prepayId = await place(cloud, { outTradeNo: 'COLDBILL1', body: '咖啡', totalFee: 1990 });
  cloud.wechat.cashier(prepayId, 'pay');
  cloud.runner.skipTimersTo(cloud.world.clock.nowMs() + 36 * 3_600_000);
  await cloud.world.agenda.advance(cloud.world.clock.nowMs() + 36 * 3_600_000);
}

function isProbe(headers: Record<string, string>): boolean {
  return headers['Wechatpay-Signature']?.startsWith('WECHATPAY/SIGNTEST/') ?? false;
}

/** A notification as the HTTP access route hands it over, caught before it was delivered. */
async function notification(cloud: LocalCloud, order: { outTradeNo: string }): Promise<unknown> {
  const prepayId = await place(cloud, order);
  cloud.world.faults.set([{ at: 'wechatpay.notify', kind: 'lost_request', times: 1 }]);
  cloud.wechat.cashier(prepayId, 'pay');
  await cloud.world.agenda.runDue();
  return lastPosted(cloud, '/pay/notify');
}

/** The same of a refund, whose payment was delivered. */
async function refundNotification(
  cloud: LocalCloud,
  order: { outTradeNo: string; totalFee: number },
): Promise<unknown> {
  const { outTradeNo, totalFee } = order;
  const { runner, wechat, world } = cloud;
  wechat.cashier(await place(cloud, order), 'pay');
  await world.agenda.runDue();
  const admin = { kind: 'client', openid: 'oLocalAdmin', source: 'wx_client' } as const;
  const { result, error } = await runner.invoke(
    'refund',
    { outTradeNo, refundFee: totalFee },
    admin,
  );
  const { errCode, errMsg } = (result ?? {}) as { errCode?: unknown; errMsg?: string };
  if (errCode !== 0) throw new RefusedSample(`refunding first: ${errMsg ?? error?.message}`);
  world.faults.set([{ at: 'wechatpay.notify', kind: 'lost_request', times: 1 }]);
  const untilMs = world.clock.nowMs() + 15_000;
  runner.skipTimersTo(untilMs);
  await world.agenda.advance(untilMs);
  return lastPosted(cloud, '/refund/notify');
}

/** Takes what was posted last to an address, as the HTTP access route hands it over. */
function lastPosted(cloud: LocalCloud, path: string): unknown {
  // Every fifth of a kind is preceded by a probe (签名探测), which is refused.
  const last = cloud.wechat
    .posted()
    .filter(({ url, headers }) => new URL(url).pathname === path && !isProbe(headers))
    .at(-1);
  if (!last) throw new RefusedSample(`nothing was posted to ${path}`);
  const lower = Object.entries(last.headers).map(([key, value]) => [key.toLowerCase(), value]);
  return {
    httpMethod: 'POST',
    path,
    headers: Object.fromEntries(lower),
    body: last.body,
    isBase64Encoded: false,
  };
}
