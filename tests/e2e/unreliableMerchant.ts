/** Pays orders over the wire while the merchant's function is slow, fails, dies and times out, and processes are killed. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { LocalCloud } from '../../emulator/main.ts';
import { openLocalCloud } from '../support/localCloud.ts';

type Answer = Record<string, unknown>;

const MINUTE_MS = 60_000;

interface StoredDocument {
  _id: string;
  deliveryAt?: unknown;
  order: { events: { id: string; seq: number; deliveries?: Answer }[] };
}

/** The merchant's function as it must not be: the sample inside does its work whenever it gets to. */
const codeOf = (sample: string, log: string) => `
  const { appendFileSync } = require('node:fs');
  const { main } = require(${JSON.stringify(sample)});
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  exports.main = async (event, context) => {
    appendFileSync(${JSON.stringify(log)}, event['webhook-id'] + '\\n');
    const chance = Math.floor(Math.random() * 10);
    if (chance < 3) return { errCode: 'BUSY' };
    if (chance === 3) process.exit(1);
    if (chance === 8) await wait(400);
    const answer = await main(event, context);
    if (chance === 4) process.exit(1);
    if (chance === 5) return undefined;
    if (chance === 6) await wait(60_000);
    return answer;
  };`;

/** Reports what became of the orders. */
export interface Report {
  /** The orders by their numbers. */
  numbers: string[];
  /** Milliseconds of every callback that was acknowledged. */
  callbackMs: number[];
  events: string[];
  /** The event of every attempt that reached the merchant, in order. */
  attempts: string[];
  undelivered: string[];
  purchases: { _id: string; refundedFee: number }[];
  /** How many processes were killed, by function. */
  kills: Record<string, number>;
}

/** Plays it through to the end of every delivery. */
export async function payUnreliably(orders: number): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'unreliable-'));
  const log = join(folder, 'attempts.txt');
  writeFileSync(log, '');
  const cloud = await openLocalCloud();
  try {
    makeUnreliable(cloud, { folder, log });
    const callbackMs = followCallbacks(cloud);
    const kills = killNowAndThen(cloud);
    const numbers = Array.from({ length: orders }, (_, n) => `UNRELIABLE${1000 + n}`);
    await inLanes(numbers, 8, (no) => payAndRefund(cloud, no));
    await deliverAll(cloud);
    return reportOf(cloud, { numbers, callbackMs, log, kills });
  } finally {
    await cloud.close();
    rmSync(folder, { recursive: true });
  }
}

function makeUnreliable(cloud: LocalCloud, { folder, log }: { folder: string; log: string }): void {
  const file = join(folder, 'index.js');
  const functions = cloud.runner.functions();
  cloud.runner.load(
    functions.map((spec) => {
      if (spec.name !== 'fulfilOrder') return spec;
      writeFileSync(file, codeOf(spec.file, log));
      return { ...spec, file, timeoutMs: 2000 };
    }),
  );
}

/** Notes how long WeChat waited for each acknowledgement of a payment. */
function followCallbacks(cloud: LocalCloud): number[] {
  const callbackMs: number[] = [];
  cloud.world.timeline.follow(({ what, detail }) => {
    const { status, ms } = detail as { status?: number | string; ms: number };
    if (what === 'wechatpay.notify' && status === 200) callbackMs.push(ms);
  });
  return callbackMs;
}

/** As many calls end between two kills: by the work done, not by the clock, a busy machine has as much to lose. */
const CALLS_PER_KILL = 12;

/** Kills a process now and then, whichever it is, in the middle of whatever it does. */
function killNowAndThen(cloud: LocalCloud): Record<string, number> {
  const kills: Record<string, number> = {};
  let calls = 0;
  cloud.world.timeline.follow(({ what }) => {
    if (what !== 'function.call') return;
    calls += 1;
    if (calls % CALLS_PER_KILL !== 0) return;
    const victims = cloud.runner.instances().filter(({ busy }) => busy);
    const victim = victims[Math.floor(Math.random() * victims.length)];
    if (victim && isKilled(victim.pid)) kills[victim.name] = (kills[victim.name] ?? 0) + 1;
  });
  return kills;
}

function isKilled(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false; // It ended by itself meanwhile.
  }
}

async function inLanes<T>(items: readonly T[], lanes: number, work: (item: T) => Promise<void>) {
  const queue = items.values();
  const lane = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function post(cloud: LocalCloud, path: string, body: object): Promise<Answer> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  return (await (await fetch(`${cloud.url}${path}`, init)).json()) as Answer;
}

