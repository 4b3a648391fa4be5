/** Lets every kind of caller try every function, on an order of their own, of a stranger, and on none. */

import type { CallerKind, FunctionName } from '../../shared/contract/callers.ts';
import type { Contract } from '../../shared/contract/contract.ts';
import { contracts } from '../../shared/contract/contracts.ts';
import { signServiceCall } from '../../shared/contract/serviceCall.ts';
import { fen } from '../../shared/domain/money.ts';
import { conclude, orphanOf } from '../../shared/domain/order/conclude.ts';
import type { Order, OrderDocument } from '../../shared/domain/order/order.ts';
import { numberOfAttempt } from '../../shared/domain/order/purchase.ts';
import { beginRefund } from '../../shared/domain/order/refund.ts';
import type { Gateway } from '../../shared/ports/gateway.ts';
import type { AskPrice } from '../../shared/ports/merchant.ts';
import type { OrderStore } from '../../shared/ports/store.ts';
import { pipeline, type UseCase } from '../../shared/runtime/invocation/pipeline.ts';
import type { OwnCalls } from '../../shared/runtime/invocation/steps.ts';
import { downloadBill } from '../../shared/usecases/bill/downloadBill.ts';
import { decideOrder } from '../../shared/usecases/decision/decideOrder.ts';
import { listAttention } from '../../shared/usecases/decision/listAttention.ts';
import { deliverEvents } from '../../shared/usecases/event/deliverEvents.ts';
import { receiveNotification } from '../../shared/usecases/notice/receiveNotification.ts';
import { receiveRefundNotification } from '../../shared/usecases/notice/receiveRefundNotification.ts';
import { closeOrder } from '../../shared/usecases/order/closeOrder.ts';
import { queryOrder } from '../../shared/usecases/order/queryOrder.ts';
import { placeOrder } from '../../shared/usecases/placing/placeOrder.ts';
import { queryRefund } from '../../shared/usecases/refund/queryRefund.ts';
import { refundOrder } from '../../shared/usecases/refund/refundOrder.ts';
import { closeStaleOrders } from '../../shared/usecases/timer/closeStaleOrders.ts';
import type { Chance } from '../support/chance.ts';
import { anOrder, aReceipt, ordersByState, placedAt, plus, proof } from '../support/orders.ts';
import { aRefundRequest } from '../support/refunds.ts';
import { aGateway, memoryDeps, noQuotes } from '../support/useCases.ts';

const SERVICE_KEY = 'service-key-0123456789-0123456789-01';
const START_KEY = 'start-key-0123456789-0123456789-012';
const SELF_KEY = 'self-key-0123456789-0123456789-0123';
const place = { envId: 'prod-1a2b3c', appid: 'wx0000000000000001' };

const useCases: Record<FunctionName, unknown> = {
  unifiedOrder: placeOrder,
  queryOrder,
  closeOrder,
  refund: refundOrder,
  queryRefund,
  listAttention,
  decideOrder,
  downloadBill,
  payCallback: receiveNotification,
  refundCallback: receiveRefundNotification,
  closeStaleOrders,
  deliverEvents,
};

/** Who may call what, once more in words of its own: what contract/callers.ts is held to. */
export const MAY: Record<FunctionName, readonly CallerKind[]> = {
  unifiedOrder: ['user', 'admin', 'service'],
  queryOrder: ['user', 'admin', 'service'],
  closeOrder: ['user', 'admin', 'service'],
  queryRefund: ['user', 'admin', 'service'],
  refund: ['admin', 'service'],
  listAttention: ['admin', 'service'],
  decideOrder: ['admin', 'service'],
  downloadBill: ['admin', 'service'],
  payCallback: ['http', 'wechat'],
  refundCallback: ['http', 'wechat'],
  closeStaleOrders: ['timer', 'self'],
  deliverEvents: ['timer', 'backend', 'admin', 'service'],
};

