import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plus } from '../../../tests/support/orders.ts';
import { type EventJournal, withEvent } from '../order/event.ts';
import {
  type Claim,
  claimDelivery,
  makeDueAgain,
  openDeliveries,
  parkDeliveries,
  parkedDeliveries,
  recordDelivery,
} from './delivery.ts';
import type { Channel, Delivery, DeliveryOutcome, WaitingDelivery } from './deliveryState.ts';

const HOUR = 3600;
const none: EventJournal = { outTradeNo: 'T1', events: [], deliveryAt: null };
const one = withEvent(none, 'order.paid', plus(0));
const two = withEvent(one, 'refund.success', plus(1), 'R1');
const accepted: DeliveryOutcome = { kind: 'accepted' };
const refused: DeliveryOutcome = { kind: 'refused', reason: 'BUSY' };

/** Begins the next attempt on a channel, as a run does that knows these channels. */
function begin(
  journal: EventJournal,
  seconds: number,
  { channel = 'function' as Channel, channels = ['function'] as readonly Channel[] } = {},
) {
  const opened = openDeliveries(journal, channels, plus(seconds));
  return claimDelivery(opened, channel, plus(seconds));
}
const must = (claim: Claim | undefined): Claim => {
  if (!claim) throw new Error('nothing was due');
  return claim;
};
/** Attempts once, and records the outcome a second later. */
function attempt(journal: EventJournal, seconds: number, outcome: DeliveryOutcome) {
  const { order, claim } = begin(journal, seconds);
  return recordDelivery(order, must(claim), outcome, plus(seconds + 1));
}
const deliveryOf = (journal: EventJournal, seq = 1, channel: Channel = 'function') =>
  journal.events[seq - 1]?.deliveries?.[channel];

function waitingOf(journal: EventJournal, seq: number, channel: Channel): WaitingDelivery {
  const delivery = deliveryOf(journal, seq, channel);
  if (delivery?.state !== 'waiting') throw new Error('not under way');
  return delivery;
}

