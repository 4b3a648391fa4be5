import { beforeEach, describe, expect, test } from 'vitest';
import { anOrder, aReceipt, ordersByState, plus } from '../../../tests/support/orders.ts';
import { anInvocation, memoryDeps } from '../../../tests/support/useCases.ts';
import { deliveryBody } from '../../contract/event/delivery.ts';
import { parkedDeliveries } from '../../domain/delivery/delivery.ts';
import type { Channel, DeliveryOutcome } from '../../domain/delivery/deliveryState.ts';
import { withEvent } from '../../domain/order/event.ts';
import type { Order } from '../../domain/order/order.ts';
import type { MerchantChannels } from '../../ports/merchant.ts';
import { StoreError } from '../../ports/store.ts';
import { decideOrder } from '../decision/decideOrder.ts';
import { deliverEvents } from './deliverEvents.ts';

const TIMER = { kind: 'timer', source: 'timer' } as const;
const SERVICE = { kind: 'service', source: 'scf' } as const;
const BACKEND = { kind: 'backend', source: 'scf' } as const;
const MINUTE = 60;

type Sent = { channel: Channel; id: string; type: string };
type Answer = (sent: Sent, timeoutMs: number) => DeliveryOutcome | Promise<DeliveryOutcome>;

let world: ReturnType<typeof memoryDeps>;
let sent: Sent[];
let answer: Answer;
let channels: Channel[];
let places: Record<Channel, string>;
beforeEach(() => {
  world = memoryDeps();
  world.pass(100);
  sent = [];
  answer = () => ({ kind: 'accepted' });
  channels = ['function'];
  places = { function: 'fulfilOrder', url: 'https://a.example/' };
});

const merchant = (): MerchantChannels => ({
  channels,
  placeOf: (channel) => places[channel],
  deliver: async (channel, { id, body }, timeoutMs) => {
    const parsed = deliveryBody.parse(JSON.parse(body));
    expect(parsed.data.eventId).toBe(id);
    const one = { channel, id, type: parsed.type };
    sent.push(one);
    return answer(one, timeoutMs);
  },
});
const run = (
  input: Parameters<typeof deliverEvents>[0] = { Type: 'Timer' },
  caller: Parameters<typeof anInvocation>[0] = TIMER,
  remainingMs: () => number = () => 55_000,
) => {
  const invocation = anInvocation(caller, remainingMs);
  const deps = { ...world.deps, merchant: merchant() };
  return deliverEvents(input, deps, invocation).then((answered) => ({ answered, invocation }));
};
const paid = (outTradeNo: string): Order =>
  withEvent({ ...ordersByState.paid, outTradeNo }, 'order.paid', plus(61));
const stored = async (order: Order) => void (await world.store.insert(order));
const read = async (outTradeNo: string) => {
  const order = await world.store.get(outTradeNo);
  if (!order) throw new Error('no order');
  return order;
};
const ids = () => sent.map(({ id }) => id);

