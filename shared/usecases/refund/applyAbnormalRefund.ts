import type { Refusal, Result } from '../../contract/answer.ts';
import type { RefundAnswer } from '../../contract/refund/refund.ts';
import { refuse } from '../../contract/refusals.ts';
import type { Order } from '../../domain/order/order.ts';
import { type AbnormalRefundTarget, isPending, type Refund } from '../../domain/order/refund.ts';
import { refundOf } from '../../domain/refund/requestRefund.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { refusalOf } from '../step/refusalOf.ts';
import { retryUnchanged } from '../step/retryUnchanged.ts';
import { applyRefundEvidence, queryRefundAtWeChat } from './applyRefundEvidence.ts';
import { appliedAnswer, refundAnswer } from './refundAnswer.ts';
import { refundView } from './refundView.ts';

type Needs = Pick<UseCaseDeps, 'store' | 'clock' | 'gatewayOf'>;

/** Which refund is to be mended, and how. */
type AbnormalRefundRequest = Pick<Refund, 'outRefundNo' | 'refundFee'> & {
  remedy: AbnormalRefundTarget;
};

/**
 * 异常退款处理: asks WeChat to pay an abnormal refund out on another way. Nothing is written before, for
 * the remedy may name a card; WeChat knows a repeat by the refund's number, and the refund stays
 * abnormal until it says SUCCESS. One that we think is on its way is asked about first.
 */
export async function applyAbnormalRefund(
  kept: Order,
  { outRefundNo, refundFee, remedy }: AbnormalRefundRequest,
  tools: Needs,
  call: Invocation,
): Promise<Result<RefundAnswer>> {
  const known = refundOf(kept, outRefundNo);
  if (!known) return refuse('REFUND_NOT_EXIST');
  if (known.refundFee !== refundFee) return refuse('OUT_REFUND_NO_USED');
  if (kept.link === 'cloudPay') return refuse('CLOUDPAY_NO_ABNORMAL_REFUND');
  try {
    const order = await upToDate(kept, known, tools, call);
    const refund = refundOf(order, outRefundNo) ?? known;
    // Mended before, here or in the merchant console.
    if (refund.status.state === 'success') return refundAnswer(order, outRefundNo);
    if (refund.status.state !== 'abnormal') return notAbnormal(refund);
    const { refundId } = refund.status;
    const gateway = tools.gatewayOf(order.link);
    const mend = (ms: number) =>
      gateway.applyAbnormalRefund(order, { outRefundNo, refundId }, remedy, ms);
    const evidence = await retryUnchanged(mend, tools.clock, call);
    const settled = await applyRefundEvidence(evidence, tools, call, order);
    return appliedAnswer(settled ?? { outcome: 'refund_known', order }, outRefundNo);
  } catch (error) {
    return refusalOf(error);
  }
}

/** What became of it since we heard of it last; that it is abnormal is enough to act on. */
async function upToDate(
  order: Order,
  refund: Refund,
  tools: Needs,
  call: Invocation,
): Promise<Order> {
  const isWaiting = isPending(refund) && refund.status.state !== 'abnormal';
  return isWaiting
    ? (await queryRefundAtWeChat(order, refund.outRefundNo, tools, call)).order
    : order;
}

function notAbnormal(refund: Refund): Refusal {
  const { state, refundStatus } = refundView(refund);
  return refuse('REFUND_NOT_ABNORMAL', { details: { state, refundStatus } });
}
