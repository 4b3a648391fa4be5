import type { NotificationAnswer } from '../../contract/notice/notification.ts';
import { checkNow } from '../../domain/order/nextCheck.ts';
import type { Order } from '../../domain/order/order.ts';
import type { RefundEvidence } from '../../domain/refund/refundEvidence.ts';
import { hasRefundEnded } from '../../domain/refund/requestRefund.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { queryRefundAtWeChat } from '../refund/applyRefundEvidence.ts';
import { changeOrder } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { acceptClaim } from './acceptClaim.ts';
import { ACKNOWLEDGED, unproven } from './acceptNotification.ts';

type Needs = Pick<UseCaseDeps, 'claims' | 'store' | 'clock' | 'gatewayOf'>;

/**
 * 云支付退款通知: a callback that nobody signed and that has no `attach`, so nothing in it is proof. WeChat is
 * asked where this call can; unless that tells the end, it is a rumour and comes again.
 */
export function receiveRefundClaim(
  event: unknown,
  tools: Needs,
  call: Invocation,
): Promise<NotificationAnswer> {
  return acceptClaim('refund', event, tools, call, ({ evidence }) =>
    confirmRefund(evidence, tools, call),
  );
}

async function confirmRefund(
  { outTradeNo, outRefundNo }: RefundEvidence,
  tools: Needs,
  call: Invocation,
): Promise<NotificationAnswer> {
  const kept = await tools.store.get(outTradeNo);
  if (kept?.kind !== 'order') return unproven('ORDER_UNKNOWN', call);
  if (kept.link !== 'cloudPay') return unproven('claim:link', call);
  if (hasRefundEnded(kept, outRefundNo)) return ACKNOWLEDGED;
  const asked = await ask(kept, outRefundNo, tools, call);
  if (hasRefundEnded(asked, outRefundNo)) return ACKNOWLEDGED;
  const { store, clock } = tools;
  await changeOrder(store, outTradeNo, (now) => checkNow(now, clock.now()), asked);
  return unproven('claim:unconfirmed', call);
}

/** The order as it stands after a question, or as it was where none can be asked. */
async function ask(
  order: Order,
  outRefundNo: string,
  tools: Needs,
  call: Invocation,
): Promise<Order> {
  try {
    return (await queryRefundAtWeChat(order, outRefundNo, tools, call)).order;
  } catch (error) {
    if (error instanceof GatewayError) return order;
    throw error;
  }
}
