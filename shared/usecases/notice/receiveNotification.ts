import type { NotificationAnswer, NotificationInput } from '../../contract/notice/notification.ts';
import type { Evidence } from '../../domain/order/evidence.ts';
import { settleOrder } from '../order/applyEvidence.ts';
import type { Call, Tools } from '../step/deps.ts';
import { ACKNOWLEDGED, acceptNotification } from './acceptNotification.ts';
import { receivePaymentClaim } from './receivePaymentClaim.ts';

type Needs = Pick<Tools, 'door' | 'claims' | 'settings' | 'store' | 'clock' | 'gatewayOf'>;

/**
 * 支付结果通知: settles the order that a verified payment is for, and acknowledges once that is written.
 * An unsigned one, of cloud pay, is only a claim.
 */
export function receiveNotification(
  input: NotificationInput,
  tools: Needs,
  call: Call,
): Promise<NotificationAnswer> {
  if (input.from === 'cloudPay') return receivePaymentClaim(input.event, tools, call);
  return acceptNotification(input, tools, call, (notification) =>
    notification.is === 'payment' ? settle(notification.evidence, tools, call) : undefined,
  );
}

async function settle(evidence: Evidence, tools: Needs, call: Call): Promise<NotificationAnswer> {
  await settleOrder(evidence, tools, call);
  return ACKNOWLEDGED;
}