describe('one event', () => {
  test('is due from its birth, and delivered once it is accepted', () => {
    expect(one.deliveryAt).toEqual(plus(0));
    const { order, claim } = begin(one, 2);
    expect(claim).toMatchObject({ event: { id: 'T1.1' }, channel: 'function', attempt: 1 });
    expect(order.deliveryAt, 'nobody else has it meanwhile').toEqual(plus(32));
    expect(begin(order, 31).claim).toBeUndefined();
    const arrived = recordDelivery(order, must(claim), accepted, plus(3));
    expect(arrived.deliveryAt).toBeNull();
    expect(deliveryOf(arrived)).toEqual({ state: 'delivered', attempts: 1, deliveredAt: plus(3) });
    expect(begin(arrived, 1e6).claim).toBeUndefined();
  });

  test('is attempted by the schedule for 72 hours, then parked', () => {
    let journal = one;
    const times: number[] = [];
    while (journal.deliveryAt) {
      const seconds = (journal.deliveryAt.getTime() - plus(0).getTime()) / 1000;
      times.push(seconds);
      const { order, claim } = begin(journal, seconds);
      journal = recordDelivery(order, must(claim), refused, plus(seconds));
    }
    const gaps = times.map((at, index) => at - (times[index - 1] ?? 0));
    expect(gaps.slice(0, 9)).toEqual([
      0,
      5,
      300,
      1800,
      2 * HOUR,
      5 * HOUR,
      10 * HOUR,
      14 * HOUR,
      20 * HOUR,
    ]);
    expect(times.at(-1)).toBe(72 * HOUR);
    expect(times).toHaveLength(10);
    const parked = { state: 'parked', attempts: 10, parkedAt: plus(72 * HOUR), lastError: 'BUSY' };
    expect(deliveryOf(journal)).toEqual(parked);
    expect(parkedDeliveries(journal)).toMatchObject([
      { event: { id: 'T1.1' }, channel: 'function', delivery: parked },
    ]);
  });

  test.each<[string, DeliveryOutcome, number | null, Partial<Delivery>]>([
    ['accepted', accepted, null, { state: 'delivered', attempts: 1 }],
    ['refused', refused, 6, { state: 'waiting', lastError: 'BUSY' }],
    ['in silence', { kind: 'timed_out' }, 6, { state: 'waiting', lastError: 'TIMED_OUT' }],
    [
      'asked to wait',
      { kind: 'refused', reason: 'HTTP_429', retryAfterMs: 600_000 },
      601,
      { state: 'waiting', lastError: 'HTTP_429' },
    ],
    [
      'asked to wait for less than the schedule does',
      { kind: 'refused', reason: 'HTTP_429', retryAfterMs: 1 },
      6,
      { state: 'waiting' },
    ],
    [
      'asked to wait for a year',
      { kind: 'refused', reason: 'HTTP_503', retryAfterMs: 365 * 24 * HOUR * 1000 },
      72 * HOUR,
      { state: 'waiting' },
    ],
    ['not wanted', { kind: 'gone' }, null, { state: 'parked', lastError: 'GONE' }],
  ])('%s, it is due next at …', (_what, outcome, next, delivery) => {
    const after = attempt(one, 0, outcome);
    expect(after.deliveryAt).toEqual(next === null ? null : plus(next));
    expect(deliveryOf(after)).toMatchObject(delivery);
  });

  test('whose maker died is attempted again by the schedule, and parked at its end', () => {
    let journal = one;
    let attempts = 0;
    for (; journal.deliveryAt && attempts < 100; attempts += 1) {
      const { order, claim } = claimDelivery(
        openDeliveries(journal, ['function'], journal.deliveryAt),
        'function',
        journal.deliveryAt,
      );
      journal = order;
      if (!claim) break;
    }
    expect(attempts).toBe(10);
    expect(deliveryOf(journal)).toMatchObject({ state: 'parked', lastError: 'NO_OUTCOME' });
  });

  test('a late failure moves nothing, a late yes counts', () => {
    const first = begin(one, 0);
    const second = begin(first.order, 30);
    expect(second.claim?.attempt).toBe(2);
    expect(recordDelivery(second.order, must(first.claim), refused, plus(31))).toBe(second.order);
    const arrived = recordDelivery(second.order, must(first.claim), accepted, plus(31));
    expect(deliveryOf(arrived)).toMatchObject({ state: 'delivered', attempts: 2 });
    expect(recordDelivery(arrived, must(second.claim), refused, plus(32))).toBe(arrived);
    const gone = recordDelivery(second.order, must(second.claim), { kind: 'gone' }, plus(31));
    expect(recordDelivery(gone, must(second.claim), refused, plus(32))).toBe(gone);
    const late = recordDelivery(gone, must(first.claim), accepted, plus(32));
    expect(deliveryOf(late)).toMatchObject({ state: 'delivered' });
  });

  test('of which there is none, nothing is recorded', () => {
    const { claim } = begin(one, 0);
    expect(recordDelivery(none, must(claim), accepted, plus(1))).toBe(none);
    expect(recordDelivery(one, must(claim), accepted, plus(1))).toBe(one);
  });
});

describe('several events', () => {
  test('have their first attempts in order; a repeat comes when it comes', () => {
    const first = begin(two, 2);
    expect(first.claim?.event.seq).toBe(1);
    expect(begin(first.order, 3).claim, 'the first one is under way').toBeUndefined();
    const failed = recordDelivery(first.order, must(first.claim), refused, plus(3));
    const second = begin(failed, 3);
    expect(second.claim?.event.seq).toBe(2);
    expect(begin(second.order, 8).claim).toMatchObject({ event: { seq: 1 }, attempt: 2 });
  });

  test('one whose maker died holds the next one while it is attempted again, perhaps for the first time', () => {
    const { order } = begin(two, 2);
    const again = begin(order, 32);
    expect(again.claim).toMatchObject({ event: { seq: 1 }, attempt: 2 });
    expect(begin(again.order, 61).claim).toBeUndefined();
    expect(begin(again.order, 62).claim, 'no longer').toMatchObject({ event: { seq: 2 } });
    const failed = recordDelivery(again.order, must(again.claim), refused, plus(33));
    expect(begin(failed, 33).claim).toMatchObject({ event: { seq: 2 }, attempt: 1 });
  });

  test('a repeat of what certainly was sent holds nobody, nor does one that was asked for again', () => {
    const failed = attempt(two, 2, refused);
    const repeated = begin(failed, 8);
    expect(repeated.claim).toMatchObject({ event: { seq: 1 }, attempt: 2 });
    expect(begin(repeated.order, 8).claim).toMatchObject({ event: { seq: 2 }, attempt: 1 });
    const parked = attempt(two, 2, { kind: 'gone' });
    const asked = makeDueAgain(parked, { channels: ['function'], eventId: 'T1.1' }, plus(9));
    expect(begin(asked, 9).claim).toMatchObject({ event: { seq: 1 }, attempt: 2 });
    expect(begin(begin(asked, 9).order, 9).claim).toMatchObject({ event: { seq: 2 } });
  });

  test('a new one is due at once while an older one waits for its repeat', () => {
    const waiting = attempt(attempt(one, 0, refused), 6, refused);
    expect(waiting.deliveryAt).toEqual(plus(307));
    expect(withEvent(waiting, 'order.closed', plus(20)).deliveryAt).toEqual(plus(20));
    expect(withEvent(two, 'order.closed', plus(20)).deliveryAt).toEqual(plus(0));
  });
});

