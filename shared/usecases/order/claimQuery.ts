import { QUERY_INTERVAL_MS } from '../../domain/limits.ts';
import type { OrderDocument } from '../../domain/order/order.ts';
import type { UseCaseDeps } from '../step/deps.ts';

/**
 * Claims the next query of an order to WeChat, by writing its time down so that no other caller queries
 * too; undefined when somebody did within {@link QUERY_INTERVAL_MS}.
 */
export async function claimQuery<D extends OrderDocument>(
  order: D,
  { store, clock }: Pick<UseCaseDeps, 'store' | 'clock'>,
): Promise<D | undefined> {
  const now = clock.now();
  const isRecent = order.queriedAt && now.getTime() - order.queriedAt.getTime() < QUERY_INTERVAL_MS;
  if (isRecent) return undefined;
  const claimed = { ...order, queriedAt: now };
  const isClaimed = (await store.replace(claimed, order.version)) === 'replaced';
  return isClaimed ? { ...claimed, version: order.version + 1 } : undefined;
}

/** Reads the order as it stands now, for a caller who did not get the query. */
export async function reread<D extends OrderDocument>(
  order: D,
  { store }: Pick<UseCaseDeps, 'store'>,
): Promise<D> {
  const stored = await store.get(order.outTradeNo);
  return stored?.kind === order.kind ? (stored as D) : order;
}
