import type { Refusal } from '../../contract/answer.ts';
import type { Quote } from '../../contract/event/quote.ts';
import type { UnifiedOrderInput } from '../../contract/order/unifiedOrder.ts';
import { refuse } from '../../contract/refusals.ts';
import { EXPIRY_LIMITS } from '../../domain/limits.ts';
import type { Order, Terms } from '../../domain/order/order.ts';
import { drawOutTradeNo } from '../../domain/order/outTradeNo.ts';
import { attemptOf } from '../../domain/order/purchase.ts';
import type { Invocation, UseCaseDeps } from '../step/deps.ts';

/** A request to place an order, as far as its caller may decide it: payer, price, number, purchase. */
export interface PlacingRequest extends Quote {
  kind: 'new';
  openid: string;
  /** Absent: it is drawn, or follows from the purchase. */
  outTradeNo?: string | undefined;
  /** False: the caller may not name the price, but may pay an order that the server has written. */
  mayBegin: boolean;
  /** When its price was asked for: an order that was begun later has a newer one. */
  pricedAt: Date;
  /** The merchant's function named the price. */
  isQuoted: boolean;
}

type Deps = Pick<UseCaseDeps, 'settings' | 'clock' | 'randomBytes'>;

/** Reads who pays, and what the caller may name: price and number, or a purchase. */
export function placingRequestOf(
  input: UnifiedOrderInput,
  { settings, clock }: Deps,
  { caller }: Invocation,
): PlacingRequest | Refusal {
  const { body, totalFee, attach, timeExpire, outTradeNo, purchaseId } = input;
  if (input.request !== undefined) return refuseParameter('request', 'quoteOnly');
  if (body === undefined) return refuseParameter('body', 'missing');
  if (totalFee === undefined) return refuseParameter('totalFee', 'missing');
  const price = {
    kind: 'new' as const,
    body,
    totalFee,
    attach,
    timeExpire,
    pricedAt: clock.now(),
    isQuoted: false,
  };
  if (caller.kind === 'user' || caller.kind === 'admin') {
    if (purchaseId !== undefined) return refuseParameter('purchaseId', 'serviceOnly');
    const mayBegin = settings.priceSource === 'client';
    if (!mayBegin && outTradeNo === undefined) return refuse('PRICE_SOURCE_MISSING');
    // Numbers of purchases are the server's: whoever took one would keep the purchase from being paid.
    const isOfPurchase = outTradeNo !== undefined && attemptOf(outTradeNo) !== undefined;
    return { ...price, outTradeNo, openid: caller.openid, mayBegin: mayBegin && !isOfPurchase };
  }
  const openid = input.openid ?? input.subOpenid;
  if (input.subOpenid !== undefined && input.subOpenid !== openid) {
    return refuseParameter('subOpenid', 'differs');
  }
  if (openid === undefined) return refuseParameter('openid', 'service');
  if (purchaseId !== undefined && outTradeNo !== undefined) {
    return refuseParameter('outTradeNo', 'derived');
  }
  if (purchaseId === undefined && outTradeNo === undefined) {
    return refuseParameter('outTradeNo', 'service');
  }
  return { ...price, outTradeNo, purchaseId, openid, mayBegin: true };
}

const WHY = {
  missing: '必填 (it is needed)',
  service: '服务端下单必填 (a service call must name it)',
  serviceOnly: '只有服务端签名调用可以指定 (only a signed service call may name it)',
  quoteOnly:
    '仅用于 WXPAY_PRICE_SOURCE=quote 时的小程序端调用 (for calls of a phone under WXPAY_PRICE_SOURCE=quote)',
  derived:
    '与 purchaseId 二选一，单号由其得出 (the number follows from purchaseId: name one of both)',
  differs: '与 openid 不同 (differs from openid)',
} as const;

/** Refuses a field that is missing, or not this caller's to name. */
export function refuseParameter(field: string, reason: keyof typeof WHY): Refusal {
  return refuse('PARAM_ERROR', { field, why: WHY[reason] });
}

/** Makes the terms of a new order; `outTradeNo` where the number is not the caller's. */
export function termsOf(
  request: PlacingRequest,
  { settings, clock, randomBytes }: Deps,
  outTradeNo = request.outTradeNo,
): Terms | Refusal {
  const createdAt = clock.now();
  const { timeExpire, attach, openid, body, totalFee, purchaseId } = request;
  const expiresMs = timeExpire?.getTime() ?? createdAt.getTime() + settings.orderTtlMs;
  const aheadMs = expiresMs - createdAt.getTime();
  if (aheadMs < EXPIRY_LIMITS.minMs || aheadMs > EXPIRY_LIMITS.maxMs) {
    const why = '须在 1 分钟之后、15 天之内 (1 minute to 15 days ahead)';
    return refuse(request.isQuoted ? 'QUOTE_MALFORMED' : 'PARAM_ERROR', {
      field: 'timeExpire',
      why,
    });
  }
  return {
    ...settings.merchant,
    outTradeNo: outTradeNo ?? drawOutTradeNo(createdAt, randomBytes(15)),
    openid,
    body,
    totalFee,
    ...(attach === undefined ? {} : { attach }),
    ...(purchaseId === undefined ? {} : { purchaseId }),
    createdAt,
    // WeChat's time_expire has whole seconds.
    expiresAt: new Date(Math.floor(expiresMs / 1000) * 1000),
  };
}

/** Tells whether an order is the one that is requested by its number. */
export function isSame(order: Order, request: PlacingRequest): boolean {
  const { timeExpire } = request;
  return (
    order.openid === request.openid &&
    order.body === request.body &&
    order.totalFee === request.totalFee &&
    order.attach === request.attach &&
    (timeExpire === undefined || timeExpire.getTime() === order.expiresAt.getTime())
  );
}
