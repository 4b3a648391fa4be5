import type { RefundView } from '../../contract/refund/refundView.ts';
import { beijingDigits } from '../../domain/beijing.ts';
import { type Refund, type RefundState, refundIdOf } from '../../domain/order/refund.ts';

/** Maps our states to WeChat's: a refused number is as closed as a closed one, a requested one processing. */
const refundStatusOf: Record<RefundState, RefundView['refundStatus']> = {
  requested: 'PROCESSING',
  processing: 'PROCESSING',
  success: 'SUCCESS',
  closed: 'CLOSED',
  abnormal: 'ABNORMAL',
  // WeChat's last answer was that it is in progress.
  unverified: 'PROCESSING',
  refused: 'CLOSED',
};

/** A refund as callers see it. */
export function refundView(refund: Refund): RefundView {
  const { outRefundNo, refundFee, origin, reason, status, transactionId } = refund;
  const { state } = status;
  const refundId = refundIdOf(status);
  const view: RefundView = {
    outRefundNo,
    refundFee,
    state,
    refundStatus: refundStatusOf[state],
    origin,
  };
  if (transactionId !== undefined) view.transactionId = transactionId;
  if (reason !== undefined) view.refundDesc = reason;
  if (refundId !== undefined) view.refundId = refundId;
  if (state === 'success') view.successTime = beijingDigits(status.succeededAt);
  if (state === 'refused') view.refusedReason = status.reason;
  if (state === 'requested' && status.lastErrorCode !== undefined)
    view.lastErrorCode = status.lastErrorCode;
  return view;
}
