import { isRefusal, type Result } from '../../contract/answer.ts';
import type { DecisionInput, RefundPaymentAnswer } from '../../contract/decision/decideOrder.ts';
import { refuse } from '../../contract/refusals.ts';
import { type Decision, withDecisionEvent } from '../../domain/decision.ts';
import { type Fen, fen } from '../../domain/money.ts';
import { hasEvent } from '../../domain/order/event.ts';
import { linkOf, type OrderDocument } from '../../domain/order/order.ts';
import { paymentRefundNo, refundedFee } from '../../domain/order/refund.ts';
import {
  paymentToRefund,
  refundedPayment,
  refundsOfPayment,
} from '../../domain/refund/refundedPayment.ts';
import { type RefundRequest, refundOf, requestRefund } from '../../domain/refund/requestRefund.ts';
import { refundView } from '../refund/refundView.ts';
import { refuseRefund, sendRefund } from '../refund/sendRefund.ts';
import { change } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { logOutcome } from '../step/logOutcome.ts';
import { decidedBy, decidedDocument } from './decidedDocument.ts';

type Deps = Pick<UseCaseDeps, 'store' | 'clock' | 'gatewayOf'>;
type Input = DecisionInput<'refundPayment'>;

/**
 * 退回付款: refunds a quarantined, second or orphan payment through the order's own link, as any refund: within
 * the limits, written down with the decision before it is sent, one number one refund. A number that
 * WeChat has closed or refused needs a new `outRefundNo`.
 */
export async function refundPayment(
  input: Input,
  deps: Deps,
  invocation: Invocation,
): Promise<Result<RefundPaymentAnswer>> {
  const { outTradeNo, transactionId, reason } = input;
  const document = await decidedDocument(outTradeNo, deps, invocation);
  if (isRefusal(document)) return document;
  const request = requestOf(document, input, deps);
  const who = decidedBy(invocation, reason);
  const decision = { decision: 'refundPayment', about: transactionId, ...who } as const;
  const decide = (stored: OrderDocument, now: Date) =>
    decideRefund(stored, { request, decision: { ...decision, at: now } }, now);
  const changed = await change(document, decide, deps, invocation);
  if (!changed) return refuse('ORDER_NOT_EXIST');
  const { after: order, decided } = changed;
  if (decided.outcome === 'refused') return refuseRefund(decided.refusal);
  logOutcome(invocation, `refund_${decided.outcome}`, changed);
  const { outRefundNo } = request;
  const begun = { order, outRefundNo, isOurs: decided.outcome === 'begun' };
  const sent = await sendRefund(begun, deps, invocation);
  return isRefusal(sent) ? sent : answer(sent.order, { outRefundNo, transactionId });
}

/** Makes the request; without a sum it is of all that is left, and a repeat of the same number the same. */
function requestOf(document: OrderDocument, input: Input, deps: Deps): RefundRequest {
  const { transactionId, outRefundNo = paymentRefundNo(transactionId), refundDesc } = input;
  const payment = paymentToRefund(document, transactionId);
  const known = refundOf(document, outRefundNo)?.refundFee;
  const left = leftOf(document, transactionId, payment?.totalFee);
  const refundFee = input.refundFee ?? known ?? left;
  const shown = refundDesc === undefined ? {} : { reason: refundDesc };
  // Of two orders of one purchase the second one's own payment goes back, as any refund of it.
  const isSecond = hasEvent(document, 'order.duplicate_payment', transactionId);
  const isOwn = isSecond && refundedPayment(document, transactionId)?.isOwn;
  const named = isOwn ? {} : { transactionId };
  const request = { outRefundNo, refundFee, ...named, ...shown };
  const { freezeRefund } = deps.gatewayOf(linkOf(document));
  // Without a payment the refund is refused, and nothing is sent.
  return { ...request, request: payment ? freezeRefund(payment, request) : '' };
}

function leftOf(document: OrderDocument, transactionId: string, totalFee = fen(0)): Fen {
  const left = totalFee - refundedFee(refundsOfPayment(document, transactionId));
  return fen(Math.max(1, left));
}

/** Begins the refund and records the decision in the same write. */
function decideRefund(
  document: OrderDocument,
  { request, decision }: { request: RefundRequest; decision: Decision },
  now: Date,
) {
  const decided = requestRefund(document, request, now);
  if (decided.outcome !== 'begun') return decided;
  return { ...decided, order: withDecisionEvent(decided.order, decision) };
}

function answer(
  order: OrderDocument,
  { outRefundNo, transactionId }: { outRefundNo: string; transactionId: string },
): Result<RefundPaymentAnswer> {
  const refund = refundOf(order, outRefundNo);
  if (!refund) return refuse('REFUND_NOT_EXIST');
  if (refund.status.state === 'requested') return refuse('REFUND_PLACING');
  if (refund.status.state === 'refused') return refuse('REFUND_NO_CLOSED');
  const { outTradeNo } = order;
  return { decision: 'refundPayment', outTradeNo, ...refundView(refund), transactionId };
}
