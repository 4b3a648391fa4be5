import type { NotificationAnswer } from '../../contract/notice/notification.ts';
import { askSoon } from '../../domain/order/nextCheck.ts';
import type { Order } from '../../domain/order/order.ts';
import type { RefundEvidence } from '../../domain/refund/refundEvidence.ts';
import { hasEnded } from '../../domain/refund/requestRefund.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { askRefund } from '../refund/applyRefundEvidence.ts';
import { changeOrder } from '../step/change.ts';
import type { Call, Tools } from '../step/deps.ts';
import { acceptClaim } from './acceptClaim.ts';
import { ACKNOWLEDGED, unproven } from './acceptNotification.ts';

type Needs = Pick<Tools, 'claims' | 'store' | 'clock' | 'gatewayOf'>;

/**
 * 云支付退款通知: a callback that nobody signed and that has no `attach`, so nothing in it is proof. WeChat is
 * asked where this call can; unless that tells the end, it is a rumour and comes again.
 */
export function receiveRefundClaim(
  event: unknown,
  tools: Needs,
  call: Call,
): Promise<NotificationAnswer> {
  return acceptClaim('refund', event, tools, call, ({ evidence }) => judge(evidence, tools, call));
}

async function judge(
  { outTradeNo, outRefundNo }: RefundEvidence,
  tools: Needs,
  call: Call,
): Promise<NotificationAnswer> {
  const kept = await tools.store.get(outTradeNo);
  if (kept?.kind !== 'order') return unproven('ORDER_UNKNOWN', call);
  if (kept.link !== 'cloudPay') return unproven('claim:link', call);
  if (hasEnded(kept, outRefundNo)) return ACKNOWLEDGED;
  const asked = await ask(kept, outRefundNo, tools, call);
  if (hasEnded(asked, outRefundNo)) return ACKNOWLEDGED;
  const { store, clock } = tools;
  await changeOrder(store, outTradeNo, (now) => askSoon(now, clock.now()), asked);
  return unproven('claim:unproven', call);
}

/** The order as it stands after a question, or as it was where none can be asked. */
async function ask(order: Order, outRefundNo: string, tools: Needs, call: Call): Promise<Order> {
  try {
    return (await askRefund(order, outRefundNo, tools, call)).order;
  } catch (error) {
    if (error instanceof GatewayError) return order;
    throw error;
  }
}
