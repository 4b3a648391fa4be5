import { isRefusal, type Refusal, type Result } from '../../contract/answer.ts';
import type { UnifiedOrderAnswer } from '../../contract/order/unifiedOrder.ts';
import { refuse } from '../../contract/refusals.ts';
import type { Order, OrderDocument } from '../../domain/order/order.ts';
import { attemptOf, numberOfAttempt, PURCHASE_ATTEMPTS_MAX } from '../../domain/order/purchase.ts';
import { isGivenBack } from '../../domain/refund/refundedPayment.ts';
import { readAttempts } from '../order/attempts.ts';
import { closeOpenOrder } from '../order/closeOrder.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { beginPlacing } from './beginPlacing.ts';
import { completePlacing } from './completePlacing.ts';
import { countReplacement } from './insertCounted.ts';
import { type PlacingRequest, termsOf } from './placingRequest.ts';

type Deps = Omit<UseCaseDeps, 'verifyNotification'>;
type Placed = Result<UnifiedOrderAnswer>;
type PurchaseRequest = PlacingRequest & { purchaseId: string };

/** So many times others may begin or close orders of the purchase before this caller gets to an end. */
const ROUNDS_MAX = 10;

/** Refusals of an order that is as good as over: it is closed, and another one begun. */
const OVER = ['ORDERCLOSED', 'ORDER_EXPIRED', 'CLOSE_SCHEDULED'];

/**
 * Places an order of a purchase (采购), of whose orders at most one can be paid at any time: the same price and payer
 * give the same order; else the older one is closed at WeChat before the next is written.
 */
export async function placePurchase(
  request: PurchaseRequest,
  deps: Deps,
  invocation: Invocation,
): Promise<Placed> {
  let attempt = 1;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const number = numberOfAttempt(request.purchaseId, attempt);
    const terms = termsOf(request, deps, number);
    const begun = isRefusal(terms) ? undefined : await beginPlacing(terms, deps, invocation);
    if (begun && isRefusal(begun)) return begun;
    if (begun) return completePlacing(begun, deps, invocation);
    const { documents, unreadable } = await readAttempts(request.purchaseId, deps.store);
    const ended = refuseEnded(documents);
    if (ended) return ended;
    if (unreadable) throw unreadable;
    const last = documents.at(-1);
    // Only an expiry of the request's own that is too near keeps a first order from being written.
    if (!last) return isRefusal(terms) ? terms : refuse('ORDER_PLACING');
    if (last.kind !== 'order' || documents.some(isNotOf(request.purchaseId))) {
      return refuse('OUT_TRADE_NO_USED');
    }
    const placed = await placeOrClose(last, request, deps, invocation);
    if (placed !== 'closed') return placed;
    if (isRefusal(terms)) return terms;
    attempt = documents.length + 1;
    if (attempt > PURCHASE_ATTEMPTS_MAX) return refuse('PURCHASE_TOO_OFTEN');
  }
  return refuse('ORDER_PLACING');
}

/** Refuses a purchase that money came for and is there still. */
function refuseEnded(attempts: readonly OrderDocument[]): Refusal | undefined {
  const orders = attempts.filter((one) => one.kind === 'order');
  if (orders.some(({ status }) => status.state === 'paid')) return refuse('ORDERPAID');
  const isWaiting = (order: Order) => order.quarantine !== undefined && !isGivenBack(order);
  return orders.some(isWaiting) ? refuse('ORDER_QUARANTINED') : undefined;
}

/** Tells an orphan or an order of another purchase, and one whose number WeChat has from elsewhere: who knows what can be paid there. */
const isNotOf = (purchaseId: string) => (attempt: OrderDocument) =>
  attempt.kind === 'orphan' ||
  attempt.purchaseId !== purchaseId ||
  (attempt.status.state === 'closed' && attempt.status.reason === 'OUT_TRADE_NO_USED');

/** Hands the last order out again where it is the requested one; has it closed where it is not. */
async function placeOrClose(
  last: Order,
  request: PurchaseRequest,
  deps: Deps,
  invocation: Invocation,
): Promise<Placed | 'closed'> {
  // WeChat takes nothing for a number whose payment went back.
  if (last.status.state === 'closed' || isGivenBack(last)) return 'closed';
  const isWanted = last.openid === request.openid && last.totalFee === request.totalFee;
  const refused = isWanted ? undefined : await refuseReplacement(last, request, deps, invocation);
  if (refused) return refused;
  // What WeChat has not answered yet can be closed only after it has.
  const isCertain = last.status.state !== 'created' && !isWanted;
  const placed = isCertain
    ? undefined
    : await completePlacing({ order: last, isOurs: false }, deps, invocation);
  if (isWanted && placed && !isOver(placed)) return placed;
  return closeLast(last.outTradeNo, deps, invocation);
}

function isOver(placed: Placed): boolean {
  return isRefusal(placed) && OVER.includes(placed.refused);
}

/** Refuses to replace an open order by one that could not be begun then: nothing is closed for it. */
async function refuseReplacement(
  last: Order,
  request: PurchaseRequest,
  deps: Deps,
  invocation: Invocation,
): Promise<Refusal | undefined> {
  if (last.createdAt > request.pricedAt) return refuseOlderPrice(last, request);
  const attempt = (attemptOf(last.outTradeNo) ?? 0) + 1;
  if (attempt > PURCHASE_ATTEMPTS_MAX) return refuse('PURCHASE_TOO_OFTEN');
  const terms = termsOf(request, deps, numberOfAttempt(request.purchaseId, attempt));
  return isRefusal(terms) ? terms : countReplacement(terms, last, deps, invocation);
}

/** Refuses a price that was asked for before the open order was begun: the order has the newer one. */
function refuseOlderPrice({ openid, totalFee }: Order, request: PlacingRequest): Refusal {
  if (openid !== request.openid) return refuse('ORDER_PLACING');
  return refuse('PRICE_CHANGED', { details: { totalFee } });
}

async function closeLast(
  outTradeNo: string,
  deps: Deps,
  invocation: Invocation,
): Promise<Refusal | 'closed'> {
  const order = await deps.store.get(outTradeNo);
  if (order?.kind !== 'order') return refuse('ORDER_PLACING');
  const closed = await closeOpenOrder(order, deps, invocation);
  if (!isRefusal(closed)) return 'closed';
  if (closed.refused !== 'CLOSE_SCHEDULED') return closed;
  return refuse('PURCHASE_REPLACING', { details: { retryAt: closed.details?.closableAt } });
}
