import { ask, ENOUGH } from './asking.ts';
import { cashierAnswerOf } from './cashierAnswer.ts';
import type { Functions } from './functions.ts';
import { callHost, type HostAnswer, LATE } from './host.ts';
import { paymentOutcome, refusalOutcome } from './outcomes.ts';
import type { pendingOrders } from './pending.ts';
import type { Host, Order, Outcome, Refusal, UnifiedOrderAnswer } from './types.ts';

/** The longest that the cashier is waited for. */
const CASHIER_MS = 300_000;

/** The host, its functions and the orders it keeps, with which a payment works. */
export interface PayDeps {
  host: Required<Host>;
  functions: Functions;
  pending: ReturnType<typeof pendingOrders>;
}

/** A payment that goes on. */
export interface Payment {
  /** Asks the server beside what goes on: a payment that it knows of is the end. */
  check(): void;
  ended: Promise<Outcome>;
}

/** Names a purchase on this phone: by its number, or by all that is asked for. */
export function keyOf(order: Order): string {
  return order.outTradeNo || JSON.stringify(order);
}

/** Begins to pay an order: places it, opens the cashier, then asks the server how it ended. */
export function beginPayment(order: Order, deps: PayDeps): Payment {
  let check = () => {};
  const watch = (by: () => void) => {
    check = by;
  };
  return { check: () => check(), ended: payOrder(order, deps, watch) };
}

type Watch = (check: () => void) => void;

async function payOrder(order: Order, deps: PayDeps, watch: Watch): Promise<Outcome> {
  const { functions, pending } = deps;
  const key = keyOf(order);
  // The order of an earlier tap is never doubled by another one, whatever became of it.
  const kept = pending.all().find((each) => each.key === key);
  // Beside a `request` the caller's own number is none: the server draws one.
  const own = order.request ? undefined : order.outTradeNo;
  const outTradeNo = kept ? kept.outTradeNo : own;
  const isNamed = outTradeNo || Object(order.request).purchaseId;
  const place = isNamed ? functions.callRepeatedly : functions.call;
  const placed = await place<UnifiedOrderAnswer>(
    'unifiedOrder',
    outTradeNo ? { ...order, outTradeNo } : order,
  );
  if (placed.errCode === 0) return payPlaced(key, placed as UnifiedOrderAnswer, deps, watch);
  const refused = placed as Refusal;
  // The server's own refusal is of this request; where it was not reached, a purchase may have been paid before.
  if (!outTradeNo) return refusalOutcome(refused, { isNone: !isNamed || !('raw' in refused) });
  const enough = refused.errCode === 'ORDERPAID' ? ENOUGH.ok : ENOUGH.none;
  const found = await ask(functions, outTradeNo, enough);
  const outcome = refusalOutcome(refused, found);
  const isOver = found.isNone || found.order?.state === 'closed';
  if (isOver || outcome.status === 'paid') pending.replace(key);
  return isOver && !own ? payOrder(order, deps, watch) : outcome;
}

async function payPlaced(
  key: string,
  { outTradeNo, payment }: UnifiedOrderAnswer,
  deps: PayDeps,
  watch: Watch,
): Promise<Outcome> {
  const { functions, host, pending } = deps;
  // Kept before anything can be paid: whatever ends the app now, its next start finds out.
  pending.replace(key, { key, outTradeNo, isOpen: true });
  const outcome = await new Promise<Outcome>((resolve) => {
    let isAsking = false;
    const askMeanwhile = async () => {
      isAsking = true;
      const found = await ask(functions, outTradeNo, ENOUGH.silent);
      isAsking = false;
      const paid = paymentOutcome('silent', found, found.order);
      if (paid.status === 'paid') resolve(paid);
    };
    const check = () => {
      if (!isAsking) void askMeanwhile();
    };
    const askAfterwards = async (answer: HostAnswer) => {
      const end = cashierAnswerOf(answer);
      const found = await ask(functions, outTradeNo, ENOUGH[end]);
      resolve(paymentOutcome(end, found, answer.value));
    };
    watch(check);
    const answered = callHost((by) => host.requestPayment({ ...payment, ...by }), check);
    const late = functions.wait(CASHIER_MS).then(() => LATE);
    void Promise.race([answered, late]).then(askAfterwards);
  });
  keepOrDrop(key, outcome, deps);
  return outcome;
}

/** Keeps an order that can be paid still for the next tap; one that may have been paid, for the next start too. */
export function keepOrDrop(key: string, outcome: Outcome, { pending }: PayDeps) {
  const { status, outTradeNo, order } = outcome;
  const isOpen = status === 'unknown';
  const isOver = status === 'paid' || (!isOpen && order && order.state === 'closed');
  pending.replace(key, isOver ? undefined : { key, outTradeNo: outTradeNo as string, isOpen });
}