/** How the platform shows each kind of caller, by one of its ways each. */
const VARIABLES: Record<CallerKind, readonly Record<string, string>[]> = {
  user: [
    { TCB_SOURCE: 'wx_client', WX_OPENID: 'oPayer' },
    { TCB_SOURCE: 'wx_devtools', WX_OPENID: 'oPayer' },
    { TCB_SOURCE: 'wx_client,scf', WX_OPENID: 'oPayer' },
  ],
  admin: [{ TCB_SOURCE: 'wx_client', WX_OPENID: 'oAdmin' }],
  service: [{ TCB_SOURCE: 'scf' }, {}, { TCB_SOURCE: 'wx_client', WX_OPENID: 'oPayer' }],
  self: [{ TCB_SOURCE: 'scf' }],
  timer: [{ TRIGGER_SRC: 'timer' }, { TCB_SOURCE: 'wx_trigger', TRIGGER_SRC: 'tcb' }],
  wechat: [{ TCB_SOURCE: 'wx_paycallback', WX_OPENID: 'oPayer' }],
  http: [{}, { TCB_SOURCE: '' }, { TCB_SOURCE: 'tcb_http' }],
  other: [
    { TCB_SOURCE: 'scf' },
    { TCB_SOURCE: 'wx_unknown', WX_OPENID: 'oPayer' },
    { TCB_SOURCE: 'wx_http' },
    { TCB_SOURCE: 'wx_crawler' },
  ],
  // Another function of ours has no mark but its signature, for the one function that it may call.
  backend: [{ TCB_SOURCE: 'scf' }],
};

/** The numbers by which an order may be named. */
interface Numbers {
  /** Whose they are. */
  openid: string;
  outTradeNo: string;
  transactionId: string;
  outRefundNo: string;
}

export const OWN: Numbers = {
  openid: 'oPayer',
  outTradeNo: 'OWN0000001',
  transactionId: '4200',
  outRefundNo: 'RO1',
};
export const OTHERS: Numbers = {
  openid: 'oStranger',
  outTradeNo: 'OTHERS0001',
  transactionId: '4299',
  outRefundNo: 'RX1',
};

/** A text that only the stranger's order holds. */
export const SECRET = '陌生人的订单';

/** The shop where the merchant's function names price and purchase, by a cart that each payer has under the same name. */
const CART = 'cart-7';
const purchaseOf = (openid: string) => `${openid}.${CART}`;

/** Lets an order be of its payer's cart, where the shop quotes. */
export function numbersIn(priceSource: Attempt['priceSource'], numbers: Numbers): Numbers {
  if (priceSource === 'service') return numbers;
  return { ...numbers, outTradeNo: numberOfAttempt(purchaseOf(numbers.openid), 1) };
}

/** A merchant whose function names what a cart costs by now, as the sample does. */
function quoting(chance: Chance): AskPrice {
  const totalFee = [100, 120][chance(2)];
  return async (body) => {
    const { openid } = JSON.parse(body).data;
    const answer = { errCode: 0, body: '咖啡', totalFee, purchaseId: purchaseOf(openid) };
    return { kind: 'answered', answer };
  };
}

/** Makes the order of these numbers, in one of its states. */
function documentOf(
  numbers: Numbers,
  priceSource: Attempt['priceSource'],
  chance: Chance,
): OrderDocument {
  const { openid, outTradeNo, transactionId, outRefundNo } = numbers;
  const receipt = { ...aReceipt, transactionId };
  const purchase = priceSource === 'quote' ? { purchaseId: purchaseOf(openid) } : {};
  const kept = { outTradeNo, openid, body: SECRET, attach: SECRET, ...purchase };
  const paid = anOrder({ ...kept, status: { state: 'paid', receipt }, checkAt: null });
  const status = { state: 'processing', refundId: '5' } as const;
  const refund = { ...beginRefund(aRefundRequest(outRefundNo), plus(70)), status };
  const payment = proof({ outTradeNo, transactionId, openid });
  const documents: (() => OrderDocument)[] = [
    ...Object.values(ordersByState).map((order) => () => anOrder({ ...order, ...kept })),
    () => paid,
    () => ({ ...paid, refunds: [refund] }),
    () => conclude(anOrder(kept), { ...payment, totalFee: fen(1) }, plus(61)).order,
    () => anOrder({ ...ordersByState.paying, ...kept, closeDueAt: plus(600) }),
    () => ({ ...orphanOf(payment, plus(61)), refunds: [{ ...refund, transactionId }] }),
  ];
  return documents[chance(documents.length)]?.() ?? paid;
}

