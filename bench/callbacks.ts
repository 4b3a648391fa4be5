/** How many callbacks a second the local cloud settles: first time, and when they come again. */
import type { LocalCloud } from '../emulator/main.ts';
import { inParallel } from '../shared/usecases/inParallel.ts';
import { withCloud } from './cloud.ts';
import { percentile, report } from './table.ts';

const COUNT = 500;
const CONCURRENCY = 20;

await withCloud({}, async (cloud) => {
  const notices = await paidOrders(cloud);
  await warmUp(cloud.url);
  const rows = [];
  for (const round of ['first time', 'again'] as const) {
    const times: number[] = [];
    const begun = performance.now();
    await inParallel(notices, CONCURRENCY, async ({ headers, body }) => {
      const sent = performance.now();
      const answer = await fetch(`${cloud.url}/pay/notify`, { method: 'POST', headers, body });
      if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
      await answer.arrayBuffer();
      times.push(performance.now() - sent);
    });
    const seconds = (performance.now() - begun) / 1000;
    rows.push({
      round,
      callbacks: times.length,
      'per second': Math.round(times.length / seconds),
      'p50 ms': percentile(times, 0.5),
      'p99 ms': percentile(times, 0.99),
    });
  }
  const states = cloud.cloudbase.documents('orders', 1_000_000) as { state: string }[];
  if (!states.every(({ state }) => state === 'paid')) throw new Error('not all settled');
  await report('callbacks', rows);
});

/** Starts the instances first: their cold start is measured elsewhere. */
async function warmUp(url: string): Promise<void> {
  const all = Array.from({ length: 100 }, () => `${url}/pay/notify`);
  await inParallel(all, CONCURRENCY, async (address) => {
    await (await fetch(address, { method: 'POST', body: '{}' })).arrayBuffer();
  });
}

/** Orders that are paid at WeChat and not yet here; answers the notifications that told of them. */
async function paidOrders({ runner, wechat, world }: LocalCloud) {
  world.faults.set([{ at: 'wechatpay.notify', kind: 'lost_request' }]);
  const numbers = Array.from({ length: COUNT }, (_, i) => `BENCH${String(i).padStart(8, '0')}`);
  await inParallel(numbers, 4, async (outTradeNo) => {
    const data = { outTradeNo, body: '咖啡', totalFee: 1990 };
    const client = { kind: 'client', openid: 'oBench', source: 'wx_client' } as const;
    const { result } = await runner.invoke('unifiedOrder', data, client);
    const { payment } = result as { payment: { package: string } };
    wechat.cashier(payment.package.slice('prepay_id='.length), 'pay');
  });
  await world.agenda.runDue();
  const signed = wechat
    .posted()
    .filter(({ headers }) => !headers['Wechatpay-Signature']?.startsWith('WECHATPAY/SIGNTEST'));
  return signed.slice(-COUNT);
}
