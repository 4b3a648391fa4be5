import type { Order, OrderDocument } from '../../domain/order/order.ts';
import { StoreError } from '../../ports/store.ts';
import type { Invocation, UseCaseDeps } from './deps.ts';
import { logEvents } from './logEvents.ts';

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
 * Changes a stored document: reads, decides, writes if nobody else did meanwhile, else reads again; each
 * event that was written is logged. Undefined when there is none. A refund number of another order is
 * refused with REFUND_NUMBER_USED, and nothing is written. `target` is its number, or the document as it
 * was read just now, which saves the first read: a stale one only meets a conflict.
 */
export async function change<D extends { order: OrderDocument }>(
  target: string | OrderDocument,
  decide: Decide<D>,
  { store, clock }: Pick<UseCaseDeps, 'store' | 'clock'>,
  invocation: Invocation,
): Promise<Change<D> | undefined> {
  let known = typeof target === 'string' ? undefined : target;
  const outTradeNo = typeof target === 'string' ? target : target.outTradeNo;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const before: OrderDocument | undefined = known ?? (await store.get(outTradeNo));
    known = undefined;
    if (!before) return undefined;
    const decided = decider.call(decide, before, clock.now());
    if (decided.order === before) return { before, after: before, decided };
    const written = await store.replace(decided.order, before.version);
    if (written === 'number_used') throw numberUsed(outTradeNo);
    if (written === 'replaced') {
      logEvents(invocation, before, decided.order.events.slice(before.events.length));
      return { before, after: { ...decided.order, version: before.version + 1 }, decided };
    }
  }
  throw new StoreError('STORE_UNAVAILABLE', 'same_request', `${outTradeNo}: too many conflicts`);
}

/** Changes a stored order and returns it as written; undefined for an orphan, which stays, or none. */
export async function changeOrder(
  target: string | OrderDocument,
  next: (order: Order, now: Date) => Order,
  deps: Pick<UseCaseDeps, 'store' | 'clock'>,
  invocation: Invocation,
): Promise<Order | undefined> {
  const decide = (stored: OrderDocument, now: Date): { order: OrderDocument } => ({
    order: stored.kind === 'order' ? next(stored, now) : stored,
  });
  const after = (await change(target, decide, deps, invocation))?.after;
  return after?.kind === 'order' ? after : undefined;
}

function numberUsed(outTradeNo: string): StoreError {
  const message = `${outTradeNo}: another order has a refund under this number`;
  return new StoreError('REFUND_NUMBER_USED', 'never', message);
}