describe('the timer', () => {
  test('delivers what is due once, and then nothing', async () => {
    await stored(withEvent(paid('T20261124001'), 'refund.success', plus(70), 'R1'));
    await stored(paid('T20261124002'));
    const { answered, invocation } = await run();
    expect(answered).toEqual({ counts: { accepted: 3 }, more: false });
    expect(ids().filter((id) => id.startsWith('T20261124001'))).toEqual([
      'T20261124001.1',
      'T20261124001.2',
    ]);
    expect(invocation.fields).toMatchObject({ counts: { accepted: 3 }, more: false });
    expect(invocation.fields).not.toHaveProperty('level');
    expect(invocation.counters).toEqual({ delivered: 3 });
    expect(invocation.lines).toHaveLength(3);
    expect(invocation.lines[0]).toMatchObject({
      level: 'info',
      channel: 'function',
      attempt: 1,
      outcome: 'accepted',
      ageMs: 39_000,
    });
    sent = [];
    expect((await run()).answered.counts).toEqual({});
    expect(sent).toEqual([]);
  });

  test('says how long the first delivery has been due, which grows while none arrives in time', async () => {
    expect((await run()).invocation.fields).toMatchObject({ oldestDueMs: 0 });
    await stored(paid('T20261124001'));
    expect((await run()).invocation.fields).toMatchObject({ oldestDueMs: 39_000 });
    await stored(paid('T20261124002'));
    world.pass(MINUTE);
    expect((await run(undefined, TIMER, () => 3000)).invocation.fields).toMatchObject({
      error: expect.stringMatching(/^TIMEOUT_TOO_SHORT/),
      oldestDueMs: 99_000,
    });
  });

  test('repeats what was refused by the schedule, and what is silent', async () => {
    await stored(paid('T20261124001'));
    answer = () => ({ kind: 'refused', reason: 'BUSY' });
    const first = await run();
    expect(first.answered.counts).toEqual({ refused: 1 });
    const eventId = 'T20261124001.1';
    const refused = { level: 'warn', outcome: 'refused', error: 'BUSY', attempt: 1, eventId };
    expect(first.invocation.lines).toMatchObject([refused]);
    expect(first.invocation.counters).toEqual({});
    answer = () => ({ kind: 'timed_out' });
    world.pass(MINUTE);
    const second = await run();
    expect(second.answered.counts).toEqual({ timed_out: 1 });
    expect(second.invocation.lines).toMatchObject([{ level: 'warn', outcome: 'timed_out' }]);
    expect(second.invocation.lines[0]).not.toHaveProperty('error');
    world.pass(MINUTE);
    expect((await run()).answered.counts, 'five minutes are not over').toEqual({});
    world.pass(5 * MINUTE);
    answer = () => ({ kind: 'accepted' });
    expect((await run()).answered.counts).toEqual({ accepted: 1 });
    expect(ids()).toEqual(Array.from({ length: 3 }, () => 'T20261124001.1'));
  });

  test('a dead order blocks no other', async () => {
    for (let n = 1; n <= 100; n += 1) await stored(paid(`T20261124${100 + n}`));
    answer = ({ id }) =>
      id.startsWith('T2026112410') ? { kind: 'refused', reason: 'POISON' } : { kind: 'accepted' };
    expect((await run()).answered.counts).toEqual({ accepted: 91, refused: 9 });
  });

  test('a channel that is dead holds the other one up in nothing', async () => {
    channels = ['function', 'url'];
    for (let n = 1; n <= 50; n += 1) await stored(paid(`T20261124${100 + n}`));
    let release = () => {};
    const dead = new Promise<DeliveryOutcome>((resolve) => {
      release = () => resolve({ kind: 'timed_out' });
    });
    let urls = 0;
    answer = ({ channel }) => {
      if (channel === 'function') return dead;
      urls += 1;
      if (urls === 50) release();
      return { kind: 'accepted' };
    };
    expect((await run()).answered.counts).toEqual({ accepted: 50, timed_out: 50 });
  });

  test('ends in time, and says that there is more', async () => {
    for (let n = 1; n <= 60; n += 1) await stored(paid(`T20261124${100 + n}`));
    let leftMs = 55_000;
    answer = () => {
      leftMs -= 1000;
      return { kind: 'accepted' };
    };
    const { answered } = await run(undefined, TIMER, () => leftMs);
    const first = sent.length;
    expect(answered).toEqual({ counts: { accepted: first }, more: true });
    expect(first).toBeLessThan(60);
    expect((await run()).answered).toEqual({ counts: { accepted: 60 - first }, more: false });
    expect(new Set(ids()).size).toBe(60);
  });

  test('with too short a time-out it delivers nothing, and says so', async () => {
    await stored(paid('T20261124001'));
    const { answered, invocation } = await run(undefined, TIMER, () => 3000);
    expect(answered).toEqual({ counts: {}, more: true });
    expect(invocation.fields).toMatchObject({ level: 'error' });
    expect(invocation.fields.error).toMatch(/^TIMEOUT_TOO_SHORT/);
  });

  test('what died before its outcome was written is attempted again, never lost', async () => {
    await stored(paid('T20261124001'));
    answer = () => {
      throw new Error('the instance was killed');
    };
    const { answered } = await run();
    expect(answered.counts).toEqual({ INTERNAL_ERROR: 1 });
    answer = () => ({ kind: 'accepted' });
    world.pass(31);
    expect((await run()).answered.counts).toEqual({ accepted: 1 });
    expect(ids()).toEqual(['T20261124001.1', 'T20261124001.1']);
  });

  test('two runs at once attempt nothing twice', async () => {
    for (let n = 1; n <= 30; n += 1) await stored(paid(`T20261124${100 + n}`));
    await Promise.all([run(), run(), run({ outTradeNo: 'T20261124101' }, BACKEND)]);
    expect(ids().sort()).toEqual([...new Set(ids())].sort());
    expect(sent).toHaveLength(30);
  });

  test('a document that cannot be read blocks nothing, and waits an hour', async () => {
    await stored(paid('T20261124001'));
    await stored(paid('T20261124002'));
    const raw = world.store.raw.get('T20261124001');
    Object.assign(raw?.order ?? {}, { totalFee: 'x' });
    const { answered, invocation } = await run();
    expect(answered.counts).toEqual({ DOCUMENT_UNREADABLE: 1, accepted: 1 });
    expect(invocation.fields.failures).toEqual(['T20261124001:DOCUMENT_UNREADABLE']);
    expect((await run()).answered.counts).toEqual({});
    world.pass(3601);
    expect((await run()).answered.counts).toEqual({ DOCUMENT_UNREADABLE: 1 });
  });

  test('a failing database ends the run, whose error is not hidden', async () => {
    await stored(paid('T20261124001'));
    world.deps.store.due = async () => {
      throw new StoreError('STORE_UNAVAILABLE', 'same_request', 'down');
    };
    await expect(run()).rejects.toThrow('down');
  });

  test('a database that fails midway ends the run once what was begun is over; the error is thrown then', async () => {
    for (let n = 1; n <= 60; n += 1) await stored(paid(`T20261124${100 + n}`));
    const { due } = world.deps.store;
    let reads = 0;
    world.deps.store.due = async (...given) => {
      reads += 1;
      // The first tells how old the oldest is, the second is a page.
      if (reads > 2) throw new StoreError('STORE_UNAVAILABLE', 'same_request', 'down');
      return due(...given);
    };
    const invocation = anInvocation(TIMER);
    const deps = { ...world.deps, merchant: merchant() };
    await expect(deliverEvents({ Type: 'Timer' }, deps, invocation)).rejects.toThrow('down');
    expect(invocation.fields).toMatchObject({ counts: { accepted: sent.length }, more: true });
    expect(sent.length).toBeGreaterThan(0);
  });

  test('a document that cannot be read only now is not set aside: the next run reads it', async () => {
    await stored(paid('T20261124001'));
    const { get } = world.deps.store;
    for (const error of [
      new StoreError('STORE_UNAVAILABLE', 'same_request', 'x'),
      new Error('x'),
    ]) {
      world.deps.store.get = async () => Promise.reject(error);
      const { invocation } = await run();
      const code = error instanceof StoreError ? 'STORE_UNAVAILABLE' : 'INTERNAL_ERROR';
      expect(invocation.fields).toMatchObject({
        level: 'error',
        failures: [`T20261124001:${code}`],
      });
    }
    world.deps.store.get = get;
    expect((await run()).answered.counts).toEqual({ accepted: 1 });
  });

  test('without a key nothing is delivered, and everything waits', async () => {
    channels = [];
    await stored(paid('T20261124001'));
    expect((await run()).answered).toEqual({ counts: {}, more: false });
    channels = ['function'];
    expect((await run()).answered.counts).toEqual({ accepted: 1 });
  });

  test('what was written before there were deliveries is never delivered by itself', async () => {
    const order = paid('T20261124001');
    const events = order.events.map(({ deliveries: _none, ...event }) => event);
    await stored({ ...order, events, deliveryAt: null });
    await stored(
      withEvent({ ...order, outTradeNo: 'T20261124002', events }, 'order.closed', plus(9)),
    );
    expect((await run()).answered.counts).toEqual({ accepted: 1 });
    expect(sent).toMatchObject([{ id: 'T20261124002.2', type: 'order.closed' }]);
  });

  test('after 72 hours it is parked, which is an error in the log', async () => {
    await stored(paid('T20261124001'));
    answer = () => ({ kind: 'refused', reason: 'BUSY' });
    const levels: unknown[] = [];
    for (let hours = 0; hours < 80; hours += 1) {
      const { invocation } = await run();
      levels.push(...invocation.lines.map(({ level, outcome }) => `${level} ${outcome}`));
      world.pass(3600);
    }
    expect(levels.at(-1)).toBe('error parked');
    expect(levels.filter((line) => line === 'error parked')).toHaveLength(1);
    expect(parkedDeliveries(await read('T20261124001'))).toHaveLength(1);
    sent = [];
    expect((await run()).answered.counts).toEqual({});
  });
});

