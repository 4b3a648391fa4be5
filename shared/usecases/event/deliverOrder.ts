import {
  type Claim,
  claimDelivery,
  openDeliveries,
  parkDeliveries,
  recordDelivery,
} from '../../domain/delivery/delivery.ts';
import type { Channel, DeliveryOutcome } from '../../domain/delivery/deliveryState.ts';
import type { OrderDocument } from '../../domain/order/order.ts';
import { DELIVERY_TIMEOUT_MS } from '../../domain/schedules.ts';
import { change } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { orderFields } from '../step/trace.ts';
import { deliveryBodyOf } from './deliveryBody.ts';

export type DeliverDeps = Pick<UseCaseDeps, 'store' | 'clock' | 'merchant' | 'disabledChannels'>;

/** One run of deliveries, as its orders share it. */
export interface DeliveryRun {
  /** The channels of today; of these some are disabled. */
  channels: readonly Channel[];
  disabled: Set<Channel>;
  /** Counts an outcome. */
  count(outcome: string): void;
}

/** The time before the deadline that is reserved for writing an outcome down. */
const WRITE_RESERVE_MS = 3000;

/** Tells whether another attempt may be begun: it may last, and its outcome has to be written. */
export function hasTimeForDelivery({ remainingMs }: Invocation): boolean {
  return remainingMs() > DELIVERY_TIMEOUT_MS + WRITE_RESERVE_MS;
}

/**
 * Delivers what is due of one order on one channel, one event after the other. Each attempt is written down
 * before it is made and its outcome after it, so that whoever dies in between leaves a repeat, never a gap.
 * Returns when the next one is due; null where none is, or the time is over.
 */
export async function deliverOrder(
  outTradeNo: string,
  channel: Channel,
  { run, ...deps }: DeliverDeps & { run: DeliveryRun },
  invocation: Invocation,
): Promise<Date | null> {
  const { clock, merchant } = deps;
  let document: string | OrderDocument = outTradeNo;
  while (hasTimeForDelivery(invocation)) {
    const begun: Begun | undefined = await begin(document, channel, { run, ...deps }, invocation);
    const claim = begun?.claim;
    if (!claim) return begun?.document.deliveryAt ?? null;
    const message = {
      id: claim.event.id,
      body: JSON.stringify(deliveryBodyOf(begun.document, claim.event)),
    };
    const startedMs = clock.monotonicMs();
    const outcome = await merchant.deliver(channel, message, DELIVERY_TIMEOUT_MS);
    const ms = Math.round(clock.monotonicMs() - startedMs);
    if (outcome.kind === 'gone') await disable(channel, { run, ...deps });
    const recorded = await change(
      begun.document,
      (order, now) => ({ order: recordDelivery(order, claim, outcome, now) }),
      deps,
      invocation,
    );
    const after = recorded?.after ?? begun.document;
    run.count(outcomeOf(after, claim, outcome));
    logDelivery(begun.document, { claim, outcome, ms, at: clock.now(), after }, invocation);
    document = after;
  }
  return null;
}

interface Begun {
  document: OrderDocument;
  /** Absent where nothing is due on this channel. */
  claim?: Claim | undefined;
}

/** Begins the next attempt; undefined where there is no such order. */
async function begin(
  document: string | OrderDocument,
  channel: Channel,
  { run, ...deps }: DeliverDeps & { run: DeliveryRun },
  invocation: Invocation,
): Promise<Begun | undefined> {
  const isDisabled = run.disabled.has(channel);
  const decide = (stored: OrderDocument, now: Date): { order: OrderDocument; claim?: Claim } => {
    const opened = openDeliveries(stored, run.channels, now);
    if (!isDisabled) return claimDelivery(opened, channel, now);
    return { order: parkDeliveries(opened, { channel, error: 'CHANNEL_DISABLED' }, now) };
  };
  const changed = await change(document, decide, deps, invocation);
  if (isDisabled && changed && changed.after !== changed.before) run.count('parked');
  return changed && { document: changed.after, claim: changed.decided.claim };
}

async function disable(channel: Channel, { run, ...deps }: DeliverDeps & { run: DeliveryRun }) {
  run.disabled.add(channel);
  const place = deps.merchant.placeOf(channel);
  await deps.disabledChannels.disable({ channel, place, disabledAt: deps.clock.now() });
}

/** Names what became of an attempt: its outcome, or that it was the last one. */
function outcomeOf(after: OrderDocument, { event, channel }: Claim, { kind }: DeliveryOutcome) {
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
function logDelivery(
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
