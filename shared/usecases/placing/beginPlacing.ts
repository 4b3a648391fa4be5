import type { Refusal } from '../../contract/answer.ts';
import { beginOrder, type Terms } from '../../domain/order/order.ts';
import { canSend, type Placing, unsent } from '../order/prepay.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { orderFields, withTrace } from '../step/trace.ts';
import { insertCounted } from './insertCounted.ts';

/** Writes a new order down; undefined where its number is taken, refused where its payer has too many. */
export async function beginPlacing(
  terms: Terms,
  deps: Omit<UseCaseDeps, 'verifyNotification'>,
  invocation: Invocation,
): Promise<Placing | Refusal | undefined> {
  const frozen = deps.gatewayOf(terms.link).freezeOrder(terms);
  const begun = withTrace(beginOrder(terms, frozen), invocation);
  invocation.log.add(orderFields(begun));
  const order = canSend(terms.link, deps) ? begun : unsent(begun, terms.createdAt);
  const inserted = await insertCounted(order, deps, invocation);
  if (inserted === 'exists') return undefined;
  if (inserted !== 'inserted') return inserted;
  invocation.log.count('orders');
  return { order, isOurs: true };
}
