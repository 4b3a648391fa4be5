import {
  isXml,
  type NotificationAnswer,
  type NotificationInput,
} from '../../contract/notice/notification.ts';
import type { RefundEvidence } from '../../domain/refund/refundEvidence.ts';
import { applyRefundEvidence } from '../refund/applyRefundEvidence.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import {
  ACKNOWLEDGED,
  acceptNotification,
  failWith,
  refuseUnknownOrder,
} from './acceptNotification.ts';
import { receiveRefundClaim } from './receiveRefundClaim.ts';
import { receiveUnsignedRefundNotice } from './receiveUnsignedRefundNotice.ts';

type Deps = Pick<
  UseCaseDeps,
  'verifyNotification' | 'claims' | 'parseUnsignedNotice' | 'store' | 'clock' | 'gatewayOf'
>;

/**
 * 退款结果通知: writes the content of a verified notification of a refund, and then acknowledges. An
 * unknown number is an external refund: recorded and counted. Unsigned ones are an unverified claim
 * (cloud pay) or an unsigned notice (APIv2's XML), and prove nothing.
 */
export function receiveRefundNotification(
  input: NotificationInput,
  deps: Deps,
  invocation: Invocation,
): Promise<NotificationAnswer> {
  if (input.from === 'cloudPay') return receiveRefundClaim(input.event, deps, invocation);
  if (isXml(input.body)) return receiveUnsignedRefundNotice(input.body, deps, invocation);
  return acceptNotification(input, deps, invocation, (notification) =>
    notification.kind === 'refund' ? apply(notification.evidence, deps, invocation) : undefined,
  );
}

async function apply(
  evidence: RefundEvidence,
  deps: Deps,
  invocation: Invocation,
): Promise<NotificationAnswer> {
  const applied = await applyRefundEvidence(evidence, deps, invocation);
  if (!applied) return refuseUnknownOrder(evidence, invocation);
  if (applied.outcome !== 'refund_before_payment') return ACKNOWLEDGED;
  invocation.log.add({ level: 'warn' });
  return failWith('ORDER_NOT_PAID');
}
