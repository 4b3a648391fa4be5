import { isRefusal, type Refusal } from '../../contract/answer.ts';
import type { UnifiedOrderInput } from '../../contract/order/unifiedOrder.ts';
import { refuse } from '../../contract/refusals.ts';
import type { Fen } from '../../domain/money.ts';
import type { Order } from '../../domain/order/order.ts';
import { visibleOrder } from '../order/visibleOrder.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { type PlacingRequest, refuseParameter } from './placingRequest.ts';
import { quotePrice } from './quotePrice.ts';

/** Finds the order that a user names by its number, if it is the user's own to pay. */
export async function ownOrder(
  { outTradeNo, totalFee }: UnifiedOrderInput,
  openid: string,
  { store }: Pick<UseCaseDeps, 'store'>,
  invocation: Invocation,
): Promise<Order | Refusal | undefined> {
  if (outTradeNo === undefined) return undefined;
  const order = await visibleOrder(outTradeNo, store, invocation);
  if (order?.openid !== openid) return undefined;
  return refuseOtherPrice(totalFee, order.totalFee) ?? order;
}

/**
 * Makes a user's request whose price the merchant's function names. Nothing that the phone says of price, text or
 * number is taken; its `totalFee` is what the payer was shown, and only compared.
 */
export async function quotedRequestOf(
  { request, totalFee, purchaseId }: UnifiedOrderInput,
  openid: string,
  deps: Pick<UseCaseDeps, 'askPrice' | 'clock'>,
  invocation: Invocation,
): Promise<PlacingRequest | Refusal> {
  if (purchaseId !== undefined) return refuseParameter('purchaseId', 'serviceOnly');
  if (request === undefined) return refuseParameter('request', 'missing');
  const pricedAt = deps.clock.now();
  const quote = await quotePrice({ openid, request }, deps, invocation);
  if (isRefusal(quote)) return quote;
  const refused = refuseOtherPrice(totalFee, quote.totalFee);
  const named = { kind: 'new', openid, mayBegin: true, pricedAt, isQuoted: true } as const;
  return refused ?? { ...quote, ...named };
}

function refuseOtherPrice(shown: Fen | undefined, totalFee: Fen): Refusal | undefined {
  if (shown === undefined || shown === totalFee) return undefined;
  return refuse('PRICE_CHANGED', { details: { totalFee } });
}
