import type { Refusal, Result } from '../../contract/answer.ts';
import type { RefundAnswer } from '../../contract/refund/refund.ts';
import { refuse } from '../../contract/refusals.ts';
import type { Order } from '../../domain/order/order.ts';
import { isPending, type Refund, type Remedy } from '../../domain/order/refund.ts';
import { refundOf } from '../../domain/refund/requestRefund.ts';
import type { Call, Tools } from '../step/deps.ts';
import { refusalOf } from '../step/refusalOf.ts';
import { repeat } from '../step/retryUnchanged.ts';
import { askRefund, settleRefund } from './applyRefundEvidence.ts';
import { refundAnswer, settledAnswer } from './refundAnswer.ts';
import { refundView } from './refundView.ts';

type Needs = Pick<Tools, 'store' | 'clock' | 'gatewayOf'>;

/** Which refund is to be mended, and how. */
type Wish = Pick<Refund, 'outRefundNo' | 'refundFee'> & { remedy: Remedy };

/**
 * 异常退款处理: asks WeChat to pay an abnormal refund out on another way. Nothing is written before, for
 * the remedy may name a card; WeChat knows a repeat by the refund's number, and the refund stays
 * abnormal until it says SUCCESS. One that we think is on its way is asked about first.
 */
export async function mendRefund(
  kept: Order,
  { outRefundNo, refundFee, remedy }: Wish,
  tools: Needs,
  call: Call,
): Promise<Result<RefundAnswer>> {
  const known = refundOf(kept, outRefundNo);
  if (!known) return refuse('REFUND_NOT_EXIST');
  if (known.refundFee !== refundFee) return refuse('OUT_REFUND_NO_USED');
  if (kept.link === 'cloudPay') return refuse('CLOUDPAY_NO_REMEDY');
  try {
    const order = await upToDate(kept, known, tools, call);
    const refund = refundOf(order, outRefundNo) ?? known;
    // Mended before, here or in the merchant console.
    if (refund.status.state === 'success') return refundAnswer(order, outRefundNo);
    if (refund.status.state !== 'abnormal') return notAbnormal(refund);
    const { refundId } = refund.status;
    const gateway = tools.gatewayOf(order.link);
    const mend = (ms: number) => gateway.mendRefund(order, { outRefundNo, refundId }, remedy, ms);
    const evidence = await repeat(mend, tools.clock, call);
    const settled = await settleRefund(evidence, tools, call, order);
    return settledAnswer(settled ?? { outcome: 'refund_known', order }, outRefundNo);
  } catch (error) {
    return refusalOf(error);
  }
}

/** What became of it since we heard of it last; that it is abnormal is enough to act on. */
async function upToDate(order: Order, refund: Refund, tools: Needs, call: Call): Promise<Order> {
  const isWaiting = isPending(refund) && refund.status.state !== 'abnormal';
  return isWaiting ? (await askRefund(order, refund.outRefundNo, tools, call)).order : order;
}

function notAbnormal(refund: Refund): Refusal {
  const { state, refundStatus } = refundView(refund);
  return refuse('REFUND_NOT_ABNORMAL', { details: { state, refundStatus } });
}