/** Makes a good input of each function that names an order by these numbers. */
const INPUTS: Record<FunctionName, (numbers: Numbers, chance: Chance) => object> = {
  unifiedOrder: ({ outTradeNo }, chance) => ({
    outTradeNo,
    body: '咖啡',
    totalFee: [100, 101][chance(2)],
    ...(chance(2) ? { timeExpire: '20261124103000' } : {}),
  }),
  queryOrder: named('outTradeNo', 'transactionId'),
  closeOrder: named('outTradeNo'),
  refund: (numbers, chance) => ({
    ...named('outTradeNo', 'transactionId')(numbers, chance),
    outRefundNo: numbers.outRefundNo,
    refundFee: 40,
  }),
  queryRefund: named('outTradeNo', 'transactionId', 'outRefundNo'),
  listAttention: () => ({}),
  decideOrder: ({ outTradeNo, transactionId, outRefundNo }, chance) => {
    const about = { outTradeNo, reason: '试' };
    const decisions = [
      { decision: 'giveUpRefund', outRefundNo },
      { decision: 'acceptPayment', transactionId },
      { decision: 'refundPayment', transactionId },
      { decision: 'leave', kind: 'orphan', about: transactionId },
    ];
    return { ...about, ...decisions[chance(decisions.length)] };
  },
  downloadBill: () => ({ billDate: '20261123', billType: 'ALL' }),
  payCallback: posted,
  refundCallback: posted,
  closeStaleOrders: () => ({ Type: 'Timer' }),
  deliverEvents: ({ outTradeNo }, chance) => (chance(2) ? { outTradeNo } : { Type: 'Timer' }),
};

function named(...names: (keyof Numbers)[]) {
  return (numbers: Numbers, chance: Chance): object => {
    const name = names[chance(names.length)] ?? 'outTradeNo';
    return { [name]: numbers[name] };
  };
}

function posted({ outTradeNo }: Numbers): object {
  const body = JSON.stringify({ outTradeNo, event_type: 'TRANSACTION.SUCCESS' });
  return { httpMethod: 'POST', path: '/', headers: {}, body, isBase64Encoded: false };
}

/** One attempt: who calls what, about whose order, where who names the price. */
export interface Attempt {
  kind: CallerKind;
  name: FunctionName;
  whose: 'own' | 'others';
  priceSource: 'service' | 'quote';
}

/** The world after an attempt: its answer without the request's id, and whatever it touched. */
export interface Outcome {
  answer: Record<string, unknown>;
  storeCalls: string[];
  weChatCalls: string[];
  hasWritten: boolean;
  /** The stranger's own document is another one since. */
  hasChangedOthers: boolean;
}

