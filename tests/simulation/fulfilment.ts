import { setImmediate } from 'node:timers/promises';
import { expect } from 'vitest';
import { openDelivery } from '../../shared/merchant/merchant.ts';
import { CallerDies, EVENTS_KEY, type Fulfil } from '../e2e/merchantCalls.ts';
import type { Stage } from '../e2e/stage.ts';

/** Lists what becomes of an attempt; where it times out or its caller dies, nobody knows whether it had its effect. */
export const BEHAVIOURS = [
  'accepts',
  'refuses',
  'throws',
  'answers_nothing',
  'times_out',
  'wants_no_more',
  'caller_dies',
] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

const admin = { openid: 'oAdmin' };

/** One attempt, as it was made. */
interface Attempt {
  id: string;
  outTradeNo: string;
  seq: number;
  type: string;
  accepted: boolean;
}

/** Others go on meanwhile. */
const WORKS_TURNS = 3;

/** A merchant's function whose behaviour changes, and what it was told. */
export function aFulfilment(stage: Stage) {
  const attempts: Attempt[] = [];
  /** Events that were parked at some time: these alone may be overtaken. */
  const parked = new Set<string>();
  const seen = new Map<string, string[]>();
  let firstUnderWay: Attempt[] = [];
  /** First attempts that began while the first one of an earlier event was under way. */
  const overtaken: string[] = [];
  let next: Behaviour[] = [];
  const fulfil: Fulfil = async (event) => {
    const now = await stage.now();
    const { type, data } = openDelivery(event, { keys: EVENTS_KEY, now });
    expect(event['webhook-id']).toBe(data.eventId);
    const behaviour = next.shift() ?? 'accepts';
    const { outTradeNo, seq, eventId: id } = data;
    const isFirst = !attempts.some((one) => one.id === id);
    const attempt = { id, outTradeNo, seq, type, accepted: false };
    attempts.push(attempt);
    if (isFirst) {
      const before = firstUnderWay.filter((one) => one.outTradeNo === outTradeNo && one.seq < seq);
      overtaken.push(...before.map((one) => `${one.id} by ${id}`));
      firstUnderWay.push(attempt);
    }
    for (let turn = 0; turn < WORKS_TURNS; turn += 1) await setImmediate();
    firstUnderWay = firstUnderWay.filter((one) => one !== attempt);
    attempt.accepted = behaviour === 'accepts';
    return behave(behaviour);
  };
  stage.shop?.fulfils(fulfil);

  /** Expects that each attempt is at an event that is written down, and none was first made before an earlier one's. */
  const expectInOrder = (outTradeNo: string, types: ReadonlyMap<string, string>) => {
    const attempted = new Set<string>();
    expect(overtaken).toEqual([]);
    for (const { id, seq, type } of attempts.filter((one) => one.outTradeNo === outTradeNo)) {
      expect(types.get(id), `${id} was delivered, and is not written down`).toBe(type);
      const missed = Array.from({ length: seq - 1 }, (_, n) => `${outTradeNo}.${n + 1}`).filter(
        (before) => !attempted.has(before) && !parked.has(before),
      );
      expect(missed, `${id} was delivered before`).toEqual([]);
      attempted.add(id);
    }
  };

  return {
    /** From now on it behaves so, an attempt each; then it accepts. */
    behaves: (behaviours: readonly Behaviour[]) => {
      next = [...behaviours];
    },
    /** Expects what must hold of the events of an order at every moment. */
    always: async (outTradeNo: string) => {
      const { deliveries = [] } = (await stage.stored(outTradeNo)) ?? {};
      const ids = deliveries.map(({ id }) => id);
      expect(ids).toEqual(ids.map((_, n) => `${outTradeNo}.${n + 1}`));
      const names = deliveries.map(({ id, type }) => `${id} ${type}`);
      const before = seen.get(outTradeNo) ?? [];
      expect(names.slice(0, before.length), 'events that were there before').toEqual(before);
      seen.set(outTradeNo, names);
      for (const { id, state } of deliveries) {
        if (state === 'parked') parked.add(id);
        const isAccepted = attempts.some((one) => one.id === id && one.accepted);
        if (state === 'delivered') expect(isAccepted, `${id} was accepted`).toBe(true);
      }
      expectInOrder(outTradeNo, new Map(deliveries.map(({ id, type }) => [id, type])));
    },
    /** Lets everything be told: what waits by itself, and what is parked by a decision about each. */
    deliverAll: async (outTradeNos: readonly string[]) => {
      next = [];
      // Who wants no more (410) is told again once somebody asks.
      await stage.call('deliverEvents', { outTradeNo: outTradeNos[0] }, { service: true });
      for (let day = 0; day < 3; day += 1) await stage.advance('PT24H', 'last');
      for (const outTradeNo of outTradeNos) await redeliverParked(stage, outTradeNo);
      for (let minute = 0; minute < 2; minute += 1) await stage.advance('PT1M', 'last');
    },
    /** Expects that every event of an order has arrived. */
    atTheEnd: async (outTradeNo: string) => {
      const { deliveries = [] } = (await stage.stored(outTradeNo)) ?? {};
      const open = deliveries.filter(({ state }) => state !== 'delivered');
      expect(open, 'events that did not arrive').toEqual([]);
    },
  };
}

async function behave(behaviour: Behaviour): Promise<unknown> {
  const withCode = (code: string) => Object.assign(new Error(code), { code });
  switch (behaviour) {
    case 'accepts':
      return { errCode: 0 };
    case 'refuses':
      return { errCode: 'BUSY', errMsg: '稍后再试' };
    case 'wants_no_more':
      return { errCode: 410 };
    case 'answers_nothing':
      return undefined;
    case 'throws':
      throw withCode('FUNCTIONS_EXECUTE_FAIL');
    case 'times_out':
      throw withCode('ETIMEDOUT');
    case 'caller_dies':
      throw new CallerDies();
  }
}

/** Decides about each parked event of an order: nobody else would, and nothing may wait any more. */
async function redeliverParked(stage: Stage, outTradeNo: string): Promise<void> {
  const { deliveries = [] } = (await stage.stored(outTradeNo)) ?? {};
  for (const { id: eventId, state } of deliveries) {
    expect(['delivered', 'parked'], `${eventId} after three calm days`).toContain(state);
    if (state === 'delivered') continue;
    const { entries } = await stage.call('listAttention', {}, admin);
    expect(entries, 'parked, and not listed').toContainEqual(
      expect.objectContaining({ kind: 'event_parked', about: eventId }),
    );
    const data = { decision: 'redeliver', outTradeNo, eventId, reason: '试' };
    expect(await stage.call('decideOrder', data, admin)).toMatchObject({ errCode: 0 });
  }
}
