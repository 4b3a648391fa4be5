/**
 * The timer under a lasting load, in virtual time: 100 orders a second, 30 % of them never paid, the database
 * at 30 ms and WeChat at 200 ms a call. The use cases and the rules of the store are the deployed ones; the
 * collection, the clock and WeChat are simulated. BENCH_STALE_HOURS=24 with BENCH_SECONDS=10000: a whole day.
 */
import { type Bench, runBench } from './harness/bench.ts';
import { noteOf, type Series } from './harness/series.ts';
import type { Row } from './harness/table.ts';
import { runOfBefore } from './stale/before.ts';
import { LOAD } from './stale/load.ts';
import { createSimulation, runOfToday, type Seen, type TimerRun } from './stale/simulate.ts';

const HOURS = Number(process.env.BENCH_STALE_HOURS ?? 1);
/** An order lasts half an hour: then as many end as begin. */
const WARM_UP_MINUTES = 35;
/** The peer only falls further behind. */
const PEER_MINUTES = 20;

/** Questions that the schedule has for an order that is never paid: five, and the close. */
const CHECKS_UNPAID = 6;
/** A run ends 8 s before the function's 55 s are over, and the next begins with the minute. */
const PAUSE_S = 60 - 55 + 8;

await runBench('stale', (bench) => {
  const rows: Row[] = [];
  return {
    measure: async () => {
      const minutes = WARM_UP_MINUTES + HOURS * 60;
      rows.push(await measure(bench, 'before', runOfBefore, { minutes: PEER_MINUTES, share: 0.2 }));
      rows.push(await measure(bench, 'today', runOfToday, { minutes, share: 1 }));
      rows.push(floor());
    },
    rows: () => rows,
  };
});

/** A sample is one minute of virtual time. */
async function measure(
  bench: Bench,
  timer: string,
  run: TimerRun,
  { minutes, share }: { minutes: number; share: number },
): Promise<Row> {
  const warmUpMinutes = minutes === PEER_MINUTES ? 0 : WARM_UP_MINUTES;
  const simulation = createSimulation(run, { warmUpMinutes });
  const series: Series<void> = bench.series(minutes);
  const isOver = bench.share(share);
  const begun = performance.now();
  while (series.values.length < minutes && !isOver()) {
    bench.doing(`${timer}, minute ${series.values.length + 1} of ${minutes}`);
    if (!(await series.take(simulation.step))) break;
  }
  const seconds = Math.round((performance.now() - begun) / 1000);
  return { timer, ...figuresOf(simulation.seen()), seconds, ...noteOf(series) };
}

function figuresOf(seen: Seen): Row {
  const passedS = seen.minutes * 60;
  return {
    hours: Math.round(seen.minutes / 6) / 10,
    ordersPerS: Math.round(seen.placed / passedS),
    checksPerS: Math.round(seen.checks / passedS),
    oldestDueS: Math.round(seen.lagMaxS),
    oldestWithMoneyS: Math.round(seen.urgentLagMaxS),
    oldestAtEndS: Math.round(seen.lagS),
    workers: seen.workersMax,
    wechatPerSMax: seen.wechatPerSecondMax,
    documents: seen.documentsMax,
    paid: seen.states.paid ?? 0,
    closed: seen.states.closed ?? 0,
  };
}

/** The floor: what no code can go below with this schedule, one timer a minute, and this time-out. */
function floor(): Row {
  return {
    timer: 'floor',
    ordersPerS: LOAD.perSecond,
    checksPerS: (LOAD.perSecond * LOAD.unpaid * CHECKS_UNPAID) / 1000,
    oldestDueS: PAUSE_S,
    oldestWithMoneyS: PAUSE_S,
  };
}
