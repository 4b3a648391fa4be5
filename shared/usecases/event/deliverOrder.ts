import {
  type Claim,
  claimDelivery,
  openDeliveries,
  parkDeliveries,
  recordDelivery,
} from '../../domain/delivery/delivery.ts';
import { CHANNELS, type Channel } from '../../domain/delivery/deliveryState.ts';
import type { OrderDocument } from '../../domain/order/order.ts';
import { DELIVERY_TIMEOUT_MS } from '../../domain/schedules.ts';
import { change } from '../step/change.ts';
import { hasTimeForDelivery } from '../step/deadline.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { deliveryBodyOf } from './deliveryBody.ts';
import { logDelivery, logParked, outcomeOf } from './logDelivery.ts';

export type DeliverDeps = Pick<UseCaseDeps, 'store' | 'clock' | 'merchant' | 'disabledChannels'>;

/** One run of deliveries, as its orders share it. */
export interface DeliveryRun {
  /** The channels of today; of these some are disabled. */
  channels: readonly Channel[];
  disabled: Set<Channel>;
  /** Counts an outcome. */
  count(outcome: string): void;
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

/** Begins the next attempt, and parks what is due where nothing may be sent; undefined where there is no such order. */
async function begin(
  document: string | OrderDocument,
  channel: Channel,
  { run, ...deps }: DeliverDeps & { run: DeliveryRun },
  invocation: Invocation,
): Promise<Begun | undefined> {
  const closed = CHANNELS.flatMap((each) => {
    const error = whyClosed(each, run);
    return error === undefined ? [] : [{ channel: each, error }];
  });
  const decide = (stored: OrderDocument, now: Date): { order: OrderDocument; claim?: Claim } => {
    const opened = openDeliveries(stored, run.channels, now);
    const parked = closed.reduce((order, each) => parkDeliveries(order, each, now), opened);
    return claimDelivery(parked, channel, now);
  };
  const changed = await change(document, decide, deps, invocation);
  if (changed) logParked(changed, run, deps.clock.now(), invocation);
  return changed && { document: changed.after, claim: changed.decided.claim };
}

/** Says why nothing is attempted on a channel; undefined where something may be. */
function whyClosed(channel: Channel, { channels, disabled }: DeliveryRun): string | undefined {
  if (!channels.includes(channel)) return 'CHANNEL_NOT_CONFIGURED';
  return disabled.has(channel) ? 'CHANNEL_DISABLED' : undefined;
}

async function disable(channel: Channel, { run, ...deps }: DeliverDeps & { run: DeliveryRun }) {
  run.disabled.add(channel);
  const place = deps.merchant.placeOf(channel);
  await deps.disabledChannels.disable({ channel, place, disabledAt: deps.clock.now() });
}
