import { isRefusal, type Refusal, type Result } from '../../contract/answer.ts';
import type { RefundAnswer, RefundInput } from '../../contract/refund/refund.ts';
import { refuse } from '../../contract/refusals.ts';
import { beijingRfc3339 } from '../../domain/beijing.ts';
import type { Order, OrderDocument } from '../../domain/order/order.ts';
import { fullRefundNo } from '../../domain/order/refund.ts';
import {
  type RefundDecision,
  type RefundRefusal,
  type RefundRequest,
  refundOf,
  requestRefund,
} from '../../domain/refund/requestRefund.ts';
import { PLACING_WAITS_MS } from '../../domain/schedules.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { namedOrder } from '../order/namedOrder.ts';
import { queryWeChat } from '../order/queryWeChat.ts';
import { change } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { refuseFixedField } from '../step/fixedFields.ts';
import { foreseenRefusal } from '../step/foreseenRefusal.ts';
import { applyAbnormalRefund } from './applyAbnormalRefund.ts';
import { appliedAnswer, refundAnswer } from './refundAnswer.ts';
import { resumeRefund, submitRefund } from './submitRefund.ts';

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
    const frozen = deps.gatewayOf(order.link).freezeRefund(order, request);
    const paid = await paidOrder(order, deps, invocation);
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
  const { refundFee, totalFee, refundDesc } = input;
  if (totalFee !== undefined && totalFee !== order.totalFee) {
    const why = '与订单金额不同 (differs from the total of the order)';
    return refuse('PARAM_ERROR', { field: 'totalFee', why });
  }
  const isFull = refundFee === order.totalFee;
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
  type Decided = RefundDecision | { outcome: 'not_an_order'; order: OrderDocument };
  const decide = (stored: OrderDocument, now: Date): Decided =>
    stored.kind === 'order'
      ? requestRefund(stored, request, now)
      : { outcome: 'not_an_order', order: stored };
  const changed = await change(order, decide, deps, invocation);
  if (changed?.after.kind !== 'order' || changed.decided.outcome === 'not_an_order') {
    return refuse('ORDER_NOT_EXIST');
  }
  const { after, decided } = changed;
  if (decided.outcome === 'refused') return refuseRefund(decided.refusal);
  const { outRefundNo } = request;
  const begun = { order: after, outRefundNo, isOurs: decided.outcome === 'begun' };
  try {
    return await submitOrWait(begun, deps, invocation);
  } catch (error) {
    const lacksToken = error instanceof GatewayError && error.code === 'CLOUDPAY_TOKEN_MISSING';
    if (!lacksToken) throw error;
    return refuse('REFUND_SCHEDULED', { details: { outRefundNo } });
  }
}

function refuseRefund(refusal: RefundRefusal): Refusal {
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

/** Submits a refund that this caller began; waits for another sender, or goes on for one that is gone. */
async function submitOrWait(
  begun: { order: Order; outRefundNo: string; isOurs: boolean },
  deps: Deps,
  invocation: Invocation,
): Promise<Result<RefundAnswer>> {
  const { outRefundNo, isOurs } = begun;
  let { order } = begun;
  for (const waitMs of PLACING_WAITS_MS) {
    const refund = refundOf(order, outRefundNo);
    if (refund?.status.state !== 'requested') return refundAnswer(order, outRefundNo);
    if (isOurs) {
      return appliedAnswer(await submitRefund(order, refund, deps, invocation), outRefundNo);
    }
    if (refund.status.placingUntil <= deps.clock.now()) {
      return appliedAnswer(await resumeRefund(order, outRefundNo, deps, invocation), outRefundNo);
    }
    await deps.clock.wait(waitMs);
    const stored = await deps.store.get(order.outTradeNo);
    if (stored?.kind === 'order') order = stored;
  }
  return refuse('REFUND_PLACING');
}
