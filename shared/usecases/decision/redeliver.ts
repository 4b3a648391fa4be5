import type { Result } from '../../contract/answer.ts';
import type { DecisionInput, RedeliverAnswer } from '../../contract/decision/decideOrder.ts';
import { refuse } from '../../contract/refusals.ts';
import { decideRedeliver } from '../../domain/attention/decideRedeliver.ts';
import { waitingChannels } from '../../domain/delivery/delivery.ts';
import type { OrderDocument } from '../../domain/order/order.ts';
import { holdingNothingUp } from '../event/disabledChannels.ts';
import { change } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { logOutcome } from '../step/logOutcome.ts';
import { decidedBy } from './decidedDocument.ts';

/**
 * 重新投递: has a parked event delivered again, and enables the channels on which it waits: the next run
 * attempts it there, also where the merchant had answered 410.
 */
export async function redeliver(
  { outTradeNo, eventId, reason }: DecisionInput<'redeliver'>,
  deps: Pick<UseCaseDeps, 'store' | 'clock' | 'disabledChannels'>,
  invocation: Invocation,
): Promise<Result<RedeliverAnswer>> {
  invocation.log.add({ outTradeNo });
  const again = { ...decidedBy(invocation, reason), eventId };
  const decide = (stored: OrderDocument, now: Date) => decideRedeliver(stored, again, now);
  const changed = await change(outTradeNo, decide, deps, invocation);
  if (!changed) return refuse('ORDER_NOT_EXIST');
  const { outcome } = changed.decided;
  if (outcome === 'not_parked') return refuse('EVENT_NOT_PARKED');
  logOutcome(invocation, outcome, changed);
  const disabledChannels = holdingNothingUp(deps.disabledChannels, invocation);
  await disabledChannels.enable(waitingChannels(changed.after, eventId));
  return { decision: 'redeliver', outTradeNo, eventId };
}
