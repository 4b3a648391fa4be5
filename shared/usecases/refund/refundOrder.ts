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
import { refusalOf } from '../step/refusalOf.ts';
import { applyAbnormalRefund } from './applyAbnormalRefund.ts';
import { appliedAnswer, refundAnswer } from './refundAnswer.ts';
import { resumeRefund, submitRefund } from './submitRefund.ts';

type Needs = Pick<UseCaseDeps, 'settings' | 'store' | 'clock' | 'gatewayOf'>;

/**
 * 申请退款: writes the refund down within the limits of its order, then asks WeChat for it. The same
 * number and amount are the same refund, whoever dies in between; what cannot be told now, the timer
 * finds out. An order whose payment we have not heard of is asked about first. With `abnormal` the
 * refund of that number is mended.
 */
export async function refundOrder(
  input: RefundInput,
  tools: Needs,
  call: Invocation,
): Promise<Result<RefundAnswer>> {
  const refused = refuseFixedField(input, tools.settings, call, 'refundCallback');
  if (refused) return refused;
  const order = await namedOrder(input, tools.store, call);
  if (isRefusal(order)) return order;
  const wish = refundRequestOf(input, order);
  if (isRefusal(wish)) return wish;
  if (input.abnormal)
    return applyAbnormalRefund(order, { ...wish, remedy: input.abnormal }, tools, call);
  try {
    const request = tools.gatewayOf(order.link).freezeRefund(order, wish);
    const paid = await paidOrder(order, tools, call);
    return await refundOnce(paid, { ...wish, request }, tools, call);
  } catch (error) {
    return refusalOf(error, 'same_request');
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

async function paidOrder(order: Order, tools: Needs, call: Invocation): Promise<Order> {
  if (order.status.state === 'paid' || order.quarantine) return order;
  const settled = (await queryWeChat(order, tools, call)).order;
  return settled?.kind === 'order' ? settled : order;
}

async function refundOnce(
  order: Order,
  wish: RefundRequest,
  tools: Needs,
  call: Invocation,
): Promise<Result<RefundAnswer>> {
  type Decided = RefundDecision | { outcome: 'gone'; order: OrderDocument };
  const decide = (kept: OrderDocument): Decided =>
    kept.kind === 'order'
      ? requestRefund(kept, wish, tools.clock.now())
      : { outcome: 'gone', order: kept };
  const decided = await change(tools.store, order.outTradeNo, decide, order);
  if (!decided || decided.outcome === 'gone') return refuse('ORDER_NOT_EXIST');
  if (decided.outcome === 'refused') return refusalFor(decided.refusal);
  try {
    return await submitOrWait(
      decided.order,
      wish.outRefundNo,
      decided.outcome === 'begun',
      tools,
      call,
    );
  } catch (error) {
    const isKept = error instanceof GatewayError && error.code === 'CLOUDPAY_TOKEN_MISSING';
    if (!isKept) throw error;
    return refuse('REFUND_SCHEDULED', { details: { outRefundNo: wish.outRefundNo } });
  }
}

function refusalFor(refusal: RefundRefusal): Refusal {
  const { code } = refusal;
  switch (code) {
    case 'REFUND_EXCEEDS_PAID':
      return refuse(code, { details: { refundableFee: refusal.refundableFee } });
    case 'REFUND_TOO_SOON':
      return refuse(code, { details: { retryAt: beijingRfc3339(refusal.retryAt) } });
    default:
      return refuse(code);
  }
}

/** Brings a refund to WeChat, waiting for another sender or going on for one that is gone. */
async function submitOrWait(
  begun: Order,
  outRefundNo: string,
  isMine: boolean,
  tools: Needs,
  call: Invocation,
): Promise<Result<RefundAnswer>> {
  let order = begun;
  for (const waitMs of PLACING_WAITS_MS) {
    const refund = refundOf(order, outRefundNo);
    if (refund?.status.state !== 'requested') return refundAnswer(order, outRefundNo);
    if (isMine) return appliedAnswer(await submitRefund(order, refund, tools, call), outRefundNo);
    if (refund.status.placingUntil <= tools.clock.now()) {
      return appliedAnswer(await resumeRefund(order, outRefundNo, tools, call), outRefundNo);
    }
    await tools.clock.wait(waitMs);
    const kept = await tools.store.get(order.outTradeNo);
    if (kept?.kind === 'order') order = kept;
  }
  return refuse('REFUND_PLACING');
}