async function payAndRefund(cloud: LocalCloud, outTradeNo: string): Promise<void> {
  /** Calls again where a process died over it: the same call has the same effect. */
  const call = async (name: string, data: object, as: object, tries = 20): Promise<Answer> => {
    const answer = await post(cloud, '/_local/call', { name, data, ...as });
    const { errCode } = (answer.result ?? {}) as Answer;
    if (errCode === 0) return answer.result as Answer;
    if (tries === 0) throw new Error(`${name} ${outTradeNo}: ${JSON.stringify(answer)}`);
    return call(name, data, as, tries - 1);
  };
  const order = { outTradeNo, body: '拿铁', totalFee: 1990 };
  const placed = await call('unifiedOrder', order, { openid: `o${outTradeNo}` });
  const { package: prepay } = placed.payment as { package: string };
  await post(cloud, `/_local/cashier/${prepay.replace('prepay_id=', '')}`, { action: 'pay' });
  const part = { outTradeNo, outRefundNo: `R${outTradeNo}`, refundFee: 10 };
  await call('refund', part, { service: true });
}

/** Lets time pass until nothing is due any more; what was parked after all its attempts is asked for again. */
async function deliverAll(cloud: LocalCloud): Promise<void> {
  const isOpen = ({ deliveryAt, order }: StoredDocument) =>
    deliveryAt !== undefined || order.events.length < 2;
  for (let round = 0; round < 200; round += 1) {
    await advance(cloud, round < 10 ? MINUTE_MS : 120 * MINUTE_MS);
    const documents = documentsOf(cloud);
    if (documents.some(isOpen)) continue;
    const parked = documents.filter(({ order }) => order.events.some(isParked));
    if (parked.length === 0) return;
    await inLanes(parked, 8, async ({ _id: outTradeNo }) => {
      const asked = { name: 'deliverEvents', data: { outTradeNo }, service: true };
      await post(cloud, '/_local/call', asked);
    });
  }
}

/** Moves time in this process: so much falls due in one step that no HTTP client waits for its end. */
async function advance({ world, runner }: LocalCloud, ms: number): Promise<void> {
  const toMs = world.clock.nowMs() + ms;
  runner.skipTimersTo(toMs);
  await world.agenda.advance(toMs);
  for (const name of ['closeStaleOrders', 'deliverEvents']) await runner.fireTimer(name);
}

function isParked({ deliveries }: StoredDocument['order']['events'][number]): boolean {
  return (deliveries?.function as { state?: string } | undefined)?.state === 'parked';
}

function documentsOf(cloud: LocalCloud): StoredDocument[] {
  return cloud.cloudbase.documents('orders', 1_000_000) as StoredDocument[];
}

function reportOf(
  cloud: LocalCloud,
  { log, ...known }: Pick<Report, 'numbers' | 'callbackMs' | 'kills'> & { log: string },
): Report {
  const events = documentsOf(cloud).flatMap(({ order }) => order.events);
  const isOpen = ({ deliveries }: (typeof events)[number]) =>
    (deliveries?.function as { state?: string } | undefined)?.state !== 'delivered';
  return {
    ...known,
    events: events.map(({ id }) => id),
    attempts: readFileSync(log, 'utf8').split('\n').filter(Boolean),
    undelivered: events.filter(isOpen).map(({ id }) => id),
    purchases: cloud.cloudbase.documents('purchases', 1_000_000) as Report['purchases'],
  };
}

/** Expects every event delivered at least once, by its own id, in order, and each purchase fulfilled once. */
export function expectSound(report: Report): void {
  const { numbers, events, attempts, undelivered, purchases } = report;
  expect(undelivered).toEqual([]);
  expect(events).toHaveLength(2 * numbers.length);
  expect(new Set(attempts)).toEqual(new Set(events));
  expect(attempts.length, 'there were repeats').toBeGreaterThan(events.length);
  const firstOf = new Map([...attempts.entries()].reverse().map(([at, id]) => [id, at]));
  const late = events.filter((id) => {
    const [no, seq] = id.split('.');
    const before = firstOf.get(`${no}.${Number(seq) - 1}`);
    return before !== undefined && before > (firstOf.get(id) ?? 0);
  });
  expect(late).toEqual([]);
  expect(purchases.map(({ _id }) => _id).sort()).toEqual([...numbers].sort());
}
