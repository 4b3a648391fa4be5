import type { Order } from '../../domain/order/order.ts';
import { GatewayError } from '../../ports/gateway.ts';
import type { Call, Tools } from '../step/deps.ts';
import { repeat } from '../step/retryUnchanged.ts';
import { type Settlement, settleOrder } from './applyEvidence.ts';
import { askWeChat } from './queryWeChat.ts';

/**
 * Closes an order at WeChat and then here. Whatever else WeChat answers (ORDERPAID above all, or
 * nothing), it is asked: an order that was paid settles, one still open stays open.
 */
export async function closeAtWeChat(
  order: Order,
  tools: Pick<Tools, 'store' | 'clock' | 'gatewayOf'>,
  call: Call,
): Promise<Settlement> {
  const { outTradeNo } = order;
  const gateway = tools.gatewayOf(order.link);
  try {
    await repeat((ms) => gateway.closeOrder(order, ms), tools.clock, call);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return askWeChat(order, tools, call);
  }
  const confirmed = { is: 'closed', via: 'query', outTradeNo, word: 'CLOSED' } as const;
  return settleOrder(confirmed, tools, call, order);
}
