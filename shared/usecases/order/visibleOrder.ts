import type { Order, OrderDocument } from '../../domain/order/order.ts';
import type { OrderStore } from '../../ports/store.ts';
import type { Invocation } from '../step/deps.ts';

/** Reads an order for a caller; another user's order answers like one that does not exist. */
export async function visibleOrder(
  outTradeNo: string,
  store: OrderStore,
  invocation: Invocation,
): Promise<Order | undefined> {
  invocation.log.add({ outTradeNo });
  const kept = await store.get(outTradeNo);
  return kept && isVisible(kept, invocation) ? kept : undefined;
}

/** Tells whether a caller may see a document: the payer, admins and the merchant's server. */
export function isVisible(kept: OrderDocument, { caller }: Invocation): kept is Order {
  if (kept.kind !== 'order') return false;
  if (caller.kind === 'service' || caller.kind === 'admin') return true;
  return caller.kind === 'user' && caller.openid === kept.openid;
}
