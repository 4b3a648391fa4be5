import type { NotificationAnswer } from '../../contract/notice/notification.ts';
import { checkNow } from '../../domain/order/nextCheck.ts';
import type { Order } from '../../domain/order/order.ts';
import type { RefundEvidence } from '../../domain/refund/refundEvidence.ts';
import { hasRefundEnded } from '../../domain/refund/requestRefund.ts';
import { GatewayError } from '../../ports/gateway.ts';
import type { RefundClaim } from '../../ports/unverifiedClaim.ts';
import { queryRefundAtWeChat } from '../refund/queryRefundAtWeChat.ts';
import { changeOrder } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { acceptClaim } from './acceptClaim.ts';
import { ACKNOWLEDGED, refuseUnconfirmed } from './acceptNotification.ts';

type Deps = Pick<UseCaseDeps, 'claims' | 'store' | 'clock' | 'gatewayOf'>;

/**
 * 云支付退款通知: a callback that nobody signed and that has no `attach`, so nothing in it is proof. WeChat is
 * asked where this call can; unless that tells the end, it proves nothing and comes again.
 */
export function receiveRefundClaim(
  event: unknown,
  deps: Deps,
  invocation: Invocation,
): Promise<NotificationAnswer> {
  const confirm = ({ evidence }: RefundClaim) => confirmRefund(evidence, deps, invocation);
  return acceptClaim(event, { kind: 'refund', confirm }, deps, invocation);
}

async function confirmRefund(
  { outTradeNo, outRefundNo }: RefundEvidence,
  deps: Deps,
  invocation: Invocation,
): Promise<NotificationAnswer> {
  const kept = await deps.store.get(outTradeNo);
  if (kept?.kind !== 'order') return refuseUnconfirmed('ORDER_UNKNOWN', invocation);
  if (kept.link !== 'cloudPay') return refuseUnconfirmed('claim:link', invocation);
  if (hasRefundEnded(kept, outRefundNo)) return ACKNOWLEDGED;
  const asked = await ask(kept, outRefundNo, deps, invocation);
  if (hasRefundEnded(asked, outRefundNo)) return ACKNOWLEDGED;
  await changeOrder(deps, outTradeNo, checkNow, asked);
  return refuseUnconfirmed('claim:unconfirmed', invocation);
}

/** The order as it stands after a question, or as it was where none can be asked. */
async function ask(
  order: Order,
  outRefundNo: string,
  deps: Deps,
  invocation: Invocation,
): Promise<Order> {
  try {
    return (await queryRefundAtWeChat(order, outRefundNo, deps, invocation)).order;
  } catch (error) {
    if (error instanceof GatewayError) return order;
    throw error;
  }
}
