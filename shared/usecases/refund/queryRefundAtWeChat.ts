import { withEvent } from '../../domain/order/event.ts';
import { withNextCheck } from '../../domain/order/nextCheck.ts';
import type { Order } from '../../domain/order/order.ts';
import { refundOf } from '../../domain/refund/requestRefund.ts';
import { changeOrder } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { retryUnchanged } from '../step/retryUnchanged.ts';
import { type AppliedRefundEvidence, applyRefundEvidence } from './applyRefundEvidence.ts';

type Deps = Pick<UseCaseDeps, 'store' | 'clock' | 'gatewayOf'>;

/** Queries a refund at WeChat (查询退款), through the order's own link, and writes down what follows. */
export async function queryRefundAtWeChat(
  order: Order,
  outRefundNo: string,
  deps: Deps,
  invocation: Invocation,
): Promise<AppliedRefundEvidence> {
  const gateway = deps.gatewayOf(order.link);
  const answer = await retryUnchanged(gateway.queryRefund, [order, outRefundNo], deps, invocation);
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
async function applyNotFound(
  order: Order,
  outRefundNo: string,
  deps: Pick<Deps, 'store' | 'clock'>,
  invocation: Invocation,
): Promise<AppliedRefundEvidence> {
  const state = refundOf(order, outRefundNo)?.status.state;
  if (state !== 'processing' && state !== 'abnormal') return { outcome: 'refund_not_found', order };
  const next = (stored: Order, now: Date) =>
    withEvent(withNextCheck(stored, now), 'refund.unknown_at_wechat', now, outRefundNo);
  const changed = await changeOrder(order, next, deps, invocation);
  return { outcome: 'refund_not_found', order: changed ?? order };
}
