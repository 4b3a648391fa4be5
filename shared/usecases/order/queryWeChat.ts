import type { Order } from '../../domain/order/order.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { retryUnchanged } from '../step/retryUnchanged.ts';
import { type AppliedEvidence, applyEvidence } from './applyEvidence.ts';

/** Queries an order at WeChat (查询订单), through the order's own link, and writes down what follows. */
export async function queryWeChat(
  order: Order,
  deps: Pick<UseCaseDeps, 'store' | 'clock' | 'gatewayOf'>,
  invocation: Invocation,
): Promise<AppliedEvidence> {
  const gateway = deps.gatewayOf(order.link);
  const evidence = await retryUnchanged(gateway.queryOrder, [order], deps, invocation);
  return applyEvidence(evidence, deps, invocation, order);
}