describe('channels', () => {
  const both = ['function', 'url'] as const;

  test('are arrived apart: what one accepted the other still gets', () => {
    const { order, claim } = begin(one, 0, { channels: both });
    const arrived = recordDelivery(order, must(claim), accepted, plus(1));
    expect(arrived.deliveryAt).toEqual(plus(0));
    const other = begin(arrived, 1, { channel: 'url' });
    expect(other.claim).toMatchObject({ channel: 'url', attempt: 1 });
    const all = recordDelivery(other.order, must(other.claim), accepted, plus(1));
    expect(all.deliveryAt).toBeNull();
  });

  test('one that is configured later gets no past', () => {
    const arrived = attempt(one, 0, accepted);
    expect(begin(arrived, 9, { channel: 'url', channels: both }).claim).toBeUndefined();
    const next = withEvent(arrived, 'refund.success', plus(9), 'R1');
    expect(begin(next, 9, { channel: 'url', channels: both }).claim?.event.seq).toBe(2);
  });

  test('without any the events wait', () => {
    expect(openDeliveries(one, [], plus(0))).toBe(one);
  });

  test('what is due on a disabled one is parked, and nothing else', () => {
    const opened = openDeliveries(two, both, plus(2));
    const error = 'CHANNEL_DISABLED';
    const parked = parkDeliveries(opened, { channel: 'url', error }, plus(2));
    expect(parkedDeliveries(parked).map(({ channel, event }) => [channel, event.seq])).toEqual([
      ['url', 1],
      ['url', 2],
    ]);
    expect(claimDelivery(parked, 'function', plus(2)).claim?.event.seq).toBe(1);
    const later = attempt(one, 0, refused);
    expect(parkDeliveries(later, { channel: 'function', error }, plus(5))).toBe(later);
  });
});

describe('on request', () => {
  const channels = ['function'] as const;
  /** As code wrote it that knew of no deliveries. */
  const past: EventJournal = {
    ...two,
    deliveryAt: null,
    events: two.events.map(({ deliveries: _none, ...event }) => event),
  };

  test('the past is delivered, in order; by itself never', () => {
    expect(begin(past, 9).claim).toBeUndefined();
    const asked = makeDueAgain(past, { channels }, plus(9));
    expect(asked.deliveryAt).toEqual(plus(9));
    expect(begin(asked, 9).claim).toMatchObject({ event: { seq: 1 }, attempt: 1 });
    expect(begin(begin(asked, 9).order, 9).claim).toBeUndefined();
  });

  test('one event alone', () => {
    const asked = makeDueAgain(past, { channels, eventId: 'T1.2' }, plus(9));
    expect(begin(asked, 9).claim?.event.seq).toBe(2);
    expect(deliveryOf(asked)).toBeUndefined();
  });

  test('a parked one has the whole schedule before it again', () => {
    const parked = attempt(one, 0, { kind: 'gone' });
    const asked = makeDueAgain(parked, { channels }, plus(100 * HOUR));
    const after = attempt(asked, 100 * HOUR, refused);
    expect(after.deliveryAt).toEqual(plus(100 * HOUR + 6));
    expect(deliveryOf(after)).toMatchObject({ state: 'waiting', attempts: 2 });
  });

  test('what was accepted before does not count for the attempt that was asked for', () => {
    const { order, claim } = begin(one, 0);
    const arrived = recordDelivery(order, must(claim), accepted, plus(1));
    const asked = makeDueAgain(arrived, { channels }, plus(9));
    expect(recordDelivery(asked, must(claim), accepted, plus(10))).toBe(asked);
    expect(deliveryOf(attempt(asked, 10, accepted))).toMatchObject({ attempts: 2 });
  });

  test('what is under way, or waits for its first attempt, stays as it is', () => {
    const { order } = begin(two, 0);
    expect(makeDueAgain(order, { channels }, plus(1)).events).toEqual(order.events);
    expect(deliveryOf(makeDueAgain(order, { channels }, plus(40)))).toMatchObject({
      attempts: 1,
      earlierAttempts: 1,
      nextAt: plus(40),
    });
  });
});

