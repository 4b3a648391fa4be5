import { conclude, type Outcome, orphanOf } from '../../domain/order/conclude.ts';
import { withEvent } from '../../domain/order/event.ts';
import type { Evidence } from '../../domain/order/evidence.ts';
import type { OrderDocument, Orphan } from '../../domain/order/order.ts';
import { StoreError } from '../../ports/store.ts';
import { change } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';

/** A number that is neither free nor found so often is a fault of the store. */
const ROUNDS_MAX = 3;

/** What became of evidence; `unheard` is an unpaid state of an order that we never placed. */
export type AppliedEvidence =
  | { outcome: Outcome; order: OrderDocument }
  | { outcome: 'orphaned' | 'already_orphaned'; order: OrderDocument }
  | { outcome: 'unknown_order'; order?: undefined };

/**
 * Applies evidence to the order it is about and writes the conclusion, once however often and from
 * wherever it comes. A payment for an unknown number is kept as an orphan. `known` is the order as
 * it was read just now, where the caller has it.
 */
export async function applyEvidence(
  evidence: Evidence,
  { store, clock }: Pick<UseCaseDeps, 'store' | 'clock'>,
  call: Invocation,
  known?: OrderDocument,
): Promise<AppliedEvidence> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    let eventsBefore = 0;
    const decide = (kept: OrderDocument): AppliedEvidence & Changed => {
      eventsBefore = kept.events.length;
      if (kept.kind === 'orphan') return meetOrphan(kept, evidence, clock.now());
      return conclude(kept, evidence, clock.now());
    };
    const settled = await change(store, evidence.outTradeNo, decide, known);
    if (settled) {
      tell(call, settled.outcome, settled.order, eventsBefore);
      return settled;
    }
    if (evidence.kind !== 'paid') return { outcome: 'unknown_order' };
    const order = orphanOf(evidence, clock.now());
    if ((await store.insert(order)) === 'inserted') {
      tell(call, 'orphaned', order, 0);
      return { outcome: 'orphaned', order };
    }
    // Placed in between: now there is an order to settle.
  }
  const { outTradeNo } = evidence;
  throw new StoreError('STORE_UNAVAILABLE', 'same_request', `${outTradeNo}: there and not there`);
}

type Changed = { order: OrderDocument };

function meetOrphan(orphan: Orphan, evidence: Evidence, now: Date): AppliedEvidence & Changed {
  if (evidence.kind !== 'paid' || evidence.transactionId === orphan.receipt.transactionId) {
    return { outcome: 'already_orphaned', order: orphan };
  }
  const order = withEvent(orphan, 'order.duplicate_payment', now, evidence.transactionId);
  return { outcome: 'duplicate_payment', order };
}

function tell(call: Invocation, outcome: string, order: OrderDocument, eventsBefore: number): void {
  const { outTradeNo } = order;
  const events = order.events.slice(eventsBefore).map((event) => event.type);
  call.log.add({ outTradeNo, outcome, ...(events.length > 0 ? { events } : {}) });
}
