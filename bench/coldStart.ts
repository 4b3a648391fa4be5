/**
 * Cold start of every function beside the same call done the usual way with wx-server-sdk, unbundled
 * as templates ship it and bundled, alternating in one run against one local cloud.
 */
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import type { LocalCloud } from '../emulator/main.ts';
import { bundleOf } from '../infra/build/build.ts';
import type { FunctionName } from '../shared/contract/callers.ts';
import { openLocalCloud } from '../tests/support/localCloud.ts';
import { type ColdStart, coldStart, type Start } from './coldStart/measure.ts';
import { median, percentile, report } from './table.ts';

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
type Variant = 'ours' | 'wx-server-sdk' | 'wx-server-sdk bundled';

/** Measures and reports cold starts. */
export async function benchColdStart(): Promise<void> {
  const cloud = await openLocalCloud({ WXPAY_CLOSE_MIN_AGE: 'PT0S' });
  const baselines = await bundleBaselines();
  await yesterdaysBill(cloud);
  const rows: Record<string, unknown>[] = [];
  for (const name of names) {
    const bundles: Record<Variant, string> = { ours: bundleOf('dist', name), ...baselines };
    const samples: Record<Variant, ColdStart[]> = {
      ours: [],
      'wx-server-sdk': [],
      'wx-server-sdk bundled': [],
    };
    for (let run = 0; run < RUNS; run += 1) {
      for (const variant of Object.keys(bundles) as Variant[]) {
        const start = await prepare(cloud, name, join(process.cwd(), bundles[variant]));
        samples[variant].push(good(name, variant, await coldStart(start)));
      }
    }
    for (const variant of Object.keys(samples) as Variant[]) {
      rows.push(rowOf(name, variant, samples[variant], samples['wx-server-sdk']));
    }
  }
  await cloud.close();
  await report('cold-start', rows);
}

function rowOf(name: string, variant: Variant, samples: ColdStart[], baseline: ColdStart[]) {
  const total = (all: ColdStart[]) => all.map(({ initMs, firstMs }) => initMs + firstMs);
  const of = (key: 'processMs' | 'initMs' | 'firstMs') => samples.map((sample) => sample[key]);
  return {
    function: name,
    variant,
    runs: samples.length,
    'process ms': median(of('processMs')),
    'init ms': median(of('initMs')),
    'init p95': percentile(of('initMs'), 0.95),
    'first ms': median(of('firstMs')),
    'first p95': percentile(of('firstMs'), 0.95),
    'init+first ms': median(total(samples)),
    'times faster': Math.round((median(total(baseline)) / median(total(samples))) * 100) / 100,
  };
}

/** A measurement of a refusal would be none. */
function good(name: string, variant: Variant, sample: ColdStart): ColdStart {
  const { errCode, statusCode } = sample.answer;
  if (errCode === 0 || statusCode === 200) return sample;
  throw new Error(`${name} (${variant}): ${JSON.stringify(sample.answer)}`);
}

async function bundleBaselines(): Promise<Record<Exclude<Variant, 'ours'>, string>> {
  const common: BuildOptions = {
    entryPoints: ['bench/coldStart/baseline.ts'],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
  };
  const files = { unbundled: 'dist/bench/unbundled.js', bundled: 'dist/bench/bundled.js' };
  await build({ ...common, outfile: files.unbundled, external: ['wx-server-sdk'] });
  await build({ ...common, outfile: files.bundled, logLevel: 'error' });
  return { 'wx-server-sdk': files.unbundled, 'wx-server-sdk bundled': files.bundled };
}

let serial = 0;

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
  return { bundle, event, ...surroundings(cloud, name) };
}

function surroundings(cloud: LocalCloud, name: FunctionName) {
  const caller: Record<string, string> =
    name === 'payCallback'
      ? {}
      : name === 'closeStaleOrders'
        ? { TRIGGER_SRC: 'timer' }
        : { TCB_SOURCE: 'wx_client', WX_OPENID: 'oLocalAdmin', WX_CONTEXT_KEYS: 'WX_OPENID' };
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

async function place({ runner }: LocalCloud, order: object): Promise<Record<string, unknown>> {
  const client = { kind: 'client', openid: 'oLocalAdmin', source: 'wx_client' } as const;
  const { result } = await runner.invoke('unifiedOrder', order, client);
  return result as Record<string, unknown>;
}

let billDay = '';

async function yesterdaysBill(cloud: LocalCloud): Promise<void> {
  billDay = new Date(cloud.world.clock.nowMs() + 8 * 3_600_000).toISOString().slice(0, 10);
  const { payment } = await place(cloud, { outTradeNo: 'COLDBILL1', body: '咖啡', totalFee: 1990 });
  cloud.wechat.cashier((payment as { package: string }).package.slice('prepay_id='.length), 'pay');
  cloud.runner.skipTimersTo(cloud.world.clock.nowMs() + 36 * 3_600_000);
  await cloud.world.agenda.advance(cloud.world.clock.nowMs() + 36 * 3_600_000);
}

const isProbe = (headers: Record<string, string>): boolean =>
  headers['Wechatpay-Signature']?.startsWith('WECHATPAY/SIGNTEST/') ?? false;

/** A notification as the HTTP access route hands it over, caught before it was delivered. */
async function notification(cloud: LocalCloud, order: { outTradeNo: string }): Promise<unknown> {
  const { payment } = await place(cloud, order);
  cloud.world.faults.set([{ at: 'wechatpay.notify', kind: 'lost_request', times: 1 }]);
  cloud.wechat.cashier((payment as { package: string }).package.slice('prepay_id='.length), 'pay');
  await cloud.world.agenda.runDue();
  // Every fifth payment is preceded by a probe (签名探测), which is refused.
  const real = cloud.wechat.posted().filter(({ headers: said }) => !isProbe(said));
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

await benchColdStart();