describe('whatever the interleaving of claims, deaths and late outcomes', () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ do: fc.constant('event' as const) }),
      fc.record({
        do: fc.constant('claim' as const),
        channel: fc.constantFrom<Channel>('function', 'url'),
      }),
      fc.record({
        do: fc.constant('end' as const),
        which: fc.nat(5),
        outcome: fc.constantFrom<DeliveryOutcome['kind'] | 'death'>(
          'accepted',
          'refused',
          'timed_out',
          'gone',
          'death',
        ),
      }),
      fc.record({ do: fc.constant('pass' as const), seconds: fc.constantFrom(1, 4, 29, 31, 400) }),
      fc.record({ do: fc.constant('again' as const) }),
    ),
    { maxLength: 60 },
  );
  const channels = ['function', 'url'] as const;
  const outcomeOf = (kind: DeliveryOutcome['kind']): DeliveryOutcome =>
    kind === 'refused' ? { kind, reason: 'X' } : { kind };

  test('every event is accepted or parked, and first attempts keep their order', () => {
    fc.assert(
      fc.property(steps, (all) => {
        let journal = none;
        let now = 0;
        let underWay: { claim: Claim; until: number }[] = [];
        const arrived = new Set<string>();
        /** Where a channel stands: the last event that was begun, and until when its first call may be under way. */
        const firsts = new Map<Channel, { seq: number; attempt: number; until: number }>();
        const claim = (channel: Channel) => {
          const { order, claim: begun } = begin(journal, now, { channel, channels });
          journal = order;
          if (!begun) return;
          const { event, attempt: no } = begun;
          const same = ({ claim: other, until }: { claim: Claim; until: number }) =>
            other.event.id === event.id && other.channel === channel && until > now;
          expect(underWay.some(same), 'attempted twice at once').toBe(false);
          const before = firsts.get(channel);
          if (no === 1) {
            expect(before === undefined || before.seq < event.seq).toBe(true);
            expect(before === undefined || before.until <= now).toBe(true);
          }
          const { lastError, earlierAttempts } = waitingOf(journal, event.seq, channel);
          const mayBeFirst = lastError === undefined && earlierAttempts === undefined;
          if (no === 1 || (mayBeFirst && before?.seq === event.seq)) {
            firsts.set(channel, { seq: event.seq, attempt: no, until: now + 30 });
          }
          underWay.push({ claim: begun, until: now + 30 });
        };
        const end = (index: number, kind: DeliveryOutcome['kind'] | 'death') => {
          const [ended] = underWay.splice(index, 1);
          if (!ended || kind === 'death') return;
          const { claim: over } = ended;
          journal = recordDelivery(journal, over, outcomeOf(kind), plus(now));
          const first = firsts.get(over.channel);
          const isOver = over.attempt === first?.attempt || kind === 'accepted';
          if (isOver && first?.seq === over.event.seq) {
            firsts.set(over.channel, { ...first, until: Math.min(first.until, now) });
          }
          if (kind === 'accepted') arrived.add(`${over.event.id} ${over.channel}`);
        };
        for (const step of all) {
          if (step.do === 'event' && journal.events.length < 4) {
            journal = withEvent(journal, 'refund.success', plus(now), `R${journal.events.length}`);
          }
          if (step.do === 'claim') claim(step.channel);
          if (step.do === 'end') end(step.which, step.outcome);
          if (step.do === 'pass') now += step.seconds;
          if (step.do === 'again') journal = makeDueAgain(journal, { channels }, plus(now));
        }
        // From here on whoever claims dies, or is refused: the schedule ends all the same.
        for (let rounds = 0; journal.deliveryAt; rounds += 1) {
          expect(rounds).toBeLessThan(400);
          now = Math.max(now, (journal.deliveryAt.getTime() - plus(0).getTime()) / 1000);
          for (const channel of channels) claim(channel);
          end(0, rounds % 2 === 0 ? 'refused' : 'death');
          underWay = underWay.filter(({ until }) => until > now);
        }
        for (const { id, deliveries } of journal.events) {
          expect(Object.keys(deliveries ?? {}).sort()).toEqual([...channels]);
          for (const [channel, delivery] of Object.entries(deliveries ?? {})) {
            expect(delivery.state).not.toBe('waiting');
            if (delivery.state === 'delivered') expect(arrived).toContain(`${id} ${channel}`);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
