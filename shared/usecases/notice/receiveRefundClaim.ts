import type { NotificationAnswer } from '../../contract/notice/notification.ts';
import { checkNow } from '../../domain/order/nextCheck.ts';
import type { OrderDocument } from '../../domain/order/order.ts';
import type { RefundEvidence } from '../../domain/refund/refundEvidence.ts';
import { hasRefundEnded } from '../../domain/refund/requestRefund.ts';
import { GatewayError } from '../../ports/gateway.ts';
import type { RefundClaim } from '../../ports/unverifiedClaim.ts';
import { queryRefundAtWeChat } from '../refund/queryRefundAtWeChat.ts';
import { changeOrder } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { orderFields } from '../step/trace.ts';
import { acceptClaim } from './acceptClaim.ts';
import { ACKNOWLEDGED, refuseUnconfirmed } from './acceptNotification.ts';

type Deps = Pick<UseCaseDeps, 'claims' | 'store' | 'clock' | 'gatewayOf'>;

/**
 * 云支付退款通知: receives an unsigned callback that has no `attach`, so nothing in it is proof. WeChat is
 * queried where this call can; unless the answer is final, the claim is refused and comes again.
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
  const stored = await deps.store.get(outTradeNo);
  if (!stored) return refuseUnconfirmed('ORDER_UNKNOWN', invocation);
  invocation.log.add(orderFields(stored));
  if (stored.kind === 'order' && stored.link !== 'cloudPay')
    return refuseUnconfirmed('claim:link', invocation);
  if (hasRefundEnded(stored, outRefundNo)) return ACKNOWLEDGED;
  const queried = await queryIfPossible(stored, outRefundNo, deps, invocation);
  if (hasRefundEnded(queried, outRefundNo)) return ACKNOWLEDGED;
  await changeOrder(queried, checkNow, deps, invocation);
  return refuseUnconfirmed('claim:unconfirmed', invocation);
}

/** Queries the refund and returns the order as it stands then, or as it was where the query fails. */
async function queryIfPossible(
  order: OrderDocument,
  outRefundNo: string,
  { store, clock, gatewayOf }: Deps,
  invocation: Invocation,
): Promise<OrderDocument> {
  // An orphan names no link; these claims come through cloud pay alone.
  const onCloudPay = { store, clock, gatewayOf: () => gatewayOf('cloudPay') };
  try {
    return (await queryRefundAtWeChat(order, outRefundNo, onCloudPay, invocation)).order;
  } catch (error) {
    if (error instanceof GatewayError) return order;
    throw error;
  }
}
