import type { LocalCloud } from '../../emulator/main.ts';
import { inParallel } from '../../shared/usecases/step/inParallel.ts';

/** Counts what it took to see stale orders to their end. */
export interface StaleReport {
  orders: number;
  /** Rounds of the timer, each fired twice at the same moment. */
  rounds: number;
  /** The longest that a round took, in milliseconds. */
  roundMsMax: number;
  /** Orders in each state at the end. */
  states: Record<string, number>;
  /** How many the runs report as closed. */
  closed: number;
  /** Closes that a run made of an order that another one had closed: each would be a lease that did not hold. */
  closedAgain: number;
  /** Requests to close that WeChat saw; one an order means no second effect. */
  closesAtWeChat: number;
  /** Orders with more than one closing event. */
  doubled: number;
  errors: string[];
}

const ROUNDS_MAX = 30;
const DAY_MS = 24 * 3_600_000;

/** Places `count` orders, lets them expire unpaid, then fires the timer, overlapping, until all have ended. */
export async function closeStale(
  cloud: LocalCloud,
  count: number,
  latency: { databaseMs: number; wechatMs: number },
): Promise<StaleReport> {
  const { world, runner, cloudbase } = cloud;
  await place(cloud, count);
  world.faults.set(slow(latency));
  // Every run is one of ours, so that what the runs say they closed can be added up.
  runner.skipTimersTo(world.clock.nowMs() + DAY_MS);
  await world.agenda.advance(world.clock.nowMs() + 31 * 60_000);
  const seen = watch(cloud);
  const errors: string[] = [];
  let rounds = 0;
  let closed = 0;
  let closedAgain = 0;
  let roundMsMax = 0;
  const open = () => documents(cloudbase).filter(({ checkAt }) => checkAt !== undefined).length;
  while (open() > 0 && rounds < ROUNDS_MAX) {
    const begun = performance.now();
    const outcomes = await Promise.all([1, 2].map(() => runner.fireTimer('closeStaleOrders')));
    for (const { error, result } of outcomes.flat()) {
      if (error) errors.push(`${error.code} ${error.message}`);
      const counts = (result as { counts?: Record<string, number> } | undefined)?.counts ?? {};
      closed += counts.closed ?? 0;
      closedAgain += counts.already_closed ?? 0;
    }
    roundMsMax = Math.max(roundMsMax, Math.round(performance.now() - begun));
    rounds += 1;
    if (rounds > 1) await world.agenda.advance(world.clock.nowMs() + 60_000);
  }
  world.faults.set([]);
  const all = documents(cloudbase);
  const closings = all.map(
    ({ order }) => order.events.filter(({ type }) => type === 'order.closed').length,
  );
  return {
    orders: all.length,
    rounds,
    roundMsMax,
    states: Object.fromEntries(
      ['created', 'paying', 'paid', 'closed'].map((state) => [
        state,
        all.filter((one) => one.state === state).length,
      ]),
    ),
    closed,
    closedAgain,
    ...seen(),
    doubled: closings.filter((closing) => closing > 1).length,
    errors,
  };
}

interface Stored {
  state: string;
  checkAt?: Date;
  order: { events: { type: string }[] };
}

function documents(cloudbase: LocalCloud['cloudbase']): Stored[] {
  return cloudbase.documents('orders', 1_000_000) as Stored[];
}

async function place({ runner }: LocalCloud, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, i) => `STALE${String(i).padStart(8, '0')}`);
  await inParallel(numbers, 4, async (outTradeNo) => {
    const data = { outTradeNo, body: '咖啡', totalFee: 1990 };
    const client = { kind: 'client', openid: `o${outTradeNo}`, source: 'wx_client' } as const;
    const { result } = await runner.invoke('unifiedOrder', data, client);
    const { errCode } = (result ?? {}) as { errCode?: unknown };
    if (errCode !== 0) throw new Error(`${outTradeNo}: ${JSON.stringify(result)}`);
  });
}

function slow({ databaseMs, wechatMs }: { databaseMs: number; wechatMs: number }) {
  const database = ['getDocument', 'modifyDocument', 'insertDocument'].map((name) => ({
    at: `cloudbase.${name}`,
    delayMs: databaseMs,
  }));
  const wechat = ['query', 'close'].map((name) => ({ at: `wechatpay.${name}`, delayMs: wechatMs }));
  return [...database, ...wechat].map((one) => ({ ...one, kind: 'slow' }) as const);
}

/** Counts what WeChat is asked to close from now on. */
function watch({ world }: LocalCloud) {
  let closesAtWeChat = 0;
  const stop = world.timeline.follow(({ what }) => {
    if (what === 'wechatpay.close') closesAtWeChat += 1;
  });
  return () => {
    stop();
    return { closesAtWeChat };
  };
}