describe('a channel that is gone (410)', () => {
  const gone = async () => {
    await stored(paid('T20261124001'));
    answer = ({ channel }) => (channel === 'url' ? { kind: 'gone' } : { kind: 'accepted' });
    return run();
  };
  beforeEach(() => {
    channels = ['function', 'url'];
  });

  test('is disabled: what falls due on it is parked without a call, visibly', async () => {
    const { answered } = await gone();
    expect(answered).toMatchObject({ counts: { accepted: 1, parked: 1 }, disabled: ['url'] });
    await stored(paid('T20261124002'));
    sent = [];
    const next = await run();
    expect(sent.map(({ channel }) => channel)).toEqual(['function']);
    expect(next.answered).toEqual({
      counts: { accepted: 1, parked: 1 },
      more: false,
      disabled: ['url'],
    });
    expect(next.invocation.fields).toMatchObject({ level: 'error', disabled: ['url'] });
    expect(parkedDeliveries(await read('T20261124002'))).toMatchObject([
      { channel: 'url', delivery: { lastError: 'CHANNEL_DISABLED' } },
    ]);
  });

  test('is enabled by another address, and when somebody asks', async () => {
    await gone();
    answer = () => ({ kind: 'accepted' });
    places.url = 'https://b.example/';
    await stored(paid('T20261124002'));
    expect((await run()).answered).toEqual({ counts: { accepted: 2 }, more: false });
    places.url = 'https://a.example/';
    expect((await run()).answered.disabled).toEqual(['url']);
    const asked = await run({ outTradeNo: 'T20261124001' }, SERVICE);
    expect(asked.answered).toEqual({ counts: { asked_again: 1, accepted: 2 }, more: false });
    expect((await run()).answered.disabled).toBeUndefined();
  });

  test('is enabled by the decision to deliver an event of it again, it alone', async () => {
    answer = () => ({ kind: 'gone' });
    channels = ['url'];
    await stored(paid('T20261124001'));
    await run();
    channels = ['function', 'url'];
    await stored(paid('T20261124002'));
    expect((await run()).answered.disabled).toEqual(['url', 'function']);
    answer = () => ({ kind: 'accepted' });
    const event = { outTradeNo: 'T20261124001', eventId: 'T20261124001.1' };
    const decision = { decision: 'redeliver', ...event } as const;
    for (const reason of ['repaired', 'the same, for the answer was lost']) {
      const decide = decideOrder({ ...decision, reason }, world.deps, anInvocation(SERVICE));
      expect(await decide).toEqual(decision);
    }
    sent = [];
    expect((await run()).answered.disabled).toEqual(['function']);
    expect(sent.map(({ channel, type }) => `${channel} ${type}`)).toEqual([
      'url order.paid',
      'url order.decided',
    ]);
  });
});