/** Plays an attempt in a world that holds both orders, or the caller's own alone. */
export async function play(
  { kind, name, whose, priceSource }: Attempt,
  chance: Chance,
  { hasOthers }: { hasOthers: boolean },
): Promise<Outcome> {
  const weChatCalls: string[] = [];
  const world = memoryDeps(recording(aGateway(), weChatCalls) as Gateway, priceSource);
  const numbers = { own: numbersIn(priceSource, OWN), others: numbersIn(priceSource, OTHERS) };
  const own = documentOf(numbers.own, priceSource, chance);
  const others = documentOf(numbers.others, priceSource, chance) as Order;
  const askPrice = priceSource === 'quote' ? quoting(chance) : noQuotes;
  await world.store.insert(own);
  if (hasOthers) await world.store.insert(others);
  world.pass(3600);
  const before = JSON.stringify([...world.store.raw]);
  const storedOthers = () => JSON.stringify(world.store.raw.get(others.outTradeNo));
  const othersBefore = storedOthers();
  const storeCalls: string[] = [];
  const store = recording(world.store as OrderStore, storeCalls) as typeof world.store;
  const main = pipeline(contracts[name] as Contract<never>, useCases[name] as UseCase<never>, {
    config: {
      adminOpenids: ['oAdmin'],
      serviceKeys: [SERVICE_KEY],
      ownCalls: ownCallsOf(name),
      ...place,
    },
    clock: world.deps.clock,
    depsOf: () => ({ ...world.deps, store, askPrice }),
    print: () => {},
  });
  const inputOf = priceSource === 'quote' && name === 'unifiedOrder' ? cartOf(kind) : INPUTS[name];
  const input = inputOf(numbers[whose], chance);
  const variables = VARIABLES[kind][chance(VARIABLES[kind].length)] ?? {};
  const nowMs = placedAt.getTime() + 3_600_000;
  const answer = await main(eventOf(kind, name, input, nowMs), {
    request_id: String(chance(1e9)),
    environment: JSON.stringify(variables),
    getRemainingTimeInMillis: () => 20_000,
  });
  const { requestId: _id, ...shown } = answer as Record<string, unknown>;
  const hasWritten = JSON.stringify([...world.store.raw]) !== before;
  const hasChangedOthers = storedOthers() !== othersBefore;
  return { answer: shown, storeCalls, weChatCalls, hasWritten, hasChangedOthers };
}

/** Makes what each caller orders a cart by: a phone by its request, the server by the purchase. */
const cartOf =
  (kind: CallerKind) =>
  ({ openid, outTradeNo }: Numbers, chance: Chance): object => {
    const shown = [{}, { totalFee: 100 }, { totalFee: 120 }][chance(3)];
    if (kind === 'service') {
      return { body: '咖啡', totalFee: 100, openid, purchaseId: purchaseOf(openid) };
    }
    const named = [{}, { outTradeNo }, { purchaseId: purchaseOf(openid) }][chance(3)];
    return { request: { cart: CART }, ...shown, ...named };
  };

function ownCallsOf(name: FunctionName): OwnCalls {
  return name === 'deliverEvents'
    ? { kind: 'backend', keys: [START_KEY] }
    : { kind: 'self', keys: [SELF_KEY] };
}

/** Makes the event as each kind of caller sends it; a shard is what the function sends itself. */
function eventOf(kind: CallerKind, name: FunctionName, input: object, nowMs: number): object {
  if (kind === 'service') return signServiceCall({ name, ...place }, input, SERVICE_KEY, nowMs);
  if (kind === 'backend' && name === 'deliverEvents') {
    return signServiceCall({ name, ...place }, input, START_KEY, nowMs);
  }
  // No key of its own makes deliverEvents itself.
  if (kind !== 'self' || name === 'deliverEvents') return input;
  const shard = { Type: 'Shard', index: 1, of: 2, untilMs: nowMs + 10_000 };
  const data = name === 'closeStaleOrders' ? shard : input;
  return signServiceCall({ name, ...place }, data, SELF_KEY, nowMs);
}

/** Notes each call with its arguments. */
function recording<T extends object>(target: T, calls: string[]): T {
  return new Proxy(target, {
    get: (of, key) => {
      const value: unknown = Reflect.get(of, key);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        calls.push(`${String(key)} ${JSON.stringify(args)}`);
        return (value as (...all: unknown[]) => unknown)(...args);
      };
    },
  });
}
