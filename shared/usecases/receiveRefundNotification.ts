import type { NotificationAnswer, NotificationInput } from '../contract/notification.ts';
import type { RefundEvidence } from '../domain/refundEvidence.ts';
import { ACKNOWLEDGED, acceptNotification, failedWith } from './acceptNotification.ts';
import { receiveRefundClaim } from './receiveRefundClaim.ts';
import { settleRefund } from './settleRefund.ts';
import type { Call, Tools } from './tools.ts';

type Needs = Pick<Tools, 'door' | 'claims' | 'store' | 'clock' | 'gatewayOf'>;

/**
 * 退款结果通知: writes what a verified notification says of a refund, and then acknowledges. A number
 * that we do not know is a refund made elsewhere: recorded and counted. An unsigned one is only a claim.
 */
export function receiveRefundNotification(
  input: NotificationInput,
  tools: Needs,
  call: Call,
): Promise<NotificationAnswer> {
  if (input.from === 'cloudPay') return receiveRefundClaim(input.event, tools, call);
  return acceptNotification(input, tools, call, (notification) =>
    notification.is === 'refund' ? settle(notification.evidence, tools, call) : undefined,
  );
}

/**
 * A refund of an order that we do not have is not acknowledged: WeChat repeats it for a day, so an
 * order that is restored, or whose payment we hear of later, still gets it; nothing is invented.
 */
async function settle(
  evidence: RefundEvidence,
  tools: Needs,
  call: Call,
): Promise<NotificationAnswer> {
  const settled = await settleRefund(evidence, tools, call);
  if (!settled) {
    const { outTradeNo, outRefundNo } = evidence;
    call.log.add({
      level: 'error',
      outTradeNo,
      error: `refund of an unknown order ${outRefundNo}`,
    });
    return failedWith('ORDER_UNKNOWN');
  }
  if (settled.outcome !== 'refund_before_payment') return ACKNOWLEDGED;
  call.log.add({ level: 'warn' });
  return failedWith('ORDER_NOT_PAID');
}
