import { QUERY_INTERVAL_MS } from '../../domain/limits.ts';
import type { Order } from '../../domain/order/order.ts';
import type { UseCaseDeps } from '../step/deps.ts';

/** The order if WeChat is to be asked by us now; written down before, so that others do not ask too. */
export async function claimQuestion(
  order: Order,
  { store, clock }: Pick<UseCaseDeps, 'store' | 'clock'>,
): Promise<Order | undefined> {
  const now = clock.now();
  const asked = order.queriedAt && now.getTime() - order.queriedAt.getTime() < QUERY_INTERVAL_MS;
  if (asked) return undefined;
  const asking = { ...order, queriedAt: now };
  const claimed = (await store.replace(asking, order.version)) === 'replaced';
  return claimed ? { ...asking, version: order.version + 1 } : undefined;
}

/** The order as it stands now, for who may not ask. */
export async function reread(order: Order, { store }: Pick<UseCaseDeps, 'store'>): Promise<Order> {
  const kept = await store.get(order.outTradeNo);
  return kept?.kind === 'order' ? kept : order;
}
