/**
 * Cold start of every function beside the same call done the usual way with wx-server-sdk, unbundled
 * as templates ship it and bundled, alternating in one run against one local cloud.
 */
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import type { LocalCloud } from '../emulator/main.ts';
import { bundleOf } from '../infra/build/build.ts';
import type { FunctionName } from '../shared/contract/callers.ts';
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
  'closeStaleOrders',
] as const satisfies FunctionName[];

type Measured = (typeof names)[number];

/** The usual way, and the files that are made of it. */
const baselines = {
  'wx-server-sdk': 'dist/bench/unbundled.js',
  'wx-server-sdk bundled': 'dist/bench/bundled.js',
};
type Variant = 'ours' | keyof typeof baselines;

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
    const bundles: Record<Variant, string> = { ours: bundleOf('dist', name), ...baselines };
    return (Object.keys(bundles) as Variant[]).map((variant): Contestant => {
      return { name, variant, bundle: bundles[variant], starts: bench.series(RUNS) };
    });
  });
  return {
    measure: async () => {
      bench.doing('bundling the baselines');
      await bundleBaselines();
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
    'times faster': Math.round((total(usual?.starts.values) / total(starts.values)) * 100) / 100,
    refused: starts.refused,
    failed: starts.failed,
    ...noteOf(starts),
  };
}

/** A measurement of a refusal would be none. */
function mustAnswer({ name, variant }: Contestant, start: ColdStart): ColdStart {
  const { errCode, statusCode, errMsg } = start.answer;
  if (errCode === 0 || statusCode === 200) return start;
  throw new RefusedSample(`${name} (${variant}): ${errCode ?? statusCode} ${errMsg ?? ''}`);
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
    payCallback: () => undefined,
    closeStaleOrders: () => ({ Type: 'Timer', TriggerName: 'every-minute' }),
  };
  const event = name === 'payCallback' ? await notification(cloud, order) : events[name]();
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
  // Every fifth payment is preceded by a probe (签名探测), which is refused.
  const real = cloud.wechat.posted().filter(({ headers: sent }) => !isProbe(sent));
  const { headers, body } = real.at(-1) ?? { headers: {}, body: '' };
  const lower = Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value]);
  return {
    httpMethod: 'POST',
    path: '/pay/notify',
    headers: Object.fromEntries(lower),
    body,
    isBase64Encoded: false,
  };
}
