import {
  isXml,
  type NotificationAnswer,
  type NotificationInput,
} from '../../contract/notice/notification.ts';
import type { RefundEvidence } from '../../domain/refund/refundEvidence.ts';
import { settleRefund } from '../refund/applyRefundEvidence.ts';
import type { Call, Tools } from '../step/deps.ts';
import {
  ACKNOWLEDGED,
  acceptNotification,
  failedWith,
  orderUnknown,
} from './acceptNotification.ts';
import { receiveRefundClaim } from './receiveRefundClaim.ts';
import { receiveRefundRumour } from './receiveUnsignedRefundNotice.ts';

type Needs = Pick<Tools, 'door' | 'claims' | 'rumours' | 'store' | 'clock' | 'gatewayOf'>;

/**
 * 退款结果通知: writes what a verified notification says of a refund, and then acknowledges. A number
 * that we do not know is a refund made elsewhere: recorded and counted. An unsigned one is only a claim
 * (cloud pay) or a rumour (APIv2's XML).
 */
export function receiveRefundNotification(
  input: NotificationInput,
  tools: Needs,
  call: Call,
): Promise<NotificationAnswer> {
  if (input.from === 'cloudPay') return receiveRefundClaim(input.event, tools, call);
  if (isXml(input.body)) return receiveRefundRumour(input.body, tools, call);
  return acceptNotification(input, tools, call, (notification) =>
    notification.is === 'refund' ? settle(notification.evidence, tools, call) : undefined,
  );
}

async function settle(
  evidence: RefundEvidence,
  tools: Needs,
  call: Call,
): Promise<NotificationAnswer> {
  const settled = await settleRefund(evidence, tools, call);
  if (!settled) return orderUnknown(evidence, call);
  if (settled.outcome !== 'refund_before_payment') return ACKNOWLEDGED;
  call.log.add({ level: 'warn' });
  return failedWith('ORDER_NOT_PAID');
}
