/** Measures how many callbacks a second the local cloud acknowledges: the first time, and when they come again. */
import { readFileSync } from 'node:fs';
import type { LocalCloud } from '../emulator/main.ts';
import type { Notice } from '../emulator/wechatpay/notifications/notice.ts';
import { type Bench, doInTime, runBench } from './harness/bench.ts';
import { withCloud } from './harness/cloud.ts';
import { noteOf, RefusedSample, type Series } from './harness/series.ts';
import { percentile, type Row } from './harness/table.ts';

const COUNT = 500;
/** Orders whose notices are sent before any is measured. */
const WARM_UP = 100;
const CONCURRENCY = 20;
/** The function has 10 s; who waits longer waits for the machine. */
const PATIENCE_MS = 30_000;

/** Sends all notices once. */
interface Round {
  name: string;
  /** The part of the time that is left when it begins. */
  part: number;
  /** Milliseconds of each that was acknowledged. */
  times: Series<number>;
  seconds: number;
  /** Orders paid at WeChat that are not paid here when it has ended. */
  unpaid: number;
  /** Orders whose event has not reached the merchant when it has ended. */
  undelivered: number;
  /** Processor time of all of them, of the cloud with whoever sends, and of the functions; of Linux alone. */
  cpu: Cpu;
}

/** The fields of a stored order that are looked at. */
interface Stored {
  state: string;
  deliveryAt?: unknown;
}

/** Milliseconds of processor time. */
interface Cpu {
  cloudMs: number;
  functionsMs: number;
}

const NO_CPU: Cpu = { cloudMs: Number.NaN, functionsMs: Number.NaN };
/** Linux counts in hundredths of a second. */
const TICK_MS = 10;

/** Reads how long the processor has worked for the cloud and for its functions. */
function cpuOf({ runner }: LocalCloud): Cpu {
  const { user, system } = process.cpuUsage();
  const functionsMs = runner.instances().map(({ pid }) => ticksOf(pid) * TICK_MS);
  return { cloudMs: (user + system) / 1000, functionsMs: functionsMs.reduce((a, b) => a + b, 0) };
}

function ticksOf(pid: number): number {
  try {
    const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
    const [user, system] = fields.split(' ').slice(11, 13).map(Number);
    return (user ?? 0) + (system ?? 0);
  } catch {
    return Number.NaN;
  }
}

await runBench('callbacks', (bench) => {
  const round = (name: string, part: number): Round => {
    return {
      name,
      part,
      times: bench.series(COUNT),
      seconds: 0,
      unpaid: Number.NaN,
      undelivered: Number.NaN,
      cpu: NO_CPU,
    };
  };
  // A notice that was refused is accepted when it comes again, as WeChat sends it again.
  const rounds = [round('first time', 0.6), round('again', 1)];
  return {
    measure: () =>
      withCloud(bench, { LOCAL_TIMERS: 'held' }, async (cloud) => {
        const notices = await paidOrders(bench, cloud);
        await warmUp(bench, cloud, notices.splice(0, WARM_UP));
        for (const one of rounds) await send(bench, cloud, notices, one);
      }),
    rows: () => rounds.map(rowOf),
  };
});

function rowOf({ name, times, seconds, unpaid, undelivered, cpu }: Round): Row {
  const count = times.values.length;
  return {
    round: name,
    callbacks: count,
    'per second': count > 0 ? Math.round(count / seconds) : Number.NaN,
    'p50 ms': percentile(times.values, 0.5),
    'p99 ms': percentile(times.values, 0.99),
    'CPU ms, cloud': Math.round((cpu.cloudMs / count) * 100) / 100,
    'CPU ms, functions': Math.round((cpu.functionsMs / count) * 100) / 100,
    unpaid,
    undelivered,
    refused: times.refused,
    failed: times.failed,
    ...noteOf(times),
  };
}

