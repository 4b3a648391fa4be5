import { isRefusal, type Result } from '../../contract/answer.ts';
import type { QueryRefundAnswer, QueryRefundInput } from '../../contract/refund/queryRefund.ts';
import { refuse } from '../../contract/refusals.ts';
import type { Order } from '../../domain/order/order.ts';
import { isPending, type Refund, refundedFee } from '../../domain/order/refund.ts';
import { mainPaymentOf, ownRefunds } from '../../domain/refund/refundedPayment.ts';
import { refundOf } from '../../domain/refund/requestRefund.ts';
import { GatewayError } from '../../ports/gateway.ts';
import { claimQuery, reread } from '../order/claimQuery.ts';
import { namedOrder } from '../order/namedOrder.ts';
import { onBehalfOf } from '../order/visibleOrder.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { refuseFixedField } from '../step/fixedFields.ts';
import { foreseenRefusal } from '../step/foreseenRefusal.ts';
import { queryRefundAtWeChat } from './queryRefundAtWeChat.ts';
import { refundView } from './refundView.ts';

type Deps = Pick<UseCaseDeps, 'settings' | 'store' | 'clock' | 'gatewayOf'>;

/**
 * 查询退款: answers our conclusion; WeChat is queried while a refund is not final, at most every 2 s an
 * order. An admin or the merchant's server that names an order and an unknown number finds an external
 * refund (made in the merchant console, say), which is recorded and counted from then on.
 */
export async function queryRefund(
  input: QueryRefundInput,
  deps: Deps,
  invocation: Invocation,
): Promise<Result<QueryRefundAnswer>> {
  const refused = refuseFixedField(input, deps.settings, invocation) ?? refuseNameless(input);
  if (refused) return refused;
  const asking = onBehalfOf(input.openid, invocation);
  const order = await namedOrder(input, deps.store, asking);
  if (isRefusal(order)) return order;
  try {
    const { outRefundNo } = input;
    const queried = await queryPending(
      order,
      numbersToQuery(order, outRefundNo, asking),
      deps,
      invocation,
    );
    const refunds = queried.refunds?.filter((refund) => isNamed(refund, outRefundNo)) ?? [];
    if (outRefundNo !== undefined && refunds.length === 0) return refuse('REFUND_NOT_EXIST');
    return answer(queried, refunds);
  } catch (error) {
    const refusal = foreseenRefusal(error);
    if (refusal) return refusal;
    throw error;
  }
}

function refuseNameless({ outTradeNo, transactionId, outRefundNo }: QueryRefundInput) {
  if (outTradeNo ?? transactionId ?? outRefundNo) return undefined;
  const why = '单号至少填一个 (at least one number is needed)';
  return refuse('PARAM_ERROR', { field: 'outRefundNo', why });
}

const isNamed = ({ outRefundNo }: Refund, wanted: string | undefined): boolean =>
  wanted === undefined || wanted === outRefundNo;

/** Lists the refund numbers for which a query to WeChat may bring something new. */
function numbersToQuery(
  order: Order,
  wanted: string | undefined,
  { caller }: Invocation,
): string[] {
  if (!mainPaymentOf(order)) return [];
  const pending = order.refunds?.filter((refund) => isPending(refund) && isNamed(refund, wanted));
  const known = pending?.map(({ outRefundNo }) => outRefundNo) ?? [];
  const mayBeExternal = caller.kind !== 'user' && wanted !== undefined;
  return mayBeExternal && !refundOf(order, wanted) ? [wanted] : known;
}

async function queryPending(
  order: Order,
  numbers: string[],
  deps: Deps,
  invocation: Invocation,
): Promise<Order> {
  if (numbers.length === 0) return order;
  let current = await claimQuery(order, deps);
  if (!current) return reread(order, deps);
  try {
    for (const outRefundNo of numbers) {
      current = (await queryRefundAtWeChat(current, outRefundNo, deps, invocation)).order;
    }
    return current;
  } catch (error) {
    // Only a call from the mini program can query on cloud pay: all others get what is known.
    const lacksToken = error instanceof GatewayError && error.code === 'CLOUDPAY_TOKEN_MISSING';
    if (lacksToken && numbers.every((no) => refundOf(order, no))) return current;
    throw error;
  }
}

function answer(order: Order, refunds: readonly Refund[]): QueryRefundAnswer {
  const { outTradeNo, appid, mchid: mchId, totalFee, status } = order;
  return {
    outTradeNo,
    ...(status.state === 'paid' ? { transactionId: status.receipt.transactionId } : {}),
    appid,
    mchId,
    totalFee,
    refundedFee: refundedFee(ownRefunds(order)),
    ...(order.refundedExternallyAt ? { refundedExternally: true } : {}),
    refundCount: refunds.length,
    refunds: refunds.map(refundView),
  };
}
