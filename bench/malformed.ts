/** Measures how long a malformed input waits for its refusal, through the runner to a warm function and back. */
import fc from 'fast-check';
import type { LocalCloud } from '../emulator/main.ts';
import { type Bench, doInTime, runBench } from './harness/bench.ts';
import { withCloud } from './harness/cloud.ts';
import { noteOf, type Series } from './harness/series.ts';
import { percentile, type Row } from './harness/table.ts';

const COUNT = Number(process.env.BENCH_MALFORMED ?? 5000);
const names = ['unifiedOrder', 'queryOrder', 'closeOrder', 'downloadBill', 'payCallback'];

await runBench('malformed', (bench) => {
  const all = names.map((name) => ({ name, times: bench.series<number>(COUNT) }));
  return {
    measure: () =>
      withCloud(bench, {}, async (cloud) => {
        for (const [i, { name, times }] of all.entries()) {
          await refuseAll(bench, cloud, { name, times, isOver: bench.share(1 / (all.length - i)) });
        }
      }),
    rows: () => all.map(({ name, times }) => rowOf(name, times)),
  };
});

function rowOf(name: string, times: Series<number>): Row {
  return {
    function: name,
    inputs: times.values.length,
    'p50 ms': percentile(times.values, 0.5),
    'p99 ms': percentile(times.values, 0.99),
    'p99.9 ms': percentile(times.values, 0.999),
    'max ms': percentile(times.values, 1),
    failed: times.failed,
    ...noteOf(times),
  };
}

/** Names a function that is to refuse inputs, and for how long. */
interface Refuser {
  name: string;
  times: Series<number>;
  isOver(): boolean;
}

async function refuseAll(bench: Bench, { runner }: LocalCloud, { name, times, isOver }: Refuser) {
  const events = fc.sample(fc.jsonValue(), { numRuns: COUNT, seed: 20261124 });
  const invoker =
    name === 'payCallback'
      ? ({ kind: 'http' } as const)
      : ({ kind: 'client', openid: 'oLocalAdmin', source: 'wx_client' } as const);
  await runner.invoke(name, {}, invoker);
  let sent = 0;
  await doInTime(events, { isOver }, async (event) => {
    sent += 1;
    bench.doing(`${name}, ${sent} of ${COUNT} inputs`);
    await times.take(async () => {
      const begun = performance.now();
      const { result, error } = await runner.invoke(name, event, invoker);
      const ms = performance.now() - begun;
      const { errCode, statusCode } = (result ?? {}) as { errCode?: unknown; statusCode?: unknown };
      if (!error && (errCode === 'PARAM_ERROR' || statusCode === 400)) return ms;
      const answer = error?.message ?? errCode ?? statusCode ?? JSON.stringify(result);
      throw new Error(`${name} answered ${answer}`);
    });
  });
}
