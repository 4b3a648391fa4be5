import type { Refusal } from '../contract/answer.ts';
import { closed } from '../domain/conclude.ts';
import type { Order, OrderDocument } from '../domain/order.ts';
import { prepaid, release, takeOver } from '../domain/order.ts';
import { GatewayError } from '../ports/gateway.ts';
import type { OrderStore } from '../ports/store.ts';
import { askWeChat } from './askWeChat.ts';
import { refusalOf } from './refusalOf.ts';
import { repeat } from './repeat.ts';
import type { Call, Tools } from './tools.ts';

type Needs = Pick<Tools, 'store' | 'clock' | 'gatewayOf'>;

/** The order as it stands now, perhaps changed by others meanwhile, or WeChat's refusal. */
type Prepaid = Refusal | OrderDocument;

/**
 * Gets a prepay id for an order with its frozen request and writes it down. `begun` says that this
 * caller inserted the order just now; anyone else takes over a created one first.
 */
export async function prepay(
  order: Order,
  begun: boolean,
  tools: Needs,
  call: Call,
): Promise<Prepaid> {
  const { store, clock } = tools;
  let placing = order;
  if (!begun && order.status.state === 'created') {
    const taken = takeOver(order, clock.now());
    if ((await store.replace(taken, order.version)) === 'conflict') return reread(order, store);
    placing = { ...taken, version: order.version + 1 };
  }
  try {
    const gateway = tools.gatewayOf(placing.link);
    const payment = await repeat((ms) => gateway.unifiedOrder(placing, ms), clock, call);
    return await write(placing, prepaid(placing, payment, clock.now()), store);
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
  call: Call,
): Promise<Prepaid> {
  const { store, clock } = tools;
  if (ENDED.includes(error.code)) {
    return (await askWeChat(placing, tools, call)).order ?? placing;
  }
  if (placing.status.state !== 'created') return refusalOf(error, 'same_request');
  // Burnt only if no other attempt can have landed; else the timer finds out.
  const burnt = error.retry === 'never' && placing.status.attempts === 1;
  const now = clock.now();
  const next = burnt ? closed(placing, error.code, now) : release(placing, now);
  await store.replace(next, placing.version);
  return refusalOf(error, 'same_request');
}

async function write(placing: Order, next: Order, store: OrderStore): Promise<OrderDocument> {
  if ((await store.replace(next, placing.version)) === 'conflict') return reread(placing, store);
  return { ...next, version: placing.version + 1 };
}

async function reread(order: Order, store: OrderStore): Promise<OrderDocument> {
  return (await store.get(order.outTradeNo)) ?? order;
}
