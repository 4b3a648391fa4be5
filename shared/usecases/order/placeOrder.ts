import { isRefusal, type Refusal, type Result } from '../../contract/answer.ts';
import type { UnifiedOrderAnswer, UnifiedOrderInput } from '../../contract/order/unifiedOrder.ts';
import { refuse } from '../../contract/refusals.ts';
import { beijingDigits } from '../../domain/beijing.ts';
import { EXPIRY_LIMITS } from '../../domain/limits.ts';
import type { Order, OrderDocument, PaymentParams, Terms } from '../../domain/order/order.ts';
import { beginOrder } from '../../domain/order/order.ts';
import { drawOutTradeNo } from '../../domain/order/outTradeNo.ts';
import { placementOf } from '../../domain/order/placement.ts';
import { PLACING_WAITS_MS } from '../../domain/schedules.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { refuseFixedField } from '../step/fixedFields.ts';
import { refusalOf } from '../step/refusalOf.ts';
import { obtainPrepay } from './prepay.ts';

type Needs = Omit<UseCaseDeps, 'verifyNotification'>;

/** A drawn number that is taken is drawn again, so often. */
const DRAWS_MAX = 3;

/** What the caller may decide and did: payer, price, number. */
type PlacingRequest = Pick<UnifiedOrderInput, 'body' | 'totalFee' | 'attach' | 'timeExpire'> & {
  openid: string;
  outTradeNo: string | undefined;
  /** Who may not name the price may still pay an order that the server has written. */
  mayBegin: boolean;
};

/**
 * 统一下单: writes the order down, then asks WeChat for a prepay id. The same number gives the same
 * order, whoever dies in between, and one prepay id when nothing fails.
 */
export async function placeOrder(
  input: UnifiedOrderInput,
  tools: Needs,
  call: Invocation,
): Promise<Result<UnifiedOrderAnswer>> {
  const wish =
    refuseFixedField(input, tools.settings, call) ?? placingRequestOf(input, tools, call);
  if (isRefusal(wish)) return wish;
  for (let draw = 0; draw < DRAWS_MAX; draw += 1) {
    const placed = await placeOnce(wish, tools, call);
    const taken = isRefusal(placed) && placed.refused === 'OUT_TRADE_NO_USED';
    if (!taken || wish.outTradeNo !== undefined) return placed;
  }
  return refuse('OUT_TRADE_NO_USED');
}

/** Who pays, and whether the caller may name price and number. */
function placingRequestOf(
  input: UnifiedOrderInput,
  { settings }: Needs,
  { caller }: Invocation,
): PlacingRequest | Refusal {
  const { body, totalFee, attach, timeExpire, outTradeNo } = input;
  const wish = { body, totalFee, attach, timeExpire, outTradeNo, mayBegin: true };
  if (caller.kind === 'user' || caller.kind === 'admin') {
    const mayBegin = settings.priceSource === 'client';
    if (!mayBegin && outTradeNo === undefined) return refuse('PRICE_SOURCE_MISSING');
    return { ...wish, openid: caller.openid, mayBegin };
  }
  const openid = input.openid ?? input.subOpenid;
  if (input.subOpenid !== undefined && input.subOpenid !== openid) {
    const differs = '与 openid 不同 (differs from openid)';
    return refuse('PARAM_ERROR', { field: 'subOpenid', why: differs });
  }
  const why = '服务端下单必填 (a service call must name it)';
  if (openid === undefined) return refuse('PARAM_ERROR', { field: 'openid', why });
  if (outTradeNo === undefined) return refuse('PARAM_ERROR', { field: 'outTradeNo', why });
  return { ...wish, openid };
}

