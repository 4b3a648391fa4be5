import type { Order, OrderDocument } from '../../domain/order/order.ts';
import { concludeRefund, type RefundOutcome } from '../../domain/refund/concludeRefund.ts';
import type { RefundEvidence } from '../../domain/refund/refundEvidence.ts';
import { change } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { logOutcome } from '../step/logOutcome.ts';

/**
 * The result of applied evidence. `refund_not_found`: WeChat does not know the number.
 * `refund_status_unknown`: it knows the number, and does not answer the status of the refund.
 */
export interface AppliedRefundEvidence {
  outcome: RefundOutcome | 'refund_not_found' | 'refund_status_unknown';
  order: Order;
}

/** Outcomes that a person has to look at. */
const ALARMING: readonly string[] = ['refund_mismatch', 'refund_unknown_state'];

/**
 * Applies evidence to its refund and writes the conclusion once, however often and from wherever it
 * comes. Undefined when we never placed the order. `known` is the order as it was read
 * just now, where the caller has it.
 */
export async function applyRefundEvidence(
  evidence: RefundEvidence,
  deps: Pick<UseCaseDeps, 'store' | 'clock'>,
  invocation: Invocation,
  known?: Order,
): Promise<AppliedRefundEvidence | undefined> {
  type Decided = { outcome?: RefundOutcome; order: OrderDocument };
  const decide = (stored: OrderDocument, now: Date): Decided =>
    stored.kind === 'order' ? concludeRefund(stored, evidence, now) : { order: stored };
  const changed = await change(known ?? evidence.outTradeNo, decide, deps, invocation);
  if (changed?.decided.outcome === undefined || changed.after.kind !== 'order') return undefined;
  const { outcome } = changed.decided;
  logOutcome(invocation, outcome, changed);
  if (ALARMING.includes(outcome)) invocation.log.add({ level: 'error' });
  return { outcome, order: changed.after };
}
