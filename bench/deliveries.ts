/** Measures how long it takes from a payment until the merchant's function has answered, and callbacks meanwhile. */
import { setTimeout as wait } from 'node:timers/promises';
import type { LocalCloud } from '../emulator/main.ts';
import { type Bench, doInTime, runBench } from './harness/bench.ts';
import { withCloud } from './harness/cloud.ts';
import { noteOf, RefusedSample, type Series } from './harness/series.ts';
import { percentile, type Row } from './harness/table.ts';

const COUNT = 200;
const CONCURRENCY = 4;
/** A start that was lost is made good by the payer's question or the timer's minute, after 30 s where an attempt had begun. */
const PATIENCE_MS = 100_000;
const POLL_MS = 20;
/** The payer's page asks so long after it paid, until the purchase is fulfilled. */
const ASKS_AFTER_MS = [2000, 5000, 10_000, 40_000];

interface StoredOrder {
  _id: string;
  order: { events: { deliveries?: { function?: { state: string; deliveredAt?: string } } }[] };
}

await runBench('deliveries', (bench) => {
  const fulfilled = bench.series<number>(COUNT);
  const callbacks = bench.series<number>(COUNT);
  return {
    measure: () =>
      withCloud(bench, {}, async (cloud) => {
        cloud.world.timeline.follow(({ what, detail }) => {
          if (what === 'wechatpay.notify') void callbacks.take(async () => acknowledgedMs(detail));
        });
        await payAll(bench, cloud, fulfilled);
      }),
    rows: () => [
      rowOf('paid until fulfilOrder has answered', fulfilled),
      rowOf('callback until acknowledged', callbacks),
    ],
  };
});

function rowOf(what: string, times: Series<number>): Row {
  return {
    what,
    count: times.values.length,
    'p50 ms': percentile(times.values, 0.5),
    'p95 ms': percentile(times.values, 0.95),
    'p99 ms': percentile(times.values, 0.99),
    refused: times.refused,
    failed: times.failed,
    ...noteOf(times),
  };
}

/** Pays orders a few at once, as payers do, and waits for each to be fulfilled. */
async function payAll(bench: Bench, cloud: LocalCloud, times: Series<number>): Promise<void> {
  const numbers = Array.from({ length: COUNT }, (_, i) => `BENCH${String(i).padStart(8, '0')}`);
  let begun = 0;
  const options = { isOver: bench.share(1), concurrency: CONCURRENCY };
  await doInTime(numbers, options, async (outTradeNo) => {
    begun += 1;
    bench.doing(`paying and fulfilling, ${begun} of ${COUNT} orders`);
    await times.take(() => payOne(cloud, outTradeNo));
  });
}

/** How long WeChat waited for an acknowledgement, a cold start included; what else came is no sample. */
function acknowledgedMs(detail: unknown): number {
  const { status, ms } = detail as { status: number | string; ms: number };
  if (status !== 200) throw new Error(`callback: ${status}`);
  return ms;
}

async function payOne({ runner, wechat, cloudbase }: LocalCloud, outTradeNo: string) {
  const client = { kind: 'client', openid: `o${outTradeNo}`, source: 'wx_client' } as const;
  const data = { outTradeNo, body: '咖啡', totalFee: 1990 };
  const { result, error } = await runner.invoke('unifiedOrder', data, client);
  const { payment, errMsg } = (result ?? {}) as { payment?: { package: string }; errMsg?: string };
  if (!payment) throw new RefusedSample(`unifiedOrder: ${errMsg ?? error?.message}`);
  const paidMs = Date.now();
  wechat.cashier(payment.package.slice('prepay_id='.length), 'pay');
  const asks = ASKS_AFTER_MS.values();
  let askMs = asks.next().value ?? PATIENCE_MS;
  while (Date.now() - paidMs < PATIENCE_MS) {
    await wait(POLL_MS);
    if (Date.now() - paidMs >= askMs) {
      void runner.invoke('queryOrder', { outTradeNo }, client);
      askMs = asks.next().value ?? PATIENCE_MS;
    }
    const orders = cloudbase.documents('orders', 1_000_000) as StoredOrder[];
    const stored = orders.find(({ _id }) => _id === outTradeNo);
    const delivery = stored?.order.events[0]?.deliveries?.function;
    if (delivery?.deliveredAt) return Date.parse(delivery.deliveredAt) - paidMs;
  }
  throw new Error(`not fulfilled in ${PATIENCE_MS} ms`);
}
