import { isRefusal, type Refusal } from '../../contract/answer.ts';
import { refuse } from '../../contract/refusals.ts';
import { beijingRfc3339 } from '../../domain/beijing.ts';
import type { OrderDocument } from '../../domain/order/order.ts';
import { type RefundRefusal, refundOf } from '../../domain/refund/requestRefund.ts';
import { PLACING_WAITS_MS } from '../../domain/schedules.ts';
import { GatewayError } from '../../ports/gateway.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import type { AppliedRefundEvidence } from './applyRefundEvidence.ts';
import { resumeRefund, submitRefund } from './submitRefund.ts';

type Deps = Pick<UseCaseDeps, 'store' | 'clock' | 'gatewayOf'>;

/** A refund that is written down; `isOurs`: this caller began it, and nobody else is sending it. */
export interface BegunRefund<D extends OrderDocument> {
  order: D;
  outRefundNo: string;
  isOurs: boolean;
}

/**
 * Sends a refund that this caller began; waits for another sender, or goes on for one that is gone. A call
 * without cloud pay's token leaves it to a timer that has one.
 */
export async function sendRefund<D extends OrderDocument>(
  begun: BegunRefund<D>,
  deps: Deps,
  invocation: Invocation,
): Promise<AppliedRefundEvidence<D> | Refusal> {
  try {
    const sent = await submitOrWait(begun, deps, invocation);
    if (isRefusal(sent) || sent.outcome !== 'refund_mismatch') return sent;
    return refuse('REFUND_MISMATCH');
  } catch (error) {
    const lacksToken = error instanceof GatewayError && error.code === 'CLOUDPAY_TOKEN_MISSING';
    if (!lacksToken) throw error;
    return refuse('REFUND_SCHEDULED', { details: { outRefundNo: begun.outRefundNo } });
  }
}

async function submitOrWait<D extends OrderDocument>(
  { order: first, outRefundNo, isOurs }: BegunRefund<D>,
  deps: Deps,
  invocation: Invocation,
): Promise<AppliedRefundEvidence<D> | Refusal> {
  let order = first;
  for (const waitMs of PLACING_WAITS_MS) {
    const refund = refundOf(order, outRefundNo);
    if (refund?.status.state !== 'requested') return { outcome: 'refund_known', order };
    if (isOurs) return submitRefund(order, refund, deps, invocation);
    if (refund.status.placingUntil <= deps.clock.now()) {
      return resumeRefund(order, outRefundNo, deps, invocation);
    }
    await deps.clock.wait(waitMs);
    const stored = await deps.store.get(order.outTradeNo);
    if (stored?.kind === order.kind) order = stored as D;
  }
  return refuse('REFUND_PLACING');
}

/** Makes the refusal of a refund that was not begun. */
export function refuseRefund(refusal: RefundRefusal): Refusal {
  const { code } = refusal;
  switch (code) {
    case 'REFUND_EXCEEDS_PAID':
      return refuse(code, { details: { refundableFee: refusal.refundableFee } });
    case 'REFUND_TOO_SOON':
    case 'REFUND_REFUSED_TOO_OFTEN':
      return refuse(code, { details: { retryAt: beijingRfc3339(refusal.retryAt) } });
    default:
      return refuse(code);
  }
}
