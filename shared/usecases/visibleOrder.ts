import type { Order } from '../domain/order.ts';
import type { OrderStore } from '../ports/store.ts';
import type { Call } from './tools.ts';

/** Reads an order for a caller; another user's order answers like one that does not exist. */
export async function visibleOrder(
  outTradeNo: string,
  store: OrderStore,
  { caller, log }: Call,
): Promise<Order | undefined> {
  log.add({ outTradeNo });
  const kept = await store.get(outTradeNo);
  if (kept?.kind !== 'order') return undefined;
  if (caller.kind === 'service' || caller.kind === 'admin') return kept;
  return caller.kind === 'user' && caller.openid === kept.openid ? kept : undefined;
}
