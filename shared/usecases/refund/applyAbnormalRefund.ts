import type { Refusal, Result } from '../../contract/answer.ts';
import type { RefundAnswer } from '../../contract/refund/refund.ts';
import { refuse } from '../../contract/refusals.ts';
import type { Order } from '../../domain/order/order.ts';
import { type AbnormalRefundTarget, isPending, type Refund } from '../../domain/order/refund.ts';
import { refundOf } from '../../domain/refund/requestRefund.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { foreseenRefusal } from '../step/foreseenRefusal.ts';
import { retryUnchanged } from '../step/retryUnchanged.ts';
import { applyRefundEvidence } from './applyRefundEvidence.ts';
import { queryRefundAtWeChat } from './queryRefundAtWeChat.ts';
import { appliedAnswer, refundAnswer } from './refundAnswer.ts';
import { refundView } from './refundView.ts';

type Deps = Pick<UseCaseDeps, 'store' | 'clock' | 'gatewayOf'>;

/** Names the abnormal refund, and where its money is to go. */
type AbnormalRefundRequest = Pick<Refund, 'outRefundNo' | 'refundFee'> & {
  target: AbnormalRefundTarget;
};

/**
 * 异常退款处理: asks WeChat to pay an abnormal refund out to another account. Nothing is written before,
 * for the target may name a card; WeChat knows a repeat by the refund's number, and the refund stays
 * abnormal until WeChat answers SUCCESS. One that seems to be in progress is queried first.
 */
export async function applyAbnormalRefund(
  stored: Order,
  { outRefundNo, refundFee, target }: AbnormalRefundRequest,
  deps: Deps,
  invocation: Invocation,
): Promise<Result<RefundAnswer>> {
  const known = refundOf(stored, outRefundNo);
  if (!known) return refuse('REFUND_NOT_EXIST');
  if (known.refundFee !== refundFee) return refuse('OUT_REFUND_NO_USED');
  if (stored.link === 'cloudPay') return refuse('CLOUDPAY_NO_ABNORMAL_REFUND');
  try {
    const order = await upToDate(stored, known, deps, invocation);
    const refund = refundOf(order, outRefundNo) ?? known;
    // It arrived before: applied for here or in the merchant console.
    if (refund.status.state === 'success') return refundAnswer(order, outRefundNo);
    if (refund.status.state !== 'abnormal') return notAbnormal(refund);
    const { refundId } = refund.status;
    const gateway = deps.gatewayOf(order.link);
    const evidence = await retryUnchanged(
      gateway.applyAbnormalRefund,
      [order, { outRefundNo, refundId }, target],
      deps,
      invocation,
    );
    const applied = await applyRefundEvidence(evidence, deps, invocation, order);
    return appliedAnswer(applied ?? { outcome: 'refund_known', order }, outRefundNo);
  } catch (error) {
    const refusal = foreseenRefusal(error);
    if (refusal) return refusal;
    throw error;
  }
}

/** Reads the order again through WeChat where the refund waits; that it is abnormal is enough to act on. */
async function upToDate(
  order: Order,
  refund: Refund,
  deps: Deps,
  invocation: Invocation,
): Promise<Order> {
  const isWaiting = isPending(refund) && refund.status.state !== 'abnormal';
  return isWaiting
    ? (await queryRefundAtWeChat(order, refund.outRefundNo, deps, invocation)).order
    : order;
}

function notAbnormal(refund: Refund): Refusal {
  const { state, refundStatus } = refundView(refund);
  return refuse('REFUND_NOT_ABNORMAL', { details: { state, refundStatus } });
}
