import { setTimeout as wait } from 'node:timers/promises';
import { type CloudProcess, startCloudProcess } from '../support/cloudProcess.ts';

/** Acknowledgements that a caller has, and that must never be lost. */
interface Acknowledged {
  paid: boolean;
  closed: boolean;
}

interface Stored {
  _id: string;
  state: string;
  order: { events: { type: string }[] };
}

/** Sums a campaign up; `broken` lists every promise that did not hold. */
export interface ChaosReport {
  kills: { cloud: number; function: number };
  orders: number;
  acknowledged: number;
  paid: number;
  closed: number;
  /** Calls whose outcome the caller never got. */
  unknown: number;
  broken: string[];
}

/**
 * Kills the local cloud and function processes with SIGKILL at random moments under load, then lets
 * time pass and compares: nothing acknowledged is lost, every order reaches its end, ours and WeChat's agree.
 */
export async function chaos(kills: number, random: () => number): Promise<ChaosReport> {
  const cloud = await startCloudProcess();
  const acknowledged = new Map<string, Acknowledged>();
  const count = { cloud: 0, function: 0 };
  let unknown = 0;
  let running = true;
  const worker = async (id: number) => {
    for (let serial = 0; running; serial += 1) {
      const outTradeNo = `CHAOS-${id}-${String(serial).padStart(6, '0')}`;
      await shop(cloud, outTradeNo, acknowledged, random).catch(async () => {
        unknown += 1;
        await wait(20);
      });
    }
  };
  const workers = Array.from({ length: 6 }, (_, id) => worker(id));
  for (let kill = 0; kill < kills; kill += 1) {
    // By what was done meanwhile, not by the clock: a busy machine has as much to lose.
    const goal = acknowledged.size + 2 + random() * 20;
    await until(() => acknowledged.size >= goal);
    const victim = random() < 0.5 ? 'cloud' : 'function';
    if (victim === 'cloud') await cloud.killAndRestart();
    else await until(() => killFunction(cloud, random));
    count[victim] += 1;
  }
  running = false;
  await Promise.all(workers);
  const broken = await brokenPromises(cloud, acknowledged);
  const stored = await cloud.ask<Stored[]>('GET', 'documents/orders?limit=1000000');
  await cloud.close();
  return {
    kills: count,
    orders: stored.length,
    acknowledged: acknowledged.size,
    paid: stored.filter(({ state }) => state === 'paid').length,
    closed: stored.filter(({ state }) => state === 'closed').length,
    unknown,
    broken,
  };
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await wait(5);
}

/** One customer: orders, and pays, closes or walks away. */
async function shop(
  cloud: CloudProcess,
  outTradeNo: string,
  acknowledged: Map<string, Acknowledged>,
  random: () => number,
): Promise<void> {
  const call = async (name: string, data: object) => {
    const body = { name, data, openid: 'oChaos' };
    const { result } = await cloud.ask<{ result?: Record<string, never> }>('POST', 'call', body);
    if (!result) throw new Error('the function died');
    return result as Record<string, unknown>;
  };
  const placed = await call('unifiedOrder', { outTradeNo, body: '咖啡', totalFee: 1990 });
  if (placed.errCode !== 0) return;
  const kept: Acknowledged = { paid: false, closed: false };
  acknowledged.set(outTradeNo, kept);
  const dice = random();
  if (dice < 0.6) {
    const { package: text } = placed.payment as { package: string };
    const path = `cashier/${text.replace('prepay_id=', '')}`;
    const { errMsg } = await cloud.ask<{ errMsg: string }>('POST', path, { action: 'pay' });
    kept.paid = errMsg === 'requestPayment:ok';
  } else if (dice < 0.8) {
    kept.closed = (await call('closeOrder', { outTradeNo })).errCode === 0;
  }
  if (random() < 0.5) await call('queryOrder', { outTradeNo });
}

async function killFunction(cloud: CloudProcess, random: () => number): Promise<boolean> {
  const all = await cloud.ask<{ pid: number; busy: boolean }[]>('GET', 'instances');
  const busy = all.filter((instance) => instance.busy);
  const victims = busy.length > 0 ? busy : all;
  const victim = victims[Math.floor(random() * victims.length)];
  try {
    return victim !== undefined && process.kill(victim.pid, 'SIGKILL');
  } catch {
    return false; // It ended by itself meanwhile.
  }
}

/** Lets an hour pass in steps and lists every promise that does not hold at its end. */
async function brokenPromises(
  cloud: CloudProcess,
  acknowledged: Map<string, Acknowledged>,
): Promise<string[]> {
  for (let step = 0; step < 8; step += 1) {
    await cloud.ask('POST', 'clock', { advance: 'PT11M', timers: 'last' });
  }
  const stored = await cloud.ask<Stored[]>('GET', 'documents/orders?limit=1000000');
  const byNumber = new Map(stored.map((one) => [one._id, one]));
  const broken: string[] = [];
  for (const [outTradeNo, { paid, closed }] of acknowledged) {
    const state = byNumber.get(outTradeNo)?.state;
    if (state === undefined) broken.push(`${outTradeNo}: acknowledged and lost`);
    if (paid && state !== 'paid') broken.push(`${outTradeNo}: paid, but ${state} here`);
    if (closed && state !== 'closed') broken.push(`${outTradeNo}: closed, but ${state} here`);
  }
  for (const { _id, state, order } of stored) {
    const path = `wechatpay/orders/${_id}`;
    const truth = await cloud.ask<{ trade_state: string } | undefined>('GET', path);
    const theirs = truth?.trade_state ?? 'none';
    const agreed = { paid: ['SUCCESS'], closed: ['CLOSED', 'none'] }[state] ?? [];
    if (!agreed.includes(theirs)) broken.push(`${_id}: ${state} here, ${theirs} at WeChat`);
    const paidEvents = order.events.filter(({ type }) => type.startsWith('order.paid')).length;
    if (paidEvents !== (state === 'paid' ? 1 : 0)) broken.push(`${_id}: ${paidEvents} payments`);
  }
  return broken;
}
