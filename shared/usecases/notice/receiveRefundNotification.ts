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
  failedWith,
  orderUnknown,
} from './acceptNotification.ts';
import { receiveRefundClaim } from './receiveRefundClaim.ts';
import { receiveUnsignedRefundNotice } from './receiveUnsignedRefundNotice.ts';

type Needs = Pick<
  UseCaseDeps,
  'verifyNotification' | 'claims' | 'parseUnsignedNotice' | 'store' | 'clock' | 'gatewayOf'
>;

/**
 * 退款结果通知: writes what a verified notification says of a refund, and then acknowledges. A number
 * that we do not know is a refund made elsewhere: recorded and counted. An unsigned one is only a claim
 * (cloud pay) or a rumour (APIv2's XML).
 */
export function receiveRefundNotification(
  input: NotificationInput,
  tools: Needs,
  call: Invocation,
): Promise<NotificationAnswer> {
  if (input.from === 'cloudPay') return receiveRefundClaim(input.event, tools, call);
  if (isXml(input.body)) return receiveUnsignedRefundNotice(input.body, tools, call);
  return acceptNotification(input, tools, call, (notification) =>
    notification.kind === 'refund' ? settle(notification.evidence, tools, call) : undefined,
  );
}

async function settle(
  evidence: RefundEvidence,
  tools: Needs,
  call: Invocation,
): Promise<NotificationAnswer> {
  const settled = await applyRefundEvidence(evidence, tools, call);
  if (!settled) return orderUnknown(evidence, call);
  if (settled.outcome !== 'refund_before_payment') return ACKNOWLEDGED;
  call.log.add({ level: 'warn' });
  return failedWith('ORDER_NOT_PAID');
}
