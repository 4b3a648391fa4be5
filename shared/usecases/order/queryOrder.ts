import { isRefusal, type Refusal, type Result } from '../../contract/answer.ts';
import type { QueryOrderAnswer, QueryOrderInput } from '../../contract/order/queryOrder.ts';
import { refuse } from '../../contract/refusals.ts';
import { beijingDigits } from '../../domain/beijing.ts';
import { isWorthQuerying } from '../../domain/order/nextCheck.ts';
import type { Order, State } from '../../domain/order/order.ts';
import { isCounted, type Refund, refundIdOf } from '../../domain/order/refund.ts';
import { mainPaymentOf, ownRefunds, paidFeeOf } from '../../domain/refund/refundedPayment.ts';
import { GatewayError } from '../../ports/gateway.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { refuseFixedField } from '../step/fixedFields.ts';
import { foreseenRefusal } from '../step/foreseenRefusal.ts';
import { claimQuery, reread } from './claimQuery.ts';
import { namedOrder } from './namedOrder.ts';
import { queryWeChat } from './queryWeChat.ts';
import { onBehalfOf } from './visibleOrder.ts';

type Deps = Pick<UseCaseDeps, 'settings' | 'store' | 'clock' | 'gatewayOf'>;

/**
 * 查询订单: answers our conclusion; WeChat is queried while it is not final, at most every 2 s an order, and
 * of a paid one seldom, to notice money that went back outside of us.
 */
export async function queryOrder(
  input: QueryOrderInput,
  deps: Deps,
  invocation: Invocation,
): Promise<Result<QueryOrderAnswer>> {
  const refused = refuseFixedField(input, deps.settings, invocation);
  if (refused) return refused;
  if ((input.outTradeNo ?? input.transactionId) === undefined) return refuseNameless();
  const order = await namedOrder(input, deps.store, onBehalfOf(input.openid, invocation));
  if (isRefusal(order)) return order;
  const now = deps.clock.now();
  // Whatever became of the callback that should have started it.
  if (order.deliveryAt && order.deliveryAt <= now) invocation.toDeliver?.add(order.outTradeNo);
  const isWorth = isWorthQuerying(order, now);
  const claimed = isWorth ? await claimQuery(order, deps) : undefined;
  if (!claimed) return answer(await reread(order, deps));
  try {
    const { order: after } = await queryWeChat(claimed, deps, invocation);
    return answer(after?.kind === 'order' ? after : claimed);
  } catch (error) {
    const refusal = foreseenRefusal(error);
    if (!refusal) throw error;
    // What is known of a payment stands without WeChat.
    return mainPaymentOf(claimed) && error instanceof GatewayError ? answer(claimed) : refusal;
  }
}

function refuseNameless(): Refusal {
  const why = 'outTradeNo 与 transactionId 至少填一个 (one of the two is needed)';
  return refuse('PARAM_ERROR', { field: 'outTradeNo', why });
}

const TRADE_STATES: Record<State, QueryOrderAnswer['tradeState']> = {
  created: 'NOTPAY',
  paying: 'NOTPAY',
  paid: 'SUCCESS',
  closed: 'CLOSED',
};

/** Names our state as WeChat does: an order has REFUND (转入退款) once WeChat took a refund of it. */
function tradeStateOf(order: Order): QueryOrderAnswer['tradeState'] {
  const { state } = order.status;
  const isTaken = (refund: Refund) => refundIdOf(refund.status) && isCounted(refund);
  const isRefunded = order.refundedExternallyAt || ownRefunds(order).some(isTaken);
  return state === 'paid' && isRefunded ? 'REFUND' : TRADE_STATES[state];
}

function answer(order: Order): QueryOrderAnswer {
  const { status } = order;
  const known: QueryOrderAnswer = {
    outTradeNo: order.outTradeNo,
    state: status.state,
    tradeState: tradeStateOf(order),
    tradeType: 'JSAPI',
    appid: order.appid,
    mchId: order.mchid,
    totalFee: order.totalFee,
    body: order.body,
    timeExpire: beijingDigits(order.expiresAt),
  };
  const paidFee = paidFeeOf(order);
  if (paidFee !== order.totalFee) known.paidFee = paidFee;
  if (order.attach !== undefined) known.attach = order.attach;
  if (order.quarantine) known.quarantined = true;
  if (order.refundedExternallyAt) known.refundedExternally = true;
  if (status.state === 'closed') known.closedReason = status.reason;
  if (status.state === 'paid') {
    known.transactionId = status.receipt.transactionId;
    known.timeEnd = beijingDigits(status.receipt.paidAt);
    known.confirmedBy = status.receipt.confirmedBy;
  }
  return known;
}
