import { isUrgent } from '../../domain/order/nextCheck.ts';
import type { Order } from '../../domain/order/order.ts';
import { withoutAnswer } from '../../domain/order/unanswered.ts';
import type { Due } from '../../ports/store.ts';
import { changeOrder } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';

/** A check that brought nothing, with WeChat's code or ours. */
interface FailedCheck {
  leased: Due;
  order: Order;
  code: string;
}

/**
 * Sets the next check of an order of which nothing could be learnt, or ends its checks. Only its time
 * moves while there is nothing else to write: where the next check holds money and this one did not (it is
 * the close at the order's end), the order is written, or it would queue behind questions.
 */
export async function postpone(
  { leased, order, code }: FailedCheck,
  deps: Pick<UseCaseDeps, 'store' | 'clock'>,
  invocation: Invocation,
): Promise<void> {
  const next = withoutAnswer(order, code, deps.clock.now());
  const isSameKind = isUrgent(next) === (leased.isUrgent === true);
  if (next.checkAt && next.unanswered === order.unanswered && isSameKind) {
    await deps.store.lease(leased, 'check', next.checkAt);
    return;
  }
  const decide = (stored: Order, now: Date) => withoutAnswer(stored, code, now);
  await changeOrder(order, decide, deps, invocation);
}