describe('where it cannot be read or written which channels are disabled', () => {
  const down = new StoreError('STORE_REFUSED', 'never', 'DATABASE_COLLECTION_NOT_EXIST');
  beforeEach(async () => {
    const fail = () => Promise.reject(down);
    world.deps.disabledChannels = { list: fail, disable: fail, enable: fail };
    await stored(paid('T20261124001'));
  });

  test.each([
    ['the timer', { Type: 'Timer' }, TIMER],
    ['a function of ours', { outTradeNo: 'T20261124001' }, BACKEND],
    ['a person', { outTradeNo: 'T20261124001' }, SERVICE],
  ] as const)('%s delivers all the same, and says so', async (_who, input, caller) => {
    const { answered, invocation } = await run(input, caller);
    expect(answered.counts).toMatchObject({ accepted: 1 });
    expect(invocation.lines).toContainEqual({
      level: 'warn',
      error: 'CHANNELS_UNAVAILABLE STORE_REFUSED DATABASE_COLLECTION_NOT_EXIST',
    });
  });

  test('a person who asks is refused only while asking again may help', async () => {
    const busy = () => Promise.reject(new StoreError('STORE_UNAVAILABLE', 'same_request', 'busy'));
    world.deps.disabledChannels = { list: busy, disable: busy, enable: busy };
    await expect(run({ outTradeNo: 'T20261124001' }, SERVICE)).rejects.toThrow('busy');
    expect((await run()).answered.counts).toEqual({ accepted: 1 });
  });

  test('one that is gone is attempted no more by this run, and its outcome is written down', async () => {
    await stored(paid('T20261124002'));
    answer = () => ({ kind: 'gone' });
    const { answered } = await run();
    expect(answered).toEqual({ counts: { parked: 2 }, more: false, disabled: ['function'] });
    expect(parkedDeliveries(await read('T20261124001'))).toHaveLength(1);
  });
});

