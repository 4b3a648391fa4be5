import { withEvent } from '../../domain/order/event.ts';
import { withNextCheck } from '../../domain/order/nextCheck.ts';
import type { Order, OrderDocument } from '../../domain/order/order.ts';
import { closableAt, scheduleClose } from '../../domain/order/placement.ts';
import { type AttemptPayment, isSecondPayment } from '../../domain/order/purchase.ts';
import { isGivenBack } from '../../domain/refund/refundedPayment.ts';
import { StoreError } from '../../ports/store.ts';
import { changeOrder } from '../step/change.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { readAttempts } from './attempts.ts';

type Deps = Pick<UseCaseDeps, 'store' | 'clock'>;

/**
 * Looks at the other orders of a purchase that became paid (采购): what is open is to be closed at WeChat, which the
 * timer does at its next run, and of two payments the second is told. Marked in the write that made it paid, so
 * that the timer looks where this ends in between, and again while one of them cannot be read; a database that is
 * away never undoes what was concluded.
 */
export async function lookAtSiblings(
  paid: OrderDocument,
  deps: Deps,
  invocation: Invocation,
): Promise<void> {
  if (paid.kind !== 'order' || !paid.siblingsDueAt || paid.purchaseId === undefined) return;
  try {
    const { documents, unreadable } = await readAttempts(paid.purchaseId, deps.store);
    const orders = documents.filter((one) => one.kind === 'order');
    const others = orders.filter(({ outTradeNo }) => outTradeNo !== paid.outTradeNo);
    for (const other of others) await lookAt(other, paid, deps, invocation);
    const payments = others.flatMap((other) => paymentOf(other) ?? []);
    const done = (order: Order, now: Date) => {
      const next = withDuplicateEvent(order, payments, now);
      return withNextCheck(unreadable ? next : withoutMark(next), now);
    };
    await changeOrder(paid.outTradeNo, done, deps, invocation);
    if (unreadable) logFault(unreadable, paid, invocation);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    logFault(error, paid, invocation);
  }
}

function logFault({ code }: StoreError, { outTradeNo }: Order, { log }: Invocation): void {
  log.line({ level: 'warn', outTradeNo, error: `${code} siblings` });
}

async function lookAt(
  other: Order,
  paid: Order,
  deps: Deps,
  invocation: Invocation,
): Promise<void> {
  const payment = paymentOf(paid);
  if (!payment) return;
  const next = (order: Order, now: Date): Order => {
    if (order.status.state === 'paid') return withDuplicateEvent(order, [payment], now);
    if (order.status.state === 'closed' || order.quarantine) return order;
    const at = closableAt(order);
    return withNextCheck(scheduleClose(order, at > now ? at : now), now);
  };
  await changeOrder(other, next, deps, invocation);
}

function withoutMark(order: Order): Order {
  if (!order.siblingsDueAt) return order;
  const { siblingsDueAt: _done, ...others } = order;
  return others;
}

/** Tells an order's payment where another one of the purchase came first. */
function withDuplicateEvent(order: Order, payments: readonly AttemptPayment[], now: Date): Order {
  const own = paymentOf(order);
  const isSecond = own && payments.some((payment) => isSecondPayment(own, payment));
  if (!isSecond || order.status.state !== 'paid') return order;
  const { transactionId } = order.status.receipt;
  return withEvent(order, 'order.duplicate_payment', now, transactionId);
}

/** Finds when an order was paid; a payment that differs counts while the money is there. */
function paymentOf(order: Order): AttemptPayment | undefined {
  const { outTradeNo, status, quarantine } = order;
  if (status.state === 'paid') return { outTradeNo, paidAt: status.receipt.paidAt };
  if (!quarantine || isGivenBack(order)) return undefined;
  return { outTradeNo, paidAt: quarantine.payment?.paidAt ?? quarantine.at };
}
