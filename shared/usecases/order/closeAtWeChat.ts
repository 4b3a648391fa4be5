import type { Order } from '../../domain/order/order.ts';
import { GatewayError } from '../../ports/gateway.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { retryUnchanged } from '../step/retryUnchanged.ts';
import { type AppliedEvidence, applyEvidence } from './applyEvidence.ts';
import { queryWeChat } from './queryWeChat.ts';

/**
 * Closes an order at WeChat and then here. Whatever else WeChat answers (ORDERPAID above all, or
 * nothing), it is asked: an order that was paid settles, one still open stays open.
 */
export async function closeAtWeChat(
  order: Order,
  tools: Pick<UseCaseDeps, 'store' | 'clock' | 'gatewayOf'>,
  call: Invocation,
): Promise<AppliedEvidence> {
  const { outTradeNo } = order;
  const gateway = tools.gatewayOf(order.link);
  try {
    await retryUnchanged((ms) => gateway.closeOrder(order, ms), tools.clock, call);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return queryWeChat(order, tools, call);
  }
  const confirmed = { kind: 'closed', via: 'query', outTradeNo, code: 'CLOSED' } as const;
  return applyEvidence(confirmed, tools, call, order);
}
