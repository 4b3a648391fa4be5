import { conclude, concludeOrphan, type Outcome, orphanOf } from '../../domain/order/conclude.ts';
import type { Evidence } from '../../domain/order/evidence.ts';
import type { OrderDocument } from '../../domain/order/order.ts';
import { StoreError } from '../../ports/store.ts';
import { change } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { logEvents } from '../step/logEvents.ts';
import { logOutcome } from '../step/logOutcome.ts';
import { withTrace } from '../step/trace.ts';
import { lookAtSiblings } from './siblings.ts';

/** The store is at fault when a number is neither free nor found so often. */
const ATTEMPTS_MAX = 3;

/** The result of applied evidence; `unknown_order`: an unpaid state of an order that we never placed. */
export type AppliedEvidence =
  | { outcome: Outcome | 'orphaned' | 'already_orphaned'; order: OrderDocument }
  | { outcome: 'unknown_order'; order?: undefined };

/**
 * Applies evidence to its order and writes the conclusion once, however often and from wherever it
 * comes. A payment for an unknown number is stored as an orphan. `known` is the order as it was read
 * just now, where the caller has it. Where a purchase becomes paid, its other orders are looked at.
 */
export async function applyEvidence(
  evidence: Evidence,
  deps: Pick<UseCaseDeps, 'store' | 'clock'>,
  invocation: Invocation,
  known?: OrderDocument,
): Promise<AppliedEvidence> {
  const { outTradeNo } = evidence;
  const decide = (stored: OrderDocument, now: Date) =>
    stored.kind === 'orphan'
      ? concludeOrphan(stored, evidence, now)
      : conclude(stored, evidence, now);
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const changed = await change(known ?? outTradeNo, decide, deps, invocation);
    if (changed) {
      const { outcome } = changed.decided;
      logOutcome(invocation, outcome, changed);
      await lookAtSiblings(changed.after, deps, invocation);
      return { outcome, order: changed.after };
    }
    if (evidence.kind !== 'paid') return { outcome: 'unknown_order' };
    const orphan = withTrace(orphanOf(evidence, deps.clock.now()), invocation);
    if ((await deps.store.insert(orphan)) === 'inserted') {
      logEvents(invocation, orphan, orphan.events);
      logOutcome(invocation, 'orphaned', { after: orphan });
      return { outcome: 'orphaned', order: orphan };
    }
    // Placed in between: now there is an order to apply it to.
  }
  throw new StoreError('STORE_UNAVAILABLE', 'same_request', `${outTradeNo}: there and not there`);
}
