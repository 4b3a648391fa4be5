import type { Order } from '../../domain/order/order.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { retryUnchanged } from '../step/retryUnchanged.ts';
import { type AppliedEvidence, applyEvidence } from './applyEvidence.ts';

/** Asks WeChat about an order, through the order's own link, and writes down what follows. */
export async function queryWeChat(
  order: Order,
  tools: Pick<UseCaseDeps, 'store' | 'clock' | 'gatewayOf'>,
  call: Invocation,
): Promise<AppliedEvidence> {
  const gateway = tools.gatewayOf(order.link);
  const evidence = await retryUnchanged((ms) => gateway.queryOrder(order, ms), tools.clock, call);
  return applyEvidence(evidence, tools, call, order);
}
