import type { Refusal } from '../../contract/answer.ts';
import { markClosed } from '../../domain/order/conclude.ts';
import type { Order, OrderDocument, PaymentParams } from '../../domain/order/order.ts';
import { releasePlacing, takeOverPlacing, withPrepay } from '../../domain/order/order.ts';
import { GatewayError } from '../../ports/gateway.ts';
import type { OrderStore } from '../../ports/store.ts';
import { change } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { refusalOf } from '../step/refusalOf.ts';
import { retryUnchanged } from '../step/retryUnchanged.ts';
import { queryWeChat } from './queryWeChat.ts';

type Needs = Pick<UseCaseDeps, 'store' | 'clock' | 'gatewayOf'>;

/** The order as it stands now, perhaps changed by others meanwhile, or WeChat's refusal. */
type Prepaid = Refusal | OrderDocument;

/**
 * Gets a prepay id for an order with its frozen request and writes it down. `begun` says that this
 * caller inserted the order just now; anyone else takes over a created one first.
 */
export async function obtainPrepay(
  order: Order,
  begun: boolean,
  tools: Needs,
  call: Invocation,
): Promise<Prepaid> {
  const { store, clock } = tools;
  let placing = order;
  if (!begun && order.status.state === 'created') {
    const taken = takeOverPlacing(order, clock.now());
    if ((await store.replace(taken, order.version)) !== 'replaced') return reread(order, store);
    placing = { ...taken, version: order.version + 1 };
  }
  try {
    const gateway = tools.gatewayOf(placing.link);
    const payment = await retryUnchanged((ms) => gateway.requestPrepay(placing, ms), clock, call);
    return await storePrepay(placing, payment, tools);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return afterFailure(placing, error, tools, call);
  }
}

/** WeChat's words that tell of an order's end: it is asked, and the answer decides. */
const ENDED = ['ORDERPAID', 'ORDER_CLOSED'];

async function afterFailure(
  placing: Order,
  error: GatewayError,
  tools: Needs,
  call: Invocation,
): Promise<Prepaid> {
  const { store, clock } = tools;
  if (ENDED.includes(error.code)) {
    return (await queryWeChat(placing, tools, call)).order ?? placing;
  }
  if (placing.status.state !== 'created') return refusalOf(error, 'same_request');
  const now = clock.now();
  const next = (kept: OrderDocument): { order: OrderDocument } => {
    if (!isStillOurs(kept, placing)) return { order: kept };
    // Burnt only if no other attempt can have landed; else the timer finds out.
    const burnt = error.retry === 'never' && kept.status.attempts === 1;
    return { order: burnt ? markClosed(kept, error.code, now) : releasePlacing(kept, now) };
  };
  await change(store, placing.outTradeNo, next, placing);
  return refusalOf(error, 'same_request');
}

/** Whether an order is still being placed by this caller, whatever else was written meanwhile. */
function isStillOurs(kept: OrderDocument, placing: Order): kept is Order & { status: Created } {
  return (
    kept.kind === 'order' &&
    kept.status.state === 'created' &&
    placing.status.state === 'created' &&
    kept.status.attempts === placing.status.attempts
  );
}

type Created = Extract<Order['status'], { state: 'created' }>;

/**
 * Writes the prepay id down. It opens the one frozen request, whoever fetched it: what others wrote
 * meanwhile (a question asked, a lease) does not make it worthless, a known end or a wished close does.
 */
async function storePrepay(
  placing: Order,
  payment: PaymentParams,
  { store, clock }: Needs,
): Promise<Prepaid> {
  const keep = (kept: OrderDocument): { order: OrderDocument } => {
    const wanted = kept.kind === 'order' && !kept.closeDueAt && !kept.quarantine;
    if (!wanted || !isUnpaid(kept, placing)) return { order: kept };
    return { order: withPrepay(kept, payment, clock.now()) };
  };
  return (await change(store, placing.outTradeNo, keep, placing))?.order ?? placing;
}

/** Created, or with the very prepay id that was to be replaced. */
function isUnpaid({ status }: Order, placing: Order): boolean {
  if (status.state !== 'paying') return status.state === 'created';
  const before = placing.status;
  return (
    before.state === 'paying' && before.prepayIssuedAt.getTime() === status.prepayIssuedAt.getTime()
  );
}

async function reread(order: Order, store: OrderStore): Promise<OrderDocument> {
  return (await store.get(order.outTradeNo)) ?? order;
}
