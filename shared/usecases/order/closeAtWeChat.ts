import type { Order } from '../../domain/order/order.ts';
import { GatewayError } from '../../ports/gateway.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { retryUnchanged } from '../step/retryUnchanged.ts';
import { type AppliedEvidence, applyEvidence } from './applyEvidence.ts';
import { queryWeChat } from './queryWeChat.ts';

/**
 * Closes an order at WeChat and then here. Whatever else WeChat answers (ORDERPAID above all, or
 * nothing), the order is queried: its payment is applied, and one still open stays open.
 */
export async function closeAtWeChat(
  order: Order,
  deps: Pick<UseCaseDeps, 'store' | 'clock' | 'gatewayOf'>,
  invocation: Invocation,
): Promise<AppliedEvidence> {
  const { outTradeNo } = order;
  const gateway = deps.gatewayOf(order.link);
  try {
    await retryUnchanged(gateway.closeOrder, [order], deps, invocation);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return queryWeChat(order, deps, invocation);
  }
  const confirmed = { kind: 'closed', via: 'query', outTradeNo, code: 'CLOSED' } as const;
  return applyEvidence(confirmed, deps, invocation, order);
}
