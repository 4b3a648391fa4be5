import type { OrderDocument } from '../../domain/order/order.ts';
import { numberOfAttempt, PURCHASE_ATTEMPTS_MAX } from '../../domain/order/purchase.ts';
import type { OrderStore } from '../../ports/store.ts';

/** Attempts are read so many at once: most purchases have one. */
const BATCHES = [1, 3, 12, 28, 56] as const;

/**
 * Reads the orders of a purchase from its first attempt on, up to the first number that is free: an attempt exists
 * only where the one before it does.
 */
export async function readAttempts(
  purchaseId: string,
  { get }: Pick<OrderStore, 'get'>,
): Promise<OrderDocument[]> {
  const found: OrderDocument[] = [];
  for (const size of BATCHES) {
    const first = found.length + 1;
    const last = Math.min(first + size - 1, PURCHASE_ATTEMPTS_MAX);
    const numbers = Array.from({ length: last - first + 1 }, (_, index) =>
      numberOfAttempt(purchaseId, first + index),
    );
    const read = await Promise.all(numbers.map((number) => get(number)));
    const free = read.indexOf(undefined);
    const taken = free === -1 ? read : read.slice(0, free);
    found.push(...taken.filter((document) => document !== undefined));
    if (free !== -1) break;
  }
  return found;
}
