import { isRefusal, type Refusal, type Result } from '../../contract/answer.ts';
import { openidOf } from '../../contract/callers.ts';
import type { UnifiedOrderAnswer, UnifiedOrderInput } from '../../contract/order/unifiedOrder.ts';
import { refuse } from '../../contract/refusals.ts';
import type { Placing } from '../order/prepay.ts';
import { visibleOrder } from '../order/visibleOrder.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { refuseFixedField } from '../step/fixedFields.ts';
import { beginPlacing } from './beginPlacing.ts';
import { completePlacing } from './completePlacing.ts';
import { placePurchase } from './placePurchase.ts';
import { isSame, type PlacingRequest, placingRequestOf, termsOf } from './placingRequest.ts';
import { ownOrder, quotedRequestOf } from './quotedRequest.ts';

type Deps = Omit<UseCaseDeps, 'verifyNotification'>;

/** How often a number is drawn when those before were taken. */
const DRAWS_MAX = 3;

/**
 * 统一下单: writes the order down, then asks WeChat for a prepay id. The same number gives the same
 * order, even if a function dies in between, and one prepay id when nothing fails; so does the same
 * purchase at the same price.
 */
export async function placeOrder(
  input: UnifiedOrderInput,
  deps: Deps,
  invocation: Invocation,
): Promise<Result<UnifiedOrderAnswer>> {
  const request =
    refuseFixedField(input, deps.settings, invocation) ??
    (await requestOf(input, deps, invocation));
  if (isRefusal(request)) return request;
  if (request.kind === 'own') return completePlacing(request.placing, deps, invocation);
  const { purchaseId } = request;
  if (purchaseId !== undefined) return placePurchase({ ...request, purchaseId }, deps, invocation);
  for (let draw = 0; draw < DRAWS_MAX; draw += 1) {
    const placing = await beginOrMatch(request, deps, invocation);
    const placed = isRefusal(placing) ? placing : await completePlacing(placing, deps, invocation);
    if (!isTaken(placed) || request.outTradeNo !== undefined) return placed;
  }
  return refuse('OUT_TRADE_NO_USED');
}

/** Tells whether a number is used, here or at WeChat. */
function isTaken(placed: Result<UnifiedOrderAnswer>): boolean {
  return isRefusal(placed) && placed.refused === 'OUT_TRADE_NO_USED';
}

/** Reads the request, with the price of whoever may name it; or finds the payer's own order by its number. */
async function requestOf(
  input: UnifiedOrderInput,
  deps: Deps,
  invocation: Invocation,
): Promise<PlacingRequest | { kind: 'own'; placing: Placing } | Refusal> {
  const openid = openidOf(invocation.caller);
  if (deps.settings.priceSource !== 'quote' || openid === undefined) {
    return placingRequestOf(input, deps, invocation);
  }
  const order = await ownOrder(input, openid, deps, invocation);
  if (!order) return quotedRequestOf(input, openid, deps, invocation);
  return isRefusal(order) ? order : { kind: 'own', placing: { order, isOurs: false } };
}

/** Writes the order before reading any: most numbers are new, and only a taken one needs to be read. */
async function beginOrMatch(
  request: PlacingRequest,
  deps: Deps,
  invocation: Invocation,
): Promise<Placing | Refusal> {
  const terms = request.mayBegin ? termsOf(request, deps) : refuse('PRICE_SOURCE_MISSING');
  const placing = isRefusal(terms) ? undefined : await beginPlacing(terms, deps, invocation);
  if (placing) return placing;
  // A repeat whose expiry is too near by now is still compared with the order it repeats.
  const { outTradeNo } = request;
  const stored = outTradeNo && (await visibleOrder(outTradeNo, deps.store, invocation));
  if (stored) {
    return isSame(stored, request) ? { order: stored, isOurs: false } : refuse('OUT_TRADE_NO_USED');
  }
  // Another payer's order is answered as if there were none (decision 0018).
  return isRefusal(terms) ? terms : refuse('OUT_TRADE_NO_USED');
}
