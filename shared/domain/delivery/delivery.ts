/** Defines how the events of an order reach the merchant, at least once on each channel. Pure. */

import type { EventJournal, OrderEvent } from '../order/event.ts';
import { DELIVERY_CLAIM_MS, DELIVERY_DELAYS_MS, DELIVERY_ENDS_AFTER_MS } from '../schedules.ts';
import {
  CHANNELS,
  type Channel,
  type Delivery,
  type DeliveryOutcome,
  type ParkedDelivery,
  type WaitingDelivery,
} from './deliveryState.ts';

/** An attempt that was begun: the event, and the number of the attempt on the channel. */
export interface Claim {
  event: OrderEvent;
  channel: Channel;
  attempt: number;
}

/** The error of a delivery whose last attempt was begun and never came to an end. */
const NO_OUTCOME = 'NO_OUTCOME';
/** The error of a delivery that the merchant did not want (410). */
const GONE = 'GONE';
const TIMED_OUT = 'TIMED_OUT';

/** Gives every event that has none yet its deliveries, on the channels of today. */
export function openDeliveries<J extends EventJournal>(
  journal: J,
  channels: readonly Channel[],
  now: Date,
): J {
  if (channels.length === 0 || !journal.events.some(isUnopened)) return journal;
  const events = journal.events.map((event): OrderEvent => {
    if (!isUnopened(event)) return event;
    const waiting: Delivery = { state: 'waiting', attempts: 0, since: now, nextAt: event.at };
    return { ...event, deliveries: Object.fromEntries(channels.map((each) => [each, waiting])) };
  });
  return withDeliveryAt({ ...journal, events });
}

function isUnopened({ deliveries }: OrderEvent): boolean {
  return deliveries !== undefined && Object.keys(deliveries).length === 0;
}

/**
 * Begins the next attempt on a channel, and writes it down as one without an outcome before it is made:
 * should its maker die, it is repeated by the schedule. The lowest number comes first, and no first attempt
 * begins while the first call of an earlier event may be under way.
 */
export function claimDelivery<J extends EventJournal>(
  journal: J,
  channel: Channel,
  now: Date,
): { order: J; claim?: Claim } {
  const due = attemptTimes(journal.events, channel).find(({ atMs }) => atMs <= now.getTime());
  if (!due) return { order: journal };
  const { event, delivery } = due;
  // Its last attempt was begun, and nobody is left to tell how that ended.
  if (delivery.nextAt.getTime() > endMs(delivery)) {
    const parked = parkedFrom(delivery, delivery.lastError ?? NO_OUTCOME, now);
    return claimDelivery(withDelivery(journal, event, channel, parked), channel, now);
  }
  const attempt = delivery.attempts + 1;
  const begun: Delivery = { ...delivery, attempts: attempt, isUnderWay: true };
  const againMs = Math.max(nextMs(begun, now), now.getTime() + DELIVERY_CLAIM_MS);
  const claimed = { ...begun, nextAt: new Date(againMs) };
  return {
    order: withDelivery(journal, event, channel, claimed),
    claim: { event, channel, attempt },
  };
}

/**
 * Records how an attempt ended. What was accepted stays so, however late that is told; a failure counts
 * only while its attempt is the last one.
 */
export function recordDelivery<J extends EventJournal>(
  journal: J,
  { event: { id }, channel, attempt }: Claim,
  outcome: DeliveryOutcome,
  now: Date,
): J {
  const event = journal.events.find((each) => each.id === id);
  const delivery = event?.deliveries?.[channel];
  if (!event || !delivery || delivery.state === 'delivered') return journal;
  const isWaiting = delivery.state === 'waiting';
  if (outcome.kind === 'accepted') {
    // It answers an attempt from before it was asked for again.
    if (isWaiting && attempt <= (delivery.earlierAttempts ?? 0)) return journal;
    const { attempts } = delivery;
    const delivered: Delivery = { state: 'delivered', attempts, deliveredAt: now };
    return withDelivery(journal, event, channel, delivered);
  }
  if (!isWaiting || delivery.attempts !== attempt) return journal;
  return withDelivery(journal, event, channel, afterFailure(delivery, outcome, now));
}

function afterFailure(
  delivery: WaitingDelivery,
  outcome: Exclude<DeliveryOutcome, { kind: 'accepted' }>,
  now: Date,
): Delivery {
  if (outcome.kind === 'gone') return parkedFrom(delivery, GONE, now);
  const lastError = outcome.kind === 'refused' ? outcome.reason : TIMED_OUT;
  if (now.getTime() >= endMs(delivery)) return parkedFrom(delivery, lastError, now);
  const { isUnderWay: _over, ...waiting } = delivery;
  const requestedMs =
    now.getTime() + (outcome.kind === 'refused' ? (outcome.retryAfterMs ?? 0) : 0);
  const againMs = Math.min(Math.max(nextMs(delivery, now), requestedMs), endMs(delivery));
  return { ...waiting, nextAt: new Date(againMs), lastError };
}

function parkedFrom({ attempts }: WaitingDelivery, lastError: string, now: Date): Delivery {
  return { state: 'parked', attempts, parkedAt: now, lastError };
}