/** Writes first: most numbers are new, and only one that is taken needs to be read. */
async function placeOnce(
  wish: PlacingRequest,
  tools: Needs,
  call: Invocation,
): Promise<Result<UnifiedOrderAnswer>> {
  const terms = wish.mayBegin ? termsOf(wish, tools) : refuse('PRICE_SOURCE_MISSING');
  if (!isRefusal(terms)) {
    call.log.add({ outTradeNo: terms.outTradeNo });
    const order = beginOrder(terms, tools.gatewayOf(terms.link).freezeOrder(terms));
    if ((await tools.store.insert(order)) === 'inserted')
      return completePlacing(order, true, tools, call);
  }
  // A repeat with an expiry that is too near by now is still judged by the order it repeats.
  const found = wish.outTradeNo === undefined ? undefined : await tools.store.get(wish.outTradeNo);
  if (found) return resume(found, wish, tools, call);
  return isRefusal(terms) ? terms : refuse('OUT_TRADE_NO_USED');
}

function termsOf(wish: PlacingRequest, { settings, clock, randomBytes }: Needs): Terms | Refusal {
  const createdAt = clock.now();
  const { timeExpire, outTradeNo, attach, openid, body, totalFee } = wish;
  const expiresMs = timeExpire?.getTime() ?? createdAt.getTime() + settings.orderTtlMs;
  const aheadMs = expiresMs - createdAt.getTime();
  if (aheadMs < EXPIRY_LIMITS.minMs || aheadMs > EXPIRY_LIMITS.maxMs) {
    const why = '须在 1 分钟之后、15 天之内 (1 minute to 15 days ahead)';
    return refuse('PARAM_ERROR', { field: 'timeExpire', why });
  }
  return {
    ...settings.merchant,
    outTradeNo: outTradeNo ?? drawOutTradeNo(createdAt, randomBytes(15)),
    openid,
    body,
    totalFee,
    ...(attach === undefined ? {} : { attach }),
    createdAt,
    // WeChat's time_expire has whole seconds.
    expiresAt: new Date(Math.floor(expiresMs / 1000) * 1000),
  };
}

/** Goes on with an order that exists, if it is the one that is wished. */
function resume(found: OrderDocument, wish: PlacingRequest, tools: Needs, call: Invocation) {
  call.log.add({ outTradeNo: found.outTradeNo });
  const same = found.kind === 'order' && isSame(found, wish);
  return same ? completePlacing(found, false, tools, call) : refuse('OUT_TRADE_NO_USED');
}

function isSame(order: Order, wish: PlacingRequest): boolean {
  const { timeExpire } = wish;
  return (
    order.openid === wish.openid &&
    order.body === wish.body &&
    order.totalFee === wish.totalFee &&
    order.attach === wish.attach &&
    (timeExpire === undefined || timeExpire.getTime() === order.expiresAt.getTime())
  );
}

/** Brings an order to a payment, waiting for another placer, taking over, or getting a fresh one. */
async function completePlacing(
  placed: Order,
  begun: boolean,
  tools: Needs,
  call: Invocation,
): Promise<Result<UnifiedOrderAnswer>> {
  let order: OrderDocument | undefined = placed;
  let mine = begun;
  for (const waitMs of PLACING_WAITS_MS) {
    if (order?.kind !== 'order') break;
    const placement = mine ? ({ kind: 'prepay' } as const) : placementOf(order, tools.clock.now());
    if (placement.kind === 'answer') return answer(order, placement.payment);
    if (placement.kind === 'refuse') return refuse(placement.code);
    if (placement.kind === 'wait') {
      await tools.clock.wait(waitMs);
      order = await tools.store.get(placed.outTradeNo);
      continue;
    }
    try {
      const prepaid = await obtainPrepay(order, mine, tools, call);
      if (isRefusal(prepaid)) return prepaid;
      order = prepaid;
      mine = false;
    } catch (error) {
      return refusalOf(error, 'same_request');
    }
  }
  return refuse('ORDER_PLACING');
}

function answer(order: Order, payment: PaymentParams): UnifiedOrderAnswer {
  const { outTradeNo, totalFee, expiresAt } = order;
  return { outTradeNo, payment, totalFee, timeExpire: beijingDigits(expiresAt) };
}
