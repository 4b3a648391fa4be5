/** Ten thousand stale orders on a slow day: database at 30 ms, WeChat at 200 ms a call. */
import { setTimeout as wait } from 'node:timers/promises';
import type { LocalCloud } from '../emulator/main.ts';
import type { Runner } from '../emulator/runner/runner.ts';
import { closeStale, type StaleReport } from '../tests/e2e/staleOrders.ts';
import { type Bench, runBench } from './harness/bench.ts';
import { withCloud } from './harness/cloud.ts';
import { noteOf, RefusedSample, type Series } from './harness/series.ts';
import type { Row } from './harness/table.ts';

const COUNT = Number(process.env.BENCH_STALE ?? 10_000);
const LATENCY = { databaseMs: 30, wechatMs: 200 };
const LOOK_MS = 250;
/** How often an order is placed again that was refused. */
const TRIES_MAX = 5;

await runBench('staleOrders', (bench) => {
  const closes = bench.series<void>(COUNT);
  // Placing is not measured; what is refused of it is counted.
  const places = bench.series<never>(0);
  let row: Row | undefined;
  return {
    measure: () =>
      withCloud(bench, {}, async (cloud) => {
        row = await measure(bench, cloud, { closes, places });
      }),
    rows: () => (row ? [{ ...row, refused: places.refused, ...noteOf(closes) }] : []),
  };
});

/** Orders closed at WeChat, and orders that were refused when they were placed. */
interface Counted {
  closes: Series<void>;
  places: Series<never>;
}

/** A sample is an order closed at WeChat; the row tells how all of them ended. */
async function measure(bench: Bench, cloud: LocalCloud, { closes, places }: Counted): Promise<Row> {
  const begun = performance.now();
  const stop = cloud.world.timeline.follow(({ what }) => {
    if (what === 'wechatpay.close') void closes.take(async () => {});
  });
  let isDone = false;
  const retrying = retryingCloud(cloud, places, () => isDone);
  // Whoever is left behind by the end of the time finds the cloud closed: that is no failure.
  const all = closeStale(retrying, COUNT, LATENCY).catch((error) => {
    if (!isDone) bench.note(error);
  });
  const isOver = bench.share(1);
  const looking = watch(bench, cloud, closes, () => isDone || isOver());
  const report = await Promise.race([all, looking]);
  isDone = true;
  stop();
  for (const error of report?.errors ?? []) bench.note(error);
  return {
    ...(report ? figuresOf(report) : figuresSoFar(cloud, closes)),
    seconds: Math.round((performance.now() - begun) / 1000),
  };
}

/** Says how far it is until it is over. */
async function watch(
  bench: Bench,
  { cloudbase }: LocalCloud,
  closes: Series<void>,
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    const placed = cloudbase.collections().find(({ name }) => name === 'orders')?.count ?? 0;
    const closed = closes.values.length;
    const now = closed > 0 ? `closing, ${closed}` : `placing, ${placed}`;
    bench.doing(`${now} of ${COUNT} orders`);
    await wait(LOOK_MS);
  }
}

function figuresOf({ states, errors, ...rest }: StaleReport): Row {
  return { ...rest, ...states, errors: errors.length };
}

/** Counts what the cloud shows when nobody waits for the end: rounds and errors are unknown. */
function figuresSoFar({ cloudbase }: LocalCloud, closes: Series<void>): Row {
  const all = cloudbase.documents('orders', 1_000_000) as { state: string }[];
  const states = ['created', 'paying', 'paid', 'closed'].map((state) => [
    state,
    all.filter((one) => one.state === state).length,
  ]);
  const unknown = { rounds: Number.NaN, roundMsMax: Number.NaN };
  const closesAtWeChat = closes.values.length;
  return { orders: all.length, ...unknown, closesAtWeChat, ...Object.fromEntries(states) };
}

/** Places an order again that was refused, as a client does: the same number is the same order. */
function retryingCloud(
  cloud: LocalCloud,
  places: Series<never>,
  isDone: () => boolean,
): LocalCloud {
  const invoke: Runner['invoke'] = async (name, event, invoker) => {
    for (let tries = 1; ; tries += 1) {
      const outcome = await cloud.runner.invoke(name, event, invoker);
      const { errCode, errMsg } = (outcome.result ?? {}) as { errCode?: unknown; errMsg?: string };
      if (errCode === 0 || tries === TRIES_MAX || isDone()) return outcome;
      await places.take(async () => {
        throw new RefusedSample(`${name}: ${errMsg ?? outcome.error?.message}`);
      });
    }
  };
  return { ...cloud, runner: { ...cloud.runner, invoke } };
}