/** Sends every notice once, and looks at what became of the orders. */
async function send(bench: Bench, cloud: LocalCloud, notices: Notice[], round: Round) {
  const isOver = bench.share(round.part);
  const cpuBefore = cpuOf(cloud);
  const begun = performance.now();
  let sent = 0;
  await doInTime(notices, { isOver, concurrency: CONCURRENCY }, async (notice) => {
    sent += 1;
    bench.doing(`${round.name}, ${sent} of ${notices.length} callbacks`);
    await round.times.take(() => acknowledge(cloud.url, notice));
  });
  round.seconds = (performance.now() - begun) / 1000;
  // What a payment begins ends in its own time; its share of the machine is part of what it costs.
  await cloud.world.gate.idle();
  const cpu = cpuOf(cloud);
  round.cpu = {
    cloudMs: cpu.cloudMs - cpuBefore.cloudMs,
    functionsMs: cpu.functionsMs - cpuBefore.functionsMs,
  };
  const states = cloud.cloudbase.documents('orders', 1_000_000) as Stored[];
  round.undelivered = states.filter(({ deliveryAt }) => deliveryAt).length;
  round.unpaid = states.filter(({ state }) => state !== 'paid').length;
}

/** Has one notice acknowledged, and tells how many milliseconds WeChat would have waited. */
async function acknowledge(url: string, { headers, body }: Notice): Promise<number> {
  const sent = performance.now();
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const answer = await fetch(`${url}/pay/notify`, { method: 'POST', headers, body, signal });
  const text = await answer.text();
  if (answer.status !== 200) throw new RefusedSample(`${answer.status} ${text}`);
  return performance.now() - sent;
}

/** Starts the instances first, of what a payment begins behind it too: cold starts have a bench of their own. */
async function warmUp(bench: Bench, { url, world }: LocalCloud, notices: Notice[]): Promise<void> {
  bench.doing('warming up');
  const options = { isOver: bench.share(0.3), concurrency: CONCURRENCY };
  await doInTime(notices, options, (notice) => bench.attempt(() => acknowledge(url, notice)));
  await world.gate.idle();
}

/** Orders that are paid at WeChat and not yet here; answers one notification of each. */
async function paidOrders(bench: Bench, { runner, wechat, world }: LocalCloud): Promise<Notice[]> {
  world.faults.set([{ at: 'wechatpay.notify', kind: 'lost_request' }]);
  const numbers = Array.from(
    { length: WARM_UP + COUNT },
    (_, i) => `BENCH${String(i).padStart(8, '0')}`,
  );
  let placed = 0;
  await doInTime(numbers, { isOver: bench.share(0.5), concurrency: 4 }, async (outTradeNo) => {
    placed += 1;
    bench.doing(`placing and paying, ${placed} of ${numbers.length} orders`);
    await bench.attempt(async () => {
      const data = { outTradeNo, body: '咖啡', totalFee: 1990 };
      // Each of another payer: one has few unpaid orders.
      const client = { kind: 'client', openid: `o${outTradeNo}`, source: 'wx_client' } as const;
      const { result, error } = await runner.invoke('unifiedOrder', data, client);
      const { payment, errMsg } = (result ?? {}) as {
        payment?: { package: string };
        errMsg?: string;
      };
      if (!payment) throw new RefusedSample(`unifiedOrder: ${errMsg ?? error?.message}`);
      wechat.cashier(payment.package.slice('prepay_id='.length), 'pay');
    });
  });
  await world.agenda.runDue();
  // WeChat would send each again beside us.
  for (const { kind, key } of world.agenda.list()) {
    if (kind === 'wechatpay.notify') world.agenda.cancel(kind, key);
  }
  const signed = wechat
    .posted()
    .filter(({ headers }) => !headers['Wechatpay-Signature']?.startsWith('WECHATPAY/SIGNTEST'));
  // What took long to place was sent again meanwhile, under the same id.
  return [...new Map(signed.map((one) => [JSON.parse(one.body).id as string, one])).values()];
}
