import type { Order, OrderDocument } from '../../domain/order/order.ts';
import { StoreError } from '../../ports/store.ts';
import type { UseCaseDeps } from './deps.ts';

/** More conflicts than this on one document are a fault, not traffic. */
const ATTEMPTS_MAX = 50;

/** Decides on a document by its arguments alone; nothing is written when it returns the document itself. */
type Decide<D> = (stored: OrderDocument, now: Date) => D;

/** A change: the document before and after it, the very same object when nothing was written. */
export interface Change<D> {
  before: OrderDocument;
  after: OrderDocument;
  decided: D;
}

/** Calls decisions; the tests put one in its place that calls each twice and compares. */
export const decider = {
  call: <D>(decide: Decide<D>, stored: OrderDocument, now: Date): D => decide(stored, now),
};

/**
 * Changes a stored document: reads, decides, writes if nobody else did meanwhile, else reads again.
 * Undefined when there is none. A refund number of another order is refused with REFUND_NUMBER_USED,
 * and nothing is written. `known`, as it was read just now, saves the first read: a stale one only
 * meets a conflict.
 */
export async function change<D extends { order: OrderDocument }>(
  { store, clock }: Pick<UseCaseDeps, 'store' | 'clock'>,
  outTradeNo: string,
  decide: Decide<D>,
  known?: OrderDocument,
): Promise<Change<D> | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const before = attempt === 0 && known ? known : await store.get(outTradeNo);
    if (!before) return undefined;
    const decided = decider.call(decide, before, clock.now());
    if (decided.order === before) return { before, after: before, decided };
    const written = await store.replace(decided.order, before.version);
    if (written === 'number_used') throw numberUsed(outTradeNo);
    if (written === 'replaced') {
      return { before, after: { ...decided.order, version: before.version + 1 }, decided };
    }
  }
  throw new StoreError('STORE_UNAVAILABLE', 'same_request', `${outTradeNo}: too many conflicts`);
}

/** Changes a stored order and returns it as written; undefined for an orphan, which stays, or none. */
export async function changeOrder(
  deps: Pick<UseCaseDeps, 'store' | 'clock'>,
  outTradeNo: string,
  next: (order: Order, now: Date) => Order,
  known?: OrderDocument,
): Promise<Order | undefined> {
  const decide = (stored: OrderDocument, now: Date): { order: OrderDocument } => ({
    order: stored.kind === 'order' ? next(stored, now) : stored,
  });
  const after = (await change(deps, outTradeNo, decide, known))?.after;
  return after?.kind === 'order' ? after : undefined;
}

function numberUsed(outTradeNo: string): StoreError {
  const message = `${outTradeNo}: another order has a refund under this number`;
  return new StoreError('REFUND_NUMBER_USED', 'never', message);
}
