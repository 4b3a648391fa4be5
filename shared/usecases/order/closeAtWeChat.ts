import { concludeNeverSent, type Outcome } from '../../domain/order/conclude.ts';
import { isNeverSent, type Order, type OrderDocument } from '../../domain/order/order.ts';
import { endsNumber } from '../../domain/retry.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { change } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { logOutcome } from '../step/logOutcome.ts';
import { retryUnchanged } from '../step/retryUnchanged.ts';
import { type AppliedEvidence, applyEvidence } from './applyEvidence.ts';

/**
 * Closes an order at WeChat and then here; one that was never sent needs nothing of WeChat. Whatever else
 * WeChat answers (ORDERPAID above all, or nothing), the order is queried: its payment is applied, and one
 * still open stays open. One whose payment failed (PAYERROR, REVOKED) and whose close WeChat refused for
 * good is closed: more than to try it cannot be done. An outage refuses nothing.
 */
export async function closeAtWeChat(
  order: Order,
  deps: Pick<UseCaseDeps, 'store' | 'clock' | 'gatewayOf'>,
  invocation: Invocation,
): Promise<AppliedEvidence> {
  const { outTradeNo } = order;
  if (isNeverSent(order)) return closeNeverSent(order, deps, invocation);
  const gateway = deps.gatewayOf(order.link);
  try {
    await retryUnchanged(gateway.closeOrder, [order], deps, invocation);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const queried = await retryUnchanged(gateway.queryOrder, [order], deps, invocation);
    const isOver = queried.kind === 'failed' && endsNumber(error);
    const evidence = isOver ? ({ ...queried, kind: 'closed' } as const) : queried;
    return applyEvidence(evidence, deps, invocation, order);
  }
  const confirmed = { kind: 'closed', via: 'query', outTradeNo, code: 'CLOSED' } as const;
  return applyEvidence(confirmed, deps, invocation, order);
}

/** Closes an order that WeChat cannot know, unless somebody began to send it meanwhile. */
async function closeNeverSent(
  order: Order,
  deps: Pick<UseCaseDeps, 'store' | 'clock'>,
  invocation: Invocation,
): Promise<AppliedEvidence> {
  const decide = (stored: OrderDocument, now: Date): NeverSentClose =>
    stored.kind === 'order' ? concludeNeverSent(stored, now) : { outcome: 'unpaid', order: stored };
  const changed = await change(order, decide, deps, invocation);
  if (!changed) return { outcome: 'unpaid', order };
  const { outcome } = changed.decided;
  logOutcome(invocation, outcome, changed);
  return { outcome, order: changed.after };
}

interface NeverSentClose {
  outcome: Outcome;
  order: OrderDocument;
}
