import { withNextCheck } from '../../domain/order/nextCheck.ts';
import type { OrderDocument } from '../../domain/order/order.ts';
import { isPending, type RefundStatus } from '../../domain/order/refund.ts';
import { endOverdue } from '../../domain/refund/refundAttempts.ts';
import { endUnverified } from '../../domain/refund/unverifiedRefund.ts';
import { GatewayError } from '../../ports/gateway.ts';
import type { AppliedRefundEvidence } from '../refund/applyRefundEvidence.ts';
import { queryRefundAtWeChat } from '../refund/queryRefundAtWeChat.ts';
import { resumeQueried } from '../refund/submitRefund.ts';
import { change } from '../step/change.ts';
import { hasTimeForCheck } from '../step/deadline.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import type { Processed } from './tally.ts';

type Deps = Pick<UseCaseDeps, 'store' | 'clock' | 'gatewayOf'>;

/** Outcomes of a check after which no more is known of the refund. */
const NO_ANSWER: readonly AppliedRefundEvidence['outcome'][] = [
  'refund_not_found',
  'refund_mismatch',
  'refund_of_another',
  'refund_unknown_state',
];

/**
 * Queries every pending refund of a payment at WeChat, submits again what WeChat does not know, and
 * sets the next check. Returns the outcome of each.
 */
export async function checkRefunds(
  order: OrderDocument,
  deps: Deps,
  invocation: Invocation,
): Promise<Processed[]> {
  const processed: Processed[] = [];
  const unanswered = new Set<string>();
  let current = order;
  for (const { outRefundNo, status } of order.refunds?.filter(isPending) ?? []) {
    if (!hasTimeForCheck(invocation)) break;
    try {
      unanswered.add(outRefundNo);
      const queried = await queryRefundAtWeChat(current, outRefundNo, deps, invocation);
      if (isAnswer(queried, status)) unanswered.delete(outRefundNo);
      const { outcome, order: after } =
        status.state === 'requested'
          ? await resumeQueried(queried, outRefundNo, deps, invocation)
          : queried;
      processed.push({ kind: 'outcome', outcome });
      current = after;
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      processed.push({ kind: 'failure', code: error.code, error });
    }
  }
  // The lease moved the time of the check; the next one follows the schedule, whatever was answered.
  const next = (stored: OrderDocument, now: Date) => ({
    order: withNextCheck(
      endOverdue(endUnverified(stored, { unanswered: [...unanswered] }, now), now),
      now,
    ),
  });
  await change(order.outTradeNo, next, deps, invocation);
  return processed.length > 0 ? processed : [{ kind: 'outcome', outcome: 'nothing_due' }];
}

/** Tells whether a query brought something: of one that WeChat has not taken "not found" is an answer. */
function isAnswer({ outcome }: AppliedRefundEvidence<OrderDocument>, { state }: RefundStatus) {
  return !NO_ANSWER.includes(outcome) || (outcome === 'refund_not_found' && state === 'requested');
}
