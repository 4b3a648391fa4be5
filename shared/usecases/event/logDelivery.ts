import { type Claim, parkedDeliveries } from '../../domain/delivery/delivery.ts';
import type { DeliveryOutcome } from '../../domain/delivery/deliveryState.ts';
import type { OrderDocument } from '../../domain/order/order.ts';
import type { Change } from '../step/change.ts';
import type { Invocation } from '../step/deps.ts';
import { orderFields } from '../step/trace.ts';

/** Names what became of an attempt: its outcome, or that it was the last one. */
export function outcomeOf(
  after: OrderDocument,
  { event, channel }: Claim,
  { kind }: DeliveryOutcome,
) {
  const delivery = after.events.find(({ id }) => id === event.id)?.deliveries?.[channel];
  return delivery?.state === 'parked' ? 'parked' : kind;
}

interface Attempted {
  claim: Claim;
  outcome: DeliveryOutcome;
  ms: number;
  at: Date;
  after: OrderDocument;
}

/** Logs an attempt as a line of its own; a parked event is an error, for nobody attempts it any more. */
export function logDelivery(
  document: OrderDocument,
  { claim, outcome, ms, at, after }: Attempted,
  { log }: Invocation,
): void {
  const { event, channel, attempt } = claim;
  const named = outcomeOf(after, claim, outcome);
  const failed = named === 'parked' ? 'error' : 'warn';
  if (named === 'accepted') log.count('delivered');
  log.line({
    level: named === 'accepted' ? 'info' : failed,
    ...orderFields(document),
    event: event.type,
    eventId: event.id,
    channel,
    attempt,
    outcome: named,
    ms,
    ageMs: at.getTime() - event.at.getTime(),
    ...(outcome.kind === 'refused' ? { error: outcome.reason } : {}),
  });
}

/** Counts and logs what a change parked without an attempt, as one that ends so: a line each, an error. */
export function logParked(
  { before, after }: Change<unknown>,
  { count }: { count(outcome: string): void },
  now: Date,
  { log }: Invocation,
): void {
  if (after === before) return;
  const earlier = parkedDeliveries(before);
  for (const { event, channel, delivery } of parkedDeliveries(after)) {
    if (earlier.some((each) => each.event.id === event.id && each.channel === channel)) continue;
    count('parked');
    log.line({
      level: 'error',
      ...orderFields(after),
      event: event.type,
      eventId: event.id,
      channel,
      attempt: delivery.attempts,
      outcome: 'parked',
      ageMs: now.getTime() - event.at.getTime(),
      error: delivery.lastError,
    });
  }
}
