import { isRefusal, type Refusal, type Result } from '../../contract/answer.ts';
import type { UnifiedOrderAnswer, UnifiedOrderInput } from '../../contract/order/unifiedOrder.ts';
import { refuse } from '../../contract/refusals.ts';
import { beijingDigits } from '../../domain/beijing.ts';
import { EXPIRY_LIMITS, PREPAY_FRESH_MS } from '../../domain/limits.ts';
import type { Order, OrderDocument, Prepay, Terms } from '../../domain/order/order.ts';
import { beginOrder } from '../../domain/order/order.ts';
import { drawOutTradeNo } from '../../domain/order/outTradeNo.ts';
import { type Placement, placementOf } from '../../domain/order/placement.ts';
import { PLACING_WAITS_MS } from '../../domain/schedules.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';
import { refuseFixedField } from '../step/fixedFields.ts';
import { foreseenRefusal } from '../step/foreseenRefusal.ts';
import { orderFields, withTrace } from '../step/trace.ts';
import { canSend, obtainPrepay, type Placing, unsent } from './prepay.ts';
import { visibleOrder } from './visibleOrder.ts';

type Deps = Omit<UseCaseDeps, 'verifyNotification'>;

/** How often a number is drawn when those before were taken. */
const DRAWS_MAX = 3;

/** A request to place an order, as far as its caller may decide it: payer, price, number. */
type PlacingRequest = Pick<UnifiedOrderInput, 'body' | 'totalFee' | 'attach' | 'timeExpire'> & {
  openid: string;
  outTradeNo: string | undefined;
  /** False: the caller may not name the price, but may pay an order that the server has written. */
  mayBegin: boolean;
};

/**
 * 统一下单: writes the order down, then asks WeChat for a prepay id. The same number gives the same
 * order, even if a function dies in between, and one prepay id when nothing fails.
 */
export async function placeOrder(
  input: UnifiedOrderInput,
  deps: Deps,
  invocation: Invocation,
): Promise<Result<UnifiedOrderAnswer>> {
  const request =
    refuseFixedField(input, deps.settings, invocation) ?? placingRequestOf(input, deps, invocation);
  if (isRefusal(request)) return request;
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

/** Reads who pays, and whether the caller may name price and number. */
function placingRequestOf(
  input: UnifiedOrderInput,
  { settings }: Deps,
  { caller }: Invocation,
): PlacingRequest | Refusal {
  const { body, totalFee, attach, timeExpire, outTradeNo } = input;
  const request = { body, totalFee, attach, timeExpire, outTradeNo, mayBegin: true };
  if (caller.kind === 'user' || caller.kind === 'admin') {
    const mayBegin = settings.priceSource === 'client';
    if (!mayBegin && outTradeNo === undefined) return refuse('PRICE_SOURCE_MISSING');
    return { ...request, openid: caller.openid, mayBegin };
  }
  const openid = input.openid ?? input.subOpenid;
  if (input.subOpenid !== undefined && input.subOpenid !== openid) {
    const differs = '与 openid 不同 (differs from openid)';
    return refuse('PARAM_ERROR', { field: 'subOpenid', why: differs });
  }
  const why = '服务端下单必填 (a service call must name it)';
  if (openid === undefined) return refuse('PARAM_ERROR', { field: 'openid', why });
  if (outTradeNo === undefined) return refuse('PARAM_ERROR', { field: 'outTradeNo', why });
  return { ...request, openid };
}

/** Writes the order before reading any: most numbers are new, and only a taken one needs to be read. */
async function beginOrMatch(
  request: PlacingRequest,
  deps: Deps,
  invocation: Invocation,
): Promise<Placing | Refusal> {
  const terms = request.mayBegin ? termsOf(request, deps) : refuse('PRICE_SOURCE_MISSING');
  if (!isRefusal(terms)) {
    const frozen = deps.gatewayOf(terms.link).freezeOrder(terms);
    const begun = withTrace(beginOrder(terms, frozen), invocation);
    invocation.log.add(orderFields(begun));
    const order = canSend(terms.link, deps) ? begun : unsent(begun, terms.createdAt);
    if ((await deps.store.insert(order)) === 'inserted') return { order, isOurs: true };
  }
  // A repeat whose expiry is too near by now is still compared with the order it repeats.
  const { outTradeNo } = request;
  const stored = outTradeNo && (await visibleOrder(outTradeNo, deps.store, invocation));
  if (stored) {
    return isSame(stored, request) ? { order: stored, isOurs: false } : refuse('OUT_TRADE_NO_USED');
  }
  // Another payer's order is answered as if there were none (decision 0018).
  return isRefusal(terms) ? terms : refuse('OUT_TRADE_NO_USED');
}

function termsOf(request: PlacingRequest, { settings, clock, randomBytes }: Deps): Terms | Refusal {
  const createdAt = clock.now();
  const { timeExpire, outTradeNo, attach, openid, body, totalFee } = request;
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

function isSame(order: Order, request: PlacingRequest): boolean {
  const { timeExpire } = request;
  return (
    order.openid === request.openid &&
    order.body === request.body &&
    order.totalFee === request.totalFee &&
    order.attach === request.attach &&
    (timeExpire === undefined || timeExpire.getTime() === order.expiresAt.getTime())
  );
}

/** Brings an order to its payment params: waits for another placer, takes over, or gets a fresh prepay id. */
async function completePlacing(
  begun: Placing,
  deps: Deps,
  invocation: Invocation,
): Promise<Result<UnifiedOrderAnswer>> {
  let { isOurs } = begun;
  let order: OrderDocument | undefined = begun.order;
  let isObtained = false;
  try {
    for (const waitMs of PLACING_WAITS_MS) {
      if (order?.kind !== 'order') break;
      const placement: Placement = isOurs
        ? { kind: 'prepay' }
        : placementOf(
            order,
            deps.clock.now(),
            isObtained ? PREPAY_FRESH_MS : freshMsOf(order, deps),
          );
      if (placement.kind === 'answer') return answer(order, placement.prepay, deps);
      if (placement.kind === 'refuse') return refuse(placement.code);
      if (placement.kind === 'wait') {
        await deps.clock.wait(waitMs);
        order = await deps.store.get(order.outTradeNo);
        continue;
      }
      const obtained = await obtainPrepay({ order, isOurs }, deps, invocation);
      if (isRefusal(obtained)) return obtained;
      order = obtained;
      isOurs = false;
      isObtained = true;
    }
  } catch (error) {
    const refusal = foreseenRefusal(error, 'same_request');
    if (refusal) return refusal;
    throw error;
  }
  return refuse('ORDER_PLACING');
}

/** Tells how long the order's link hands its prepay id out again; only one that has it needs the link. */
function freshMsOf({ status, link }: Order, { gatewayOf }: Deps): number {
  return status.state === 'paying' ? gatewayOf(link).prepayFreshMs() : PREPAY_FRESH_MS;
}

function answer(order: Order, prepay: Prepay, { gatewayOf }: Deps): UnifiedOrderAnswer {
  const { outTradeNo, totalFee, expiresAt } = order;
  const payment = gatewayOf(order.link).paymentOf(order, prepay);
  return { outTradeNo, payment, totalFee, timeExpire: beijingDigits(expiresAt) };
}
