import type { Result } from '../../contract/answer.ts';
import type { AcceptPaymentAnswer, DecisionInput } from '../../contract/decision/decideOrder.ts';
import { refuse } from '../../contract/refusals.ts';
import { decideAccept } from '../../domain/attention/decideAccept.ts';
import type { OrderDocument } from '../../domain/order/order.ts';
import { lookAtSiblings } from '../order/siblings.ts';
import { change } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { logOutcome } from '../step/logOutcome.ts';
import { decidedBy } from './decidedDocument.ts';

/** 认可付款: lets a payment that differs from its order, or is of none, count as paid. */
export async function acceptPayment(
  { outTradeNo, transactionId, reason }: DecisionInput<'acceptPayment'>,
  deps: Pick<UseCaseDeps, 'store' | 'clock'>,
  invocation: Invocation,
): Promise<Result<AcceptPaymentAnswer>> {
  invocation.log.add({ outTradeNo });
  const accept = { ...decidedBy(invocation, reason), transactionId };
  const decide = (stored: OrderDocument, now: Date) => decideAccept(stored, accept, now);
  const changed = await change(outTradeNo, decide, deps, invocation);
  if (!changed) return refuse('ORDER_NOT_EXIST');
  const { after, decided } = changed;
  if (decided.outcome === 'refused') return refuse(decided.code);
  logOutcome(invocation, decided.outcome, changed);
  await lookAtSiblings(after, deps, invocation);
  const state = after.kind === 'order' ? after.status.state : after.kind;
  return { decision: 'acceptPayment', outTradeNo, transactionId, state };
}
