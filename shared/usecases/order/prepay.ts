import type { Refusal } from '../../contract/answer.ts';
import type { Link } from '../../domain/limits.ts';
import { markClosed } from '../../domain/order/conclude.ts';
import { withNextCheck } from '../../domain/order/nextCheck.ts';
import type { Order, OrderDocument, Prepay } from '../../domain/order/order.ts';
import {
  isNeverSent,
  releasePlacing,
  sentAttempts,
  takeOverPlacing,
  withoutSending,
  withPrepay,
} from '../../domain/order/order.ts';
import { orderSentUntil } from '../../domain/order/placement.ts';
import { endsNumber, isOursToRepair } from '../../domain/retry.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { change, changeOrder } from '../step/change.ts';
import { refuseLateSend } from '../step/deadline.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { gatewayRefusal } from '../step/foreseenRefusal.ts';
import { notFinal, retryUnchanged } from '../step/retryUnchanged.ts';
import { queryWeChat } from './queryWeChat.ts';

type Deps = Pick<UseCaseDeps, 'store' | 'clock' | 'gatewayOf' | 'hasPayToken'>;

/** An order that is being placed; `isOurs`: this caller inserted it just now. */
export interface Placing {
  order: OrderDocument;
  isOurs: boolean;
}

/**
 * Gets a prepay id for an order with its frozen request and writes it down; returns the order as it stands
 * then, perhaps changed by others meanwhile, or WeChat's refusal. A caller who did not insert the order
 * takes a created one over first.
 */
export async function obtainPrepay(
  { order, isOurs }: { order: Order; isOurs: boolean },
  deps: Deps,
  invocation: Invocation,
): Promise<Refusal | OrderDocument> {
  const placing = isOurs ? order : await takeOver(order, deps);
  if (!placing) return (await deps.store.get(order.outTradeNo)) ?? order;
  try {
    const gateway = deps.gatewayOf(placing.link);
    const send = (sent: Order, timeoutMs: number) => {
      refuseLateSend(orderSentUntil(sent), deps);
      return gateway.requestPrepay(sent, timeoutMs);
    };
    const prepay = await retryUnchanged(send, [placing], deps, invocation);
    return await storePrepay(placing, prepay, deps, invocation);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return resolveFailure(placing, error, deps, invocation);
  }
}

/** Takes over a created order; one with a prepay id needs no lease. Undefined when another one was first. */
async function takeOver(order: Order, deps: Deps): Promise<Order | undefined> {
  if (order.status.state !== 'created') return order;
  const now = deps.clock.now();
  const begun = takeOverPlacing(order, now);
  const sending = isNeverSent(order) ? withNextCheck(begun, now) : begun;
  const taken = canSend(order.link, deps) ? sending : unsent(begun, now);
  const written = await deps.store.replace(taken, order.version);
  return written === 'replaced' ? { ...taken, version: order.version + 1 } : undefined;
}

/** Tells whether this very call can send anything through a link. */
export function canSend(link: Link, { hasPayToken }: Pick<UseCaseDeps, 'hasPayToken'>): boolean {
  return link !== 'cloudPay' || hasPayToken;
}

/** Makes an order of whose placing WeChat has nothing by this caller: its next check follows from that. */
export function unsent(order: Order, now: Date): Order {
  return withNextCheck(withoutSending(order), now);
}

/** Codes after which the order may have ended: it is queried, and the answer decides. */
const ENDED = ['ORDERPAID', 'ORDER_CLOSED'];

async function resolveFailure(
  placing: Order,
  error: GatewayError,
  deps: Deps,
  invocation: Invocation,
): Promise<Refusal | OrderDocument> {
  if (ENDED.includes(error.code)) {
    return (await queryWeChat(placing, deps, invocation)).order ?? placing;
  }
  const ended = await changeOrder(placing, endAttempt(placing, error, deps), deps, invocation);
  const isFinal = placing.status.state !== 'created' || !ended || isWithoutTrace(ended);
  return gatewayRefusal(isFinal ? error : notFinal(error), 'same_request');
}

/** Tells an order of which WeChat certainly has nothing, from one that another attempt may have placed. */
function isWithoutTrace(order: Order): boolean {
  return order.status.state === 'closed' || isNeverSent(order);
}

/**
 * Ends this caller's attempt: closes the order if no other attempt can have landed; else the timer finds out. One
 * that could send nothing was counted as unsent when it began.
 */
const endAttempt =
  (placing: Order, error: GatewayError, deps: Deps) => (stored: Order, now: Date) => {
    if (!isStillOurs(stored, placing)) return stored;
    const isFinal = sentAttempts(stored) === 1 && endsNumber(error);
    if (isFinal) return markClosed(stored, error.code, now);
    const released = releasePlacing(stored, now);
    const isUnsent = isOursToRepair(error) && canSend(placing.link, deps);
    return isUnsent ? unsent(released, now) : released;
  };

/** Tells whether an order is still being placed by this caller, whatever else was written meanwhile. */
function isStillOurs(stored: Order, placing: Order): stored is Order & { status: Created } {
  return (
    stored.status.state === 'created' &&
    placing.status.state === 'created' &&
    stored.status.attempts === placing.status.attempts
  );
}

type Created = Extract<Order['status'], { state: 'created' }>;

/**
 * Writes the prepay id down. It belongs to the one frozen request, whoever fetched it: it stays good when
 * others wrote meanwhile (a query, a lease), but not after a known end or a requested close.
 */
async function storePrepay(
  placing: Order,
  prepay: Prepay,
  deps: Deps,
  invocation: Invocation,
): Promise<OrderDocument> {
  const next = (stored: OrderDocument, now: Date): { order: OrderDocument } => {
    const isWanted = stored.kind === 'order' && !stored.closeDueAt && !stored.quarantine;
    if (!isWanted || !isUnpaid(stored, placing)) return { order: stored };
    return { order: withNextCheck(withPrepay(stored, prepay, now), now) };
  };
  return (await change(placing, next, deps, invocation))?.after ?? placing;
}

/** Tells whether an order is created still, or has the very prepay id that was to be replaced. */
function isUnpaid({ status }: Order, placing: Order): boolean {
  if (status.state !== 'paying') return status.state === 'created';
  const before = placing.status;
  return (
    before.state === 'paying' && before.prepayIssuedAt.getTime() === status.prepayIssuedAt.getTime()
  );
}