describe('a channel that is not configured any more', () => {
  beforeEach(async () => {
    channels = ['function', 'url'];
    await stored(paid('T20261124001'));
    answer = ({ channel }) =>
      channel === 'url' ? { kind: 'refused', reason: 'HTTP_500' } : { kind: 'accepted' };
    await run();
    channels = ['function'];
  });
  const parkedAs = async (error: string) => {
    const order = await read('T20261124001');
    expect(order.deliveryAt, 'no run and no query finds it due for ever').toBeNull();
    expect(parkedDeliveries(order)).toMatchObject([
      { event: { seq: 1 }, channel: 'url', delivery: { lastError: error } },
    ]);
  };

  test('has what falls due on it parked without a call, visibly', async () => {
    sent = [];
    expect((await run()).answered.counts, 'nothing is due yet').toEqual({});
    world.pass(MINUTE);
    const { answered, invocation } = await run();
    expect(answered).toEqual({ counts: { parked: 1 }, more: false });
    expect(sent).toEqual([]);
    expect(invocation.lines).toMatchObject([
      {
        level: 'error',
        outTradeNo: 'T20261124001',
        eventId: 'T20261124001.1',
        channel: 'url',
        attempt: 1,
        outcome: 'parked',
        error: 'CHANNEL_NOT_CONFIGURED',
      },
    ]);
    await parkedAs('CHANNEL_NOT_CONFIGURED');
  });

  test('has what a person asks for on it parked again, and delivers it once it is configured', async () => {
    world.pass(MINUTE);
    await run();
    const ask = async () => {
      const event = { outTradeNo: 'T20261124001', eventId: 'T20261124001.1' };
      const decision = { decision: 'redeliver', ...event, reason: 'again' } as const;
      await decideOrder(decision, world.deps, anInvocation(SERVICE));
    };
    await ask();
    await run();
    await parkedAs('CHANNEL_NOT_CONFIGURED');
    channels = ['function', 'url'];
    answer = () => ({ kind: 'accepted' });
    await ask();
    sent = [];
    await run();
    expect(sent).toContainEqual({ channel: 'url', id: 'T20261124001.1', type: 'order.paid' });
  });
});

describe('one order', () => {
  test('is delivered at once, its first repeat after 5 seconds with it', async () => {
    await stored(paid('T20261124001'));
    await stored(paid('T20261124002'));
    answer = () => (sent.length === 1 ? { kind: 'refused', reason: 'COLD' } : { kind: 'accepted' });
    const { answered } = await run({ outTradeNo: 'T20261124001' }, BACKEND);
    expect(answered.counts).toEqual({ refused: 1, accepted: 1 });
    expect(ids()).toEqual(['T20261124001.1', 'T20261124001.1']);
  });

  test('is not waited for while its repeat is farther away', async () => {
    await stored(paid('T20261124001'));
    answer = () => ({ kind: 'refused', reason: 'NO' });
    const before = world.deps.clock.now().getTime();
    await run({ outTradeNo: 'T20261124001' }, BACKEND);
    expect(sent).toHaveLength(2);
    expect(world.deps.clock.now().getTime() - before).toBe(5000);
  });

  test.each([
    ['5 seconds', 5, 2],
    ['the 6 that are no more this call’s', 6, 1],
  ])(
    'whose channel asks for %s is repeated by the same call or not',
    async (_what, seconds, times) => {
      await stored(paid('T20261124001'));
      answer = () => ({ kind: 'refused', reason: 'HTTP_503', retryAfterMs: seconds * 1000 });
      await run({ outTradeNo: 'T20261124001' }, BACKEND);
      expect(sent).toHaveLength(times);
    },
  );

  test('a function of ours starts what is due, and nothing again', async () => {
    await stored(paid('T20261124001'));
    await run({ outTradeNo: 'T20261124001' }, BACKEND);
    const { answered } = await run({ outTradeNo: 'T20261124001' }, BACKEND);
    expect(answered.counts).toEqual({});
    expect((await run({ outTradeNo: 'T20261124009' }, BACKEND)).answered.counts).toEqual({});
  });

  test('whoever names a day and may not ask starts what is due, and nothing again', async () => {
    await stored(paid('T20261124001'));
    for (const counts of [{ accepted: 1 }, {}]) {
      expect((await run({ day: '2026-11-24' }, BACKEND)).answered).toEqual({ counts, more: false });
    }
  });

  test.each([SERVICE, { kind: 'admin', openid: 'oAdmin', source: 'wx_client' } as const])(
    'on request of $kind all of it is delivered again, the past too',
    async (caller) => {
      const order = withEvent(paid('T20261124001'), 'refund.success', plus(70), 'R1');
      const events = order.events.map(({ deliveries: _none, ...event }) => event);
      await stored({ ...order, events, deliveryAt: null });
      for (const _ of [1, 2]) {
        sent = [];
        const { answered } = await run({ outTradeNo: 'T20261124001' }, caller);
        expect(answered.counts).toEqual({ asked_again: 1, accepted: 2 });
        expect(ids()).toEqual(['T20261124001.1', 'T20261124001.2']);
      }
      const none = await run({ outTradeNo: 'T20261124009' }, caller);
      expect(none.answered.counts).toEqual({ no_order: 1 });
    },
  );
});

