import type { Order, OrderDocument } from '../../domain/order/order.ts';
import type { OrderStore } from '../../ports/store.ts';
import type { Invocation } from '../step/deps.ts';
import { orderFields } from '../step/trace.ts';

/** Reads an order for a caller; another user's order answers like one that does not exist. */
export async function visibleOrder(
  outTradeNo: string,
  store: OrderStore,
  invocation: Invocation,
): Promise<Order | undefined> {
  invocation.log.add({ outTradeNo });
  const stored = await store.get(outTradeNo);
  if (stored) invocation.log.add(orderFields(stored));
  return stored && isVisible(stored, invocation) ? stored : undefined;
}

/**
 * Lets the merchant's server see as the payer whom it names: what its own clients ask for, by a number of
 * theirs, is then their own order or none.
 */
export function onBehalfOf(openid: string | undefined, invocation: Invocation): Invocation {
  const { kind, source } = invocation.caller;
  if (openid === undefined || kind !== 'service') return invocation;
  return { ...invocation, caller: { kind: 'user', openid, source } };
}

/** Tells whether a caller may see a document: the payer, admins and the merchant's server. */
export function isVisible(stored: OrderDocument, { caller }: Invocation): stored is Order {
  if (stored.kind !== 'order') return false;
  if (caller.kind === 'service' || caller.kind === 'admin') return true;
  return caller.kind === 'user' && caller.openid === stored.openid;
}
