import { createOrderStore } from '../../shared/store/orderStore.ts';
import type { Invocation, UseCaseDeps } from '../../shared/usecases/step/deps.ts';
import { closeStaleOrders } from '../../shared/usecases/timer/closeStaleOrders.ts';
import { anInvocation, memoryDeps } from '../../tests/support/useCases.ts';
import { createTimedCollection } from './collection.ts';
import { createLoad } from './load.ts';
import { createVirtualTime } from './virtualTime.ts';
import { createWeChat, type Fate } from './wechat.ts';

const LATENCY = { databaseMs: 30, wechatMs: 200, functionMs: 300 };
const MINUTE_MS = 60_000;
/** The time-out of the function. */
const TIMEOUT_MS = 55_000;
const BEGIN_MS = Date.parse('2026-11-30T00:00:00Z');

/** Runs the timer once, by the code of today or by another. */
export type TimerRun = (
  deps: UseCaseDeps,
  invocation: Invocation,
) => Promise<{ counts: Record<string, number> }>;

/** Sums up what was seen until now; lags are of what is due and nobody works on, in seconds. */
export interface Seen {
  minutes: number;
  placed: number;
  checks: number;
  wechatPerSecondMax: number;
  lagS: number;
  lagMaxS: number;
  urgentLagMaxS: number;
  workersMax: number;
  documentsMax: number;
  states: Record<string, number>;
}

/** The code of today, with its workers in instances of their own. */
export const runOfToday: TimerRun = (deps, invocation) =>
  closeStaleOrders({ Type: 'Timer' }, deps, invocation);

/** Makes a day in virtual time around the real use cases; `step` lets one minute pass and tells what was seen. */
export function createSimulation(timerRun: TimerRun, { warmUpMinutes }: { warmUpMinutes: number }) {
  const time = createVirtualTime(BEGIN_MS);
  const fates = new Map<string, Fate>();
  const databaseWait = () => time.wait(LATENCY.databaseMs);
  const collection = createTimedCollection(databaseWait, (stored) => load.prune(stored));
  const wechat = createWeChat(fates, time, LATENCY.wechatMs);
  let writes = 0;
  const newWriteId = () => {
    writes += 1;
    return `w${writes}`;
  };
  const store = createOrderStore(collection.operations, {
    newWriteId,
    wait: time.wait,
    now: time.now,
  });
  const base = memoryDeps(wechat.gateway).deps;
  const deps = { ...base, store: { ...base.store, ...store }, clock: time };
  const load = createLoad({ time, collection, fates, deps }, 20261130);
  const seen = blank();
  const invoke = () => {
    const endMs = time.nowMs() + TIMEOUT_MS;
    const invocation = anInvocation({ kind: 'timer', source: 'timer' }, () => endMs - time.nowMs());
    return { ...invocation, log: { ...invocation.log, line: () => {} } };
  };
  deps.callSelf = async (data) => {
    seen.workersMax = Math.max(seen.workersMax, (data as { of: number }).of);
    await time.wait(LATENCY.functionMs);
    return closeStaleOrders(data as Parameters<typeof closeStaleOrders>[0], deps, invoke());
  };
  const fire = async () => {
    const invocation = invoke();
    const { counts } = await timerRun(deps, invocation);
    seen.checks += Object.values(counts).reduce((sum, count) => sum + count, 0);
    seen.checks -= counts.leased_by_another ?? 0;
  };
  const look = () => {
    const { all = time.nowMs(), urgent = time.nowMs() } = collection.firstDueMs();
    seen.lagS = Math.max(0, (time.nowMs() - all) / 1000);
    if (seen.minutes >= warmUpMinutes) {
      seen.lagMaxS = Math.max(seen.lagMaxS || 0, seen.lagS);
      const urgentLagS = (time.nowMs() - urgent) / 1000;
      seen.urgentLagMaxS = Math.max(seen.urgentLagMaxS || 0, urgentLagS);
    }
    seen.documentsMax = Math.max(seen.documentsMax, collection.size());
  };
  void load.run();
  return {
    seen: (): Seen => ({
      ...seen,
      placed: load.counts.placed,
      wechatPerSecondMax: wechat.counts.perSecondMax,
      states: load.counts.states,
    }),
    step: async () => {
      void fire();
      for (let second = 1; second <= 60; second += 1) {
        await time.runUntil(BEGIN_MS + seen.minutes * MINUTE_MS + second * 1000);
        look();
      }
      seen.minutes += 1;
    },
  };
}

function blank(): Seen {
  return {
    minutes: 0,
    placed: 0,
    checks: 0,
    wechatPerSecondMax: 0,
    lagS: 0,
    lagMaxS: Number.NaN,
    urgentLagMaxS: Number.NaN,
    workersMax: 1,
    documentsMax: 0,
    states: {},
  };
}
