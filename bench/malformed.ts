/** How long a malformed input waits for its refusal, through the runner to a warm function and back. */
import fc from 'fast-check';
import { withCloud } from './cloud.ts';
import { percentile, report } from './table.ts';

const COUNT = Number(process.env.BENCH_MALFORMED ?? 5000);

await withCloud({}, async ({ runner }) => {
  const rows = [];
  for (const name of ['unifiedOrder', 'queryOrder', 'closeOrder', 'downloadBill', 'payCallback']) {
    const events = fc.sample(fc.jsonValue(), { numRuns: COUNT, seed: 20261124 });
    const invoker =
      name === 'payCallback'
        ? ({ kind: 'http' } as const)
        : ({ kind: 'client', openid: 'oLocalAdmin', source: 'wx_client' } as const);
    await runner.invoke(name, {}, invoker);
    const times: number[] = [];
    for (const event of events) {
      const begun = performance.now();
      const { result, error } = await runner.invoke(name, event, invoker);
      times.push(performance.now() - begun);
      const { errCode, statusCode } = (result ?? {}) as { errCode?: unknown; statusCode?: unknown };
      if (error || (errCode !== 'PARAM_ERROR' && statusCode !== 400)) {
        throw new Error(`${name} ${JSON.stringify(event)}: ${JSON.stringify(result ?? error)}`);
      }
    }
    rows.push({
      function: name,
      inputs: times.length,
      'p50 ms': percentile(times, 0.5),
      'p99 ms': percentile(times, 0.99),
      'p99.9 ms': percentile(times, 0.999),
      'max ms': percentile(times, 1),
    });
  }
  await report('malformed', rows);
});