/** Parks what is due on a channel that takes nothing: it is disabled, or not configured any more. */
export function parkDeliveries<J extends EventJournal>(
  journal: J,
  { channel, error }: { channel: Channel; error: string },
  now: Date,
): J {
  let parked = journal;
  for (const { event, delivery, atMs } of attemptTimes(journal.events, channel)) {
    const isDue = atMs <= now.getTime();
    if (isDue) parked = withDelivery(parked, event, channel, parkedFrom(delivery, error, now));
  }
  return parked;
}

/**
 * Makes one event due again, or all of them, those from before there were deliveries too, each with the
 * whole schedule before it. What waits for its first attempt, or has one under way, stays as it is.
 */
export function makeDueAgain<J extends EventJournal>(
  journal: J,
  { channels, eventId }: { channels: readonly Channel[]; eventId?: string | undefined },
  now: Date,
): J {
  const events = journal.events.map((event): OrderEvent => {
    if (eventId !== undefined && event.id !== eventId) return event;
    const again = channels.map((each) => [each, anew(event.deliveries?.[each], now)]);
    return { ...event, deliveries: { ...event.deliveries, ...Object.fromEntries(again) } };
  });
  return withDeliveryAt({ ...journal, events });
}

function anew(before: Delivery | undefined, now: Date): Delivery {
  const attempts = before?.attempts ?? 0;
  if (before?.state === 'waiting') {
    const isRunning = before.isUnderWay && before.nextAt > now;
    if (isRunning || attempts === 0) return before;
  }
  const earlier = attempts === 0 ? {} : { earlierAttempts: attempts };
  return { state: 'waiting', attempts, since: now, nextAt: now, ...earlier };
}

/** Lists the deliveries of a document that are parked. */
export function parkedDeliveries({ events }: Pick<EventJournal, 'events'>) {
  const parked: { event: OrderEvent; channel: Channel; delivery: ParkedDelivery }[] = [];
  for (const event of events) {
    for (const channel of CHANNELS) {
      const delivery = event.deliveries?.[channel];
      if (delivery?.state === 'parked') parked.push({ event, channel, delivery });
    }
  }
  return parked;
}

/** Lists the channels on which an event waits for its delivery. */
export function waitingChannels(
  { events }: Pick<EventJournal, 'events'>,
  eventId: string,
): Channel[] {
  const deliveries = events.find(({ id }) => id === eventId)?.deliveries;
  return CHANNELS.filter((each) => deliveries?.[each]?.state === 'waiting');
}

/** When the schedule of a delivery ends: no attempt is planned after it. */
function endMs({ since }: WaitingDelivery): number {
  return since.getTime() + DELIVERY_ENDS_AFTER_MS;
}

/** When the attempt after the last one is made, by the schedule. */
function nextMs(delivery: WaitingDelivery, now: Date): number {
  return Math.min(now.getTime() + delayMs(delivery), endMs(delivery));
}

function delayMs({ attempts, earlierAttempts = 0 }: WaitingDelivery): number {
  return DELIVERY_DELAYS_MS[attempts - earlierAttempts - 1] ?? DELIVERY_DELAYS_MS.at(-1) ?? 0;
}

/**
 * Finds when each waiting delivery of a channel may be attempted, in the order of the events: a first attempt
 * not before the first calls of earlier events have ended.
 */
function attemptTimes(events: readonly OrderEvent[], channel: Channel) {
  let heldUntilMs = Number.NEGATIVE_INFINITY;
  return events.flatMap((event) => {
    const delivery = event.deliveries?.[channel];
    if (delivery?.state !== 'waiting') return [];
    const isFirst = delivery.attempts === 0;
    const dueMs = delivery.nextAt.getTime();
    const atMs = isFirst ? Math.max(dueMs, heldUntilMs) : dueMs;
    heldUntilMs = Math.max(heldUntilMs, isFirst ? atMs : firstCallEndsMs(delivery));
    return [{ event, delivery, atMs }];
  });
}

/**
 * Tells until when an attempt is under way that may be the first call of all: the makers of those before it
 * died, perhaps before they called.
 */
function firstCallEndsMs(delivery: WaitingDelivery): number {
  const { nextAt, isUnderWay, lastError, earlierAttempts } = delivery;
  const mayBeFirst = isUnderWay && lastError === undefined && earlierAttempts === undefined;
  if (!mayBeFirst) return Number.NEGATIVE_INFINITY;
  // Its claim ends before its repeat is due, where the schedule's delay is longer.
  return nextAt.getTime() - Math.max(0, delayMs(delivery) - DELIVERY_CLAIM_MS);
}

function withDelivery<J extends EventJournal>(
  journal: J,
  { id }: OrderEvent,
  channel: Channel,
  delivery: Delivery,
): J {
  const events = journal.events.map((event) =>
    event.id === id
      ? { ...event, deliveries: { ...event.deliveries, [channel]: delivery } }
      : event,
  );
  return withDeliveryAt({ ...journal, events });
}

/** Sets when the next delivery is due, by what the events say. */
function withDeliveryAt<J extends EventJournal>(journal: J): J {
  const { events } = journal;
  const times = [
    ...events.filter(isUnopened).map(({ at }) => at.getTime()),
    ...CHANNELS.flatMap((each) => attemptTimes(events, each).map(({ atMs }) => atMs)),
  ];
  return { ...journal, deliveryAt: times.length === 0 ? null : new Date(Math.min(...times)) };
}
