import type { Order, OrderDocument } from '../../domain/order/order.ts';
import { type OrderStore, StoreError } from '../../ports/store.ts';

/** More conflicts than this on one document are a fault, not traffic. */
const ROUNDS_MAX = 50;

/**
 * Changes a kept document: reads, decides, writes if nobody else did meanwhile, else reads again.
 * `decide` must be pure; giving back its argument writes nothing. Undefined when there is none.
 * A refund number of another order is refused with REFUND_NUMBER_USED, and nothing is written.
 * `known`, as it was read just now, saves the first read: a stale one only meets a conflict.
 */
export async function change<T extends { order: OrderDocument }>(
  store: OrderStore,
  outTradeNo: string,
  decide: (kept: OrderDocument) => T,
  known?: OrderDocument,
): Promise<T | undefined> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const kept = round === 0 && known ? known : await store.get(outTradeNo);
    if (!kept) return undefined;
    const decided = decide(kept);
    if (decided.order === kept) return decided;
    const written = await store.replace(decided.order, kept.version);
    if (written === 'number_used') throw numberUsed(outTradeNo);
    if (written === 'replaced') {
      return { ...decided, order: { ...decided.order, version: kept.version + 1 } };
    }
  }
  throw new StoreError('STORE_UNAVAILABLE', 'same_request', `${outTradeNo}: too many conflicts`);
}

/** Changes a kept order and answers it as written; an orphan, or none, is left as it is: undefined. */
export async function changeOrder(
  store: OrderStore,
  outTradeNo: string,
  next: (order: Order) => Order,
  known?: OrderDocument,
): Promise<Order | undefined> {
  const decide = (kept: OrderDocument): { order: OrderDocument } => ({
    order: kept.kind === 'order' ? next(kept) : kept,
  });
  const changed = (await change(store, outTradeNo, decide, known))?.order;
  return changed?.kind === 'order' ? changed : undefined;
}

function numberUsed(outTradeNo: string): StoreError {
  const told = `${outTradeNo}: another order has a refund under this number`;
  return new StoreError('REFUND_NUMBER_USED', 'never', told);
}
