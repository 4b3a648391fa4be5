import type { Order } from '../../domain/order/order.ts';
import type { Call, Tools } from '../step/deps.ts';
import { repeat } from '../step/retryUnchanged.ts';
import { type Settlement, settleOrder } from './applyEvidence.ts';

/** Asks WeChat about an order, through the order's own link, and writes down what follows. */
export async function askWeChat(
  order: Order,
  tools: Pick<Tools, 'store' | 'clock' | 'gatewayOf'>,
  call: Call,
): Promise<Settlement> {
  const gateway = tools.gatewayOf(order.link);
  const evidence = await repeat((ms) => gateway.queryOrder(order, ms), tools.clock, call);
  return settleOrder(evidence, tools, call, order);
}
