import type { Result } from '../contract/answer.ts';
import type { QueryOrderAnswer, QueryOrderInput } from '../contract/queryOrder.ts';
import { refuse } from '../contract/refusals.ts';
import { beijingDigits } from '../domain/beijing.ts';
import { ASK_INTERVAL_MS } from '../domain/limits.ts';
import type { Order, State } from '../domain/order.ts';
import { askWeChat } from './askWeChat.ts';
import { refusalOf } from './refusalOf.ts';
import { refuseSettledField } from './settledFields.ts';
import type { Call, Tools } from './tools.ts';
import { visibleOrder } from './visibleOrder.ts';

type Needs = Pick<Tools, 'settings' | 'store' | 'clock' | 'gatewayOf'>;

/** 查询订单: our truth; WeChat is asked while it is not final, at most every 2 s an order. */
export async function queryOrder(
  input: QueryOrderInput,
  tools: Needs,
  call: Call,
): Promise<Result<QueryOrderAnswer>> {
  const refused = refuseSettledField(input, tools.settings, call);
  if (refused) return refused;
  const order = await visibleOrder(input.outTradeNo, tools.store, call);
  if (!order) return refuse('ORDER_NOT_EXIST');
  const asking = await claimQuestion(order, tools);
  if (!asking) return answer((await reread(order, tools)) ?? order);
  try {
    const settled = await askWeChat(asking, tools, call);
    return answer(settled.order?.kind === 'order' ? settled.order : asking);
  } catch (error) {
    return refusalOf(error);
  }
}

/** The order if WeChat is to be asked by us now; written down before, so that others do not ask too. */
async function claimQuestion(order: Order, { store, clock }: Needs): Promise<Order | undefined> {
  const now = clock.now();
  const open = order.status.state === 'created' || order.status.state === 'paying';
  if (!open || order.quarantine) return undefined;
  const asked = order.askedAt && now.getTime() - order.askedAt.getTime() < ASK_INTERVAL_MS;
  if (asked) return undefined;
  const asking = { ...order, askedAt: now };
  const claimed = (await store.replace(asking, order.version)) === 'replaced';
  return claimed ? { ...asking, version: order.version + 1 } : undefined;
}

async function reread(order: Order, { store }: Needs): Promise<Order | undefined> {
  const kept = await store.get(order.outTradeNo);
  return kept?.kind === 'order' ? kept : undefined;
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
    known.learntBy = status.receipt.learntBy;
  }
  return known;
}
