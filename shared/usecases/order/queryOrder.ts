import type { Result } from '../../contract/answer.ts';
import type { QueryOrderAnswer, QueryOrderInput } from '../../contract/order/queryOrder.ts';
import { refuse } from '../../contract/refusals.ts';
import { beijingDigits } from '../../domain/beijing.ts';
import type { Order, State } from '../../domain/order/order.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { refuseFixedField } from '../step/fixedFields.ts';
import { foreseenRefusal } from '../step/foreseenRefusal.ts';
import { claimQuery, reread } from './claimQuery.ts';
import { queryWeChat } from './queryWeChat.ts';
import { visibleOrder } from './visibleOrder.ts';

type Deps = Pick<UseCaseDeps, 'settings' | 'store' | 'clock' | 'gatewayOf'>;

/** 查询订单: answers our conclusion; WeChat is queried while it is not final, at most every 2 s an order. */
export async function queryOrder(
  input: QueryOrderInput,
  deps: Deps,
  invocation: Invocation,
): Promise<Result<QueryOrderAnswer>> {
  const refused = refuseFixedField(input, deps.settings, invocation);
  if (refused) return refused;
  const order = await visibleOrder(input.outTradeNo, deps.store, invocation);
  if (!order) return refuse('ORDER_NOT_EXIST');
  const claimed = isOpen(order) ? await claimQuery(order, deps) : undefined;
  if (!claimed) return answer(await reread(order, deps));
  try {
    const { order: after } = await queryWeChat(claimed, deps, invocation);
    return answer(after?.kind === 'order' ? after : claimed);
  } catch (error) {
    const refusal = foreseenRefusal(error);
    if (refusal) return refusal;
    throw error;
  }
}

function isOpen({ status, quarantine }: Order): boolean {
  return (status.state === 'created' || status.state === 'paying') && !quarantine;
}

const tradeStateOf: Record<State, QueryOrderAnswer['tradeState']> = {
  created: 'NOTPAY',
  paying: 'NOTPAY',
  paid: 'SUCCESS',
  closed: 'CLOSED',
};

function answer(order: Order): QueryOrderAnswer {
  const { status } = order;
  const known: QueryOrderAnswer = {
    outTradeNo: order.outTradeNo,
    state: status.state,
    tradeState: tradeStateOf[status.state],
    totalFee: order.totalFee,
    body: order.body,
    timeExpire: beijingDigits(order.expiresAt),
  };
  if (order.attach !== undefined) known.attach = order.attach;
  if (order.quarantine) known.quarantined = true;
  if (status.state === 'closed') known.closedReason = status.reason;
  if (status.state === 'paid') {
    known.transactionId = status.receipt.transactionId;
    known.timeEnd = beijingDigits(status.receipt.paidAt);
    known.confirmedBy = status.receipt.confirmedBy;
  }
  return known;
}