describe('a day', () => {
  const day = '2026-11-24';
  const past = (outTradeNo: string, paidAt: Date): Order => {
    const receipt = { ...aReceipt, paidAt };
    const order = withEvent(
      anOrder({ outTradeNo, checkAt: null, status: { state: 'paid', receipt } }),
      'order.paid',
      paidAt,
    );
    const events = order.events.map(({ deliveries: _none, ...event }) => event);
    return { ...order, events, deliveryAt: null };
  };

  test('is delivered by the timer, the orders that were paid on it and no others', async () => {
    await stored(past('T20261123001', new Date('2026-11-23T15:59:59.999Z')));
    await stored(past('T20261124001', new Date('2026-11-23T16:00:00Z')));
    await stored(past('T20261124002', new Date('2026-11-24T15:59:59.999Z')));
    await stored(past('T20261125001', new Date('2026-11-24T16:00:00Z')));
    expect((await run()).answered.counts).toEqual({});
    const { answered } = await run({ day }, SERVICE);
    expect(answered).toEqual({ counts: { asked_again: 2 }, more: false });
    expect(sent).toEqual([]);
    expect((await run()).answered.counts).toEqual({ accepted: 2 });
    expect(ids().sort()).toEqual(['T20261124001.1', 'T20261124002.1']);
  });

  test('that is long goes on where the answer says, each order once', async () => {
    const numbers = Array.from({ length: 500 }, (_, n) => `T20261124${1000 + n}`);
    for (const [n, no] of numbers.entries()) {
      await stored(past(no, new Date(Date.parse('2026-11-24T01:00:00Z') + Math.floor(n / 3))));
    }
    let calls = 0;
    let input: { day: string; from?: string } = { day };
    for (;;) {
      let leftMs = 20_500;
      const { answered } = await run(input, SERVICE, () => {
        leftMs -= 800;
        return leftMs;
      });
      calls += 1;
      if (!answered.more) break;
      input = { day, from: answered.from ?? '' };
    }
    expect(calls).toBeGreaterThan(1);
    const due = await world.store.due('deliver', world.deps.clock.now(), 1000);
    expect(due).toHaveLength(500);
    await run();
    expect(new Set(ids()).size).toBe(500);
    expect(sent).toHaveLength(500);
  });

  test('that is longer than a page asks for each order once, and ends', async () => {
    for (let n = 0; n < 450; n += 1) {
      // Orders that are paid at one instant lie on both sides of a page's end.
      const paidAt = new Date(Date.parse('2026-11-24T01:00:00Z') + Math.floor(n / 3));
      await stored(past(`T20261124${1000 + n}`, paidAt));
    }
    const { answered } = await run({ day }, SERVICE);
    expect(answered).toEqual({ counts: { asked_again: 450 }, more: false });
  });

  test('a failing database is no unreadable document: the call fails', async () => {
    await stored(past('T20261124001', plus(60)));
    for (const error of [
      new StoreError('STORE_UNAVAILABLE', 'same_request', 'x'),
      new Error('x'),
    ]) {
      world.deps.store.get = async () => Promise.reject(error);
      await expect(run({ day }, SERVICE)).rejects.toBe(error);
    }
  });

  test('a document that cannot be read keeps no other from being delivered', async () => {
    await stored(past('T20261124001', plus(60)));
    await stored(past('T20261124002', plus(61)));
    Object.assign(world.store.raw.get('T20261124001')?.order ?? {}, { totalFee: 'x' });
    const { answered, invocation } = await run({ day }, SERVICE);
    expect(answered.counts).toEqual({ DOCUMENT_UNREADABLE: 1, asked_again: 1 });
    const errCode = 'DOCUMENT_UNREADABLE';
    expect(invocation.lines).toEqual([{ level: 'error', outTradeNo: 'T20261124001', errCode }]);
  });
});
