import { isRefusal, type Refusal, type Result } from '../../contract/answer.ts';
import type { RefundAnswer, RefundInput } from '../../contract/refund/refund.ts';
import { refuse } from '../../contract/refusals.ts';
import type { Order, OrderDocument } from '../../domain/order/order.ts';
import { fullRefundNo } from '../../domain/order/refund.ts';
import { paidFeeOf, paymentToRefund } from '../../domain/refund/refundedPayment.ts';
import { type RefundRequest, requestRefund } from '../../domain/refund/requestRefund.ts';
import { namedOrder } from '../order/namedOrder.ts';
import { queryWeChat } from '../order/queryWeChat.ts';
import { change } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { refuseFixedField } from '../step/fixedFields.ts';
import { foreseenRefusal } from '../step/foreseenRefusal.ts';
import { applyAbnormalRefund } from './applyAbnormalRefund.ts';
import { refundAnswer } from './refundAnswer.ts';
import { refuseRefund, sendRefund } from './sendRefund.ts';

type Deps = Pick<UseCaseDeps, 'settings' | 'store' | 'clock' | 'gatewayOf'>;

/**
 * 申请退款: writes the refund down within the limits of its order, then asks WeChat for it. The same
 * number and amount are the same refund, even if a function dies in between; what stays unknown now, the
 * timer finds out. An order that is not known to be paid is queried first. With `abnormal` the
 * money of that refund goes to another account.
 */
export async function refundOrder(
  input: RefundInput,
  deps: Deps,
  invocation: Invocation,
): Promise<Result<RefundAnswer>> {
  const refused = refuseFixedField(input, deps.settings, invocation, 'refundCallback');
  if (refused) return refused;
  const order = await namedOrder(input, deps.store, invocation);
  if (isRefusal(order)) return order;
  const request = refundRequestOf(input, order);
  if (isRefusal(request)) return request;
  if (input.abnormal) {
    return applyAbnormalRefund(order, { ...request, target: input.abnormal }, deps, invocation);
  }
  try {
    const paid = await paidOrder(order, deps, invocation);
    const payment = paid.status.state === 'paid' ? paymentToRefund(paid) : undefined;
    const frozen = deps.gatewayOf(paid.link).freezeRefund(payment ?? paid, request);
    return await refundOnce(paid, { ...request, request: frozen }, deps, invocation);
  } catch (error) {
    const refusal = foreseenRefusal(error, 'same_request');
    if (refusal) return refusal;
    throw error;
  }
}

function refundRequestOf(
  input: RefundInput,
  order: Order,
): Omit<RefundRequest, 'request'> | Refusal {
  const { refundFee, totalFee, refundDesc, transactionId } = input;
  const own = order.status.state === 'paid' ? order.status.receipt.transactionId : transactionId;
  if (transactionId !== undefined && transactionId !== own) {
    const why =
      '不是订单本身的付款，请用 decideOrder 的 refundPayment (not the payment that counts: refund it by decideOrder, refundPayment)';
    return refuse('PARAM_ERROR', { field: 'transactionId', why });
  }
  const paidFee = paidFeeOf(order);
  if (totalFee !== undefined && totalFee !== paidFee) {
    const why = '与支付金额不同 (differs from what was paid)';
    return refuse('PARAM_ERROR', { field: 'totalFee', why });
  }
  const isFull = refundFee === paidFee;
  if (input.outRefundNo === undefined && !isFull) {
    const why = '部分退款必填 (needed for a part of the sum)';
    return refuse('PARAM_ERROR', { field: 'outRefundNo', why });
  }
  const outRefundNo = input.outRefundNo ?? fullRefundNo(order.outTradeNo);
  return { outRefundNo, refundFee, ...(refundDesc === undefined ? {} : { reason: refundDesc }) };
}

async function paidOrder(order: Order, deps: Deps, invocation: Invocation): Promise<Order> {
  if (order.status.state === 'paid' || order.quarantine) return order;
  const { order: after } = await queryWeChat(order, deps, invocation);
  return after?.kind === 'order' ? after : order;
}

async function refundOnce(
  order: Order,
  request: RefundRequest,
  deps: Deps,
  invocation: Invocation,
): Promise<Result<RefundAnswer>> {
  const decide = (stored: OrderDocument, now: Date) => requestRefund(stored, request, now);
  const changed = await change(order, decide, deps, invocation);
  if (!changed) return refuse('ORDER_NOT_EXIST');
  const { after, decided } = changed;
  if (decided.outcome === 'refused') return refuseRefund(decided.refusal);
  const { outRefundNo } = request;
  // A document never changes its kind.
  const begun = { order: after as Order, outRefundNo, isOurs: decided.outcome === 'begun' };
  const sent = await sendRefund(begun, deps, invocation);
  return isRefusal(sent) ? sent : refundAnswer(sent.order, outRefundNo);
}
