import { withEvent } from '../../domain/order/event.ts';
import { withNextCheck } from '../../domain/order/nextCheck.ts';
import { linkOf, type OrderDocument } from '../../domain/order/order.ts';
import { paymentToRefund } from '../../domain/refund/refundedPayment.ts';
import { refundOf } from '../../domain/refund/requestRefund.ts';
import { change } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { retryUnchanged } from '../step/retryUnchanged.ts';
import { type AppliedRefundEvidence, applyRefundEvidence } from './applyRefundEvidence.ts';

type Deps = Pick<UseCaseDeps, 'store' | 'clock' | 'gatewayOf'>;

/**
 * Queries a refund at WeChat (查询退款), through the order's own link and as the merchant that was paid, and
 * writes down what follows.
 */
export async function queryRefundAtWeChat<D extends OrderDocument>(
  order: D,
  outRefundNo: string,
  deps: Deps,
  invocation: Invocation,
): Promise<AppliedRefundEvidence<D>> {
  const { queryRefund } = deps.gatewayOf(linkOf(order));
  const ids = paymentToRefund(order, refundOf(order, outRefundNo)?.transactionId) ?? order;
  const answer = await retryUnchanged(queryRefund, [ids, outRefundNo], deps, invocation);
  switch (answer.kind) {
    case 'status_unknown':
      return { outcome: 'refund_status_unknown', order };
    case 'not_found':
      return applyNotFound(order, outRefundNo, deps, invocation);
    default: {
      const applied = await applyRefundEvidence(answer, deps, invocation, order);
      return applied ?? { outcome: 'refund_known', order };
    }
  }
}

/** Stores that WeChat does not know a refund: one it had accepted gets an event, a requested one nothing. */
async function applyNotFound<D extends OrderDocument>(
  order: D,
  outRefundNo: string,
  deps: Pick<Deps, 'store' | 'clock'>,
  invocation: Invocation,
): Promise<AppliedRefundEvidence<D>> {
  const state = refundOf(order, outRefundNo)?.status.state;
  if (state !== 'processing' && state !== 'abnormal') return { outcome: 'refund_not_found', order };
  const decide = (stored: OrderDocument, now: Date) => ({
    order: withEvent(withNextCheck(stored, now), 'refund.unknown_at_wechat', now, outRefundNo),
  });
  const changed = await change(order, decide, deps, invocation);
  return { outcome: 'refund_not_found', order: (changed?.after as D | undefined) ?? order };
}
