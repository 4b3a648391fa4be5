import type { NotificationAnswer, NotificationInput } from '../../contract/notice/notification.ts';
import type { Evidence } from '../../domain/order/evidence.ts';
import { applyEvidence } from '../order/applyEvidence.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { ACKNOWLEDGED, acceptNotification } from './acceptNotification.ts';
import { receivePaymentClaim } from './receivePaymentClaim.ts';

type Deps = Pick<
  UseCaseDeps,
  'verifyNotification' | 'claims' | 'settings' | 'store' | 'clock' | 'gatewayOf'
>;

/**
 * 支付结果通知: applies a verified payment to its order, and acknowledges once that is written.
 * An unsigned one, of cloud pay, is only an unverified claim.
 */
export function receiveNotification(
  input: NotificationInput,
  deps: Deps,
  invocation: Invocation,
): Promise<NotificationAnswer> {
  if (input.from === 'cloudPay') return receivePaymentClaim(input.event, deps, invocation);
  return acceptNotification(input, deps, invocation, (notification) =>
    notification.kind === 'payment' ? apply(notification.evidence, deps, invocation) : undefined,
  );
}

async function apply(
  evidence: Evidence,
  deps: Deps,
  invocation: Invocation,
): Promise<NotificationAnswer> {
  await applyEvidence(evidence, deps, invocation);
  return ACKNOWLEDGED;
}
