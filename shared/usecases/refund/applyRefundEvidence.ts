import type { Order, OrderDocument } from '../../domain/order/order.ts';
import { concludeRefund, type RefundOutcome } from '../../domain/refund/concludeRefund.ts';
import type { RefundEvidence } from '../../domain/refund/refundEvidence.ts';
import { change } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { logOutcome } from '../step/logOutcome.ts';

/**
 * The result of applied evidence. `refund_not_found`: WeChat does not know the number.
 * `refund_status_unknown`: it knows the number, and does not answer the status of the refund.
 * `refund_given_up`: it never took it and never will. `refund_unverified`: too old to be sent, WeChat knows it.
 */
export interface AppliedRefundEvidence<D extends OrderDocument = Order> {
  outcome:
    | RefundOutcome
    | 'refund_not_found'
    | 'refund_status_unknown'
    | 'refund_given_up'
    | 'refund_unverified';
  order: D;
}

/** Outcomes that a person has to look at. */
const ALARMING: readonly string[] = ['refund_mismatch', 'refund_unknown_state'];

/**
 * Applies evidence to its refund and writes the conclusion once, however often and from wherever it
 * comes. Undefined when we know neither the order nor a payment of it. `known` is the document as it was
 * read just now, where the caller has it.
 */
export async function applyRefundEvidence<D extends OrderDocument = OrderDocument>(
  evidence: RefundEvidence,
  deps: Pick<UseCaseDeps, 'store' | 'clock'>,
  invocation: Invocation,
  known?: D,
): Promise<AppliedRefundEvidence<D> | undefined> {
  const decide = (stored: OrderDocument, now: Date) => concludeRefund(stored, evidence, now);
  const changed = await change(known ?? evidence.outTradeNo, decide, deps, invocation);
  if (!changed) return undefined;
  const { outcome } = changed.decided;
  logOutcome(invocation, outcome, changed);
  if (ALARMING.includes(outcome)) invocation.log.add({ level: 'error' });
  // A document never changes its kind.
  return { outcome, order: changed.after as D };
}
