import { beginOrder, type Terms } from '../../domain/order/order.ts';
import { canSend, type Placing, unsent } from '../order/prepay.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { orderFields, withTrace } from '../step/trace.ts';

/** Writes a new order down; undefined where its number is taken. */
export async function beginPlacing(
  terms: Terms,
  deps: Pick<UseCaseDeps, 'store' | 'gatewayOf' | 'hasPayToken'>,
  invocation: Invocation,
): Promise<Placing | undefined> {
  const frozen = deps.gatewayOf(terms.link).freezeOrder(terms);
  const begun = withTrace(beginOrder(terms, frozen), invocation);
  invocation.log.add(orderFields(begun));
  const order = canSend(terms.link, deps) ? begun : unsent(begun, terms.createdAt);
  const written = await deps.store.insert(order);
  return written === 'inserted' ? { order, isOurs: true } : undefined;
}
