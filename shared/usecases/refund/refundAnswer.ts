import type { Result } from '../../contract/answer.ts';
import type { RefundAnswer } from '../../contract/refund/refund.ts';
import { refuse } from '../../contract/refusals.ts';
import type { Order } from '../../domain/order/order.ts';
import { mainPaymentOf, paidFeeOf, refundedPayment } from '../../domain/refund/refundedPayment.ts';
import { refundOf } from '../../domain/refund/requestRefund.ts';
import type { AppliedRefundEvidence } from './applyRefundEvidence.ts';
import { refundView } from './refundView.ts';

/** The answer of `refund` once evidence was applied. */
export function appliedAnswer(
  { outcome, order }: AppliedRefundEvidence,
  outRefundNo: string,
): Result<RefundAnswer> {
  if (outcome === 'refund_mismatch') return refuse('REFUND_MISMATCH');
  return refundAnswer(order, outRefundNo);
}

/** The answer of `refund`: how that refund stands, and the payment that it is of. */
export function refundAnswer(order: Order, outRefundNo: string): Result<RefundAnswer> {
  const refund = refundOf(order, outRefundNo);
  const main = mainPaymentOf(order);
  if (!refund || !main) return refuse('REFUND_NOT_EXIST');
  if (refund.status.state === 'requested') return refuse('REFUND_PLACING');
  if (refund.status.state === 'refused') return refuse('REFUND_NO_CLOSED');
  const { transactionId = main.transactionId } = refund;
  const totalFee = refundedPayment(order, transactionId)?.totalFee ?? paidFeeOf(order);
  const { outTradeNo, appid, mchid: mchId } = order;
  return { ...refundView(refund), outTradeNo, transactionId, totalFee, appid, mchId };
}
