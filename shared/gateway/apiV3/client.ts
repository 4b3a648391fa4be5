import { PREPAY_FRESH_MS } from '../../domain/limits.ts';
import type { Evidence } from '../../domain/order/evidence.ts';
import {
  type Order,
  type PaymentParams,
  type Prepay,
  prepayIdIn,
} from '../../domain/order/order.ts';
import type { CallWatch, Gateway, OrderIds } from '../../ports/gateway.ts';
import { malformedAnswer } from '../failure.ts';
import { hasCode, readOrMalformed } from '../understand.ts';
import { about } from '../watch.ts';
import { downloadBill } from './bill.ts';
import { type ApiV3Context, callApi, refuseOtherMerchant } from './call.ts';
import { signPaymentParams } from './crypto/paySign.ts';
import { createHosts } from './hosts.ts';
import { createPlatformKeys } from './platformKeys.ts';
import { applyAbnormalRefund, queryRefund, refund } from './refunds.ts';
import { nonceOf } from './request.ts';
import { merchantModeOf } from './wire/merchantMode.ts';
import {
  closeBody,
  echoBody,
  type OrderRead,
  orderBody,
  paths,
  readEcho,
  readOrder,
  readPrepayId,
} from './wire/order.ts';
import { refundBody } from './wire/refund.ts';

/** Options of the direct link. */
export interface ApiV3Options
  extends Omit<ApiV3Context, 'hosts' | 'platformKeys' | 'merchantIds' | 'mode'> {
  /** 特约商户: the merchant that is paid where `keys` are its provider's (服务商), whose appid is `spAppid`. */
  subMerchant?: { mchid: string; spAppid: string };
  /** 通知地址: https, public, without a query. */
  notifyUrl: string;
  /** 退款通知地址, of the same kind. */
  refundNotifyUrl: string;
}

/** The direct link's test of itself. */
export interface Echo {
  /** 商户签名验签测试: WeChat verifies our signature and signs our message; nothing else happens. */
  echo(timeoutMs: number): Promise<void>;
}

/**
 * Makes the direct link to WeChat Pay (APIv3, 直连商户 or 服务商): JSAPI and mini-program orders, queries, close,
 * refunds, bills. Each request is signed, each success verified; an order of another merchant number, or of
 * another provider, is refused as `MERCHANT_NOT_CONFIGURED` before anything is sent.
 */
export function createApiV3(options: ApiV3Options): Gateway & Echo {
  return createApiV3For(options)();
}

/** Makes the same for one invocation after another: they share what an instance keeps, and each has a watch of its own. */
export function createApiV3For(options: ApiV3Options): (watch?: CallWatch) => Gateway & Echo {
  const shared = contextOf(options);
  return (watch) => gatewayOver(watch === undefined ? shared : { ...shared, watch }, options);
}

function gatewayOver(context: ApiV3Context, options: ApiV3Options): Gateway & Echo {
  return {
    echo: echo.bind(undefined, context),
    freezeOrder: (terms) => orderBody(terms, context.mode, options.notifyUrl),
    requestPrepay: requestPrepay.bind(undefined, context),
    paymentOf: paymentOf.bind(undefined, context),
    prepayFreshMs: () => (context.keys.alternativeTo(context.keys.serialNo) ? 0 : PREPAY_FRESH_MS),
    queryOrder: queryOrder.bind(undefined, context),
    queryByTransactionId: queryByTransactionId.bind(undefined, context),
    closeOrder: closeOrder.bind(undefined, context),
    freezeRefund: (order, request) => refundBody(order, request, options.refundNotifyUrl),
    // Not bound: whoever has no refunds has no such functions, and finds that out when it calls one.
    refund: (...given) => refund(context, ...given),
    queryRefund: (...given) => queryRefund(context, ...given),
    applyAbnormalRefund: (order, numbers, target, timeoutMs) =>
      applyAbnormalRefund(context, { order, numbers, target }, timeoutMs),
    downloadBill: (...given) => downloadBill(context, ...given),
  };
}

function contextOf(options: ApiV3Options): ApiV3Context {
  const { keys, subMerchant } = options;
  const signing = { ...options, hosts: createHosts(options.apiUrl) };
  return {
    ...signing,
    platformKeys: createPlatformKeys(signing),
    merchantIds: subMerchant
      ? { mchid: subMerchant.mchid, spMchid: keys.mchid }
      : { mchid: keys.mchid },
    mode: merchantModeOf(subMerchant && { mchid: keys.mchid, appid: subMerchant.spAppid }),
  };
}

async function echo(context: ApiV3Context, timeoutMs: number): Promise<void> {
  const message = nonceOf(context.randomBytes);
  const body = echoBody(message);
  const answer = await callApi(
    context,
    { operation: 'keys', path: paths.echo(), body, timeoutMs },
    200,
  );
  if (readOrMalformed(() => readEcho(answer)) !== message) throw malformedAnswer('echo_message');
}

async function requestPrepay(
  context: ApiV3Context,
  order: Order,
  timeoutMs: number,
): Promise<Prepay> {
  refuseOtherMerchant(context, order);
  const path = paths.order(context.mode);
  const { request: body } = order;
  const call = { operation: 'order', path, body, timeoutMs } as const;
  const answer = await callApi(about(context, order), call, 200);
  return { prepayId: readOrMalformed(() => readPrepayId(answer)) };
}

/** Signs with the key of this moment: what an earlier one signed may be refused by now. */
function paymentOf(context: ApiV3Context, order: Order, prepay: Prepay): PaymentParams {
  refuseOtherMerchant(context, order);
  const { keys, now, randomBytes } = context;
  // Documents of before keep the signed params, whose package holds the prepay id.
  const prepayId = 'prepayId' in prepay ? prepay.prepayId : prepayIdIn(prepay.payment);
  const toSign = { appid: order.appid, prepayId, at: now(), nonce: nonceOf(randomBytes) };
  return signPaymentParams(toSign, keys.privateKey);
}

async function queryOrder(
  context: ApiV3Context,
  order: OrderIds,
  timeoutMs: number,
): Promise<Evidence> {
  refuseOtherMerchant(context, order);
  const { outTradeNo } = order;
  const path = paths.query(context.mode, outTradeNo, order.mchid);
  try {
    const read = await query(about(context, order), path, timeoutMs);
    if (read.evidence.outTradeNo !== outTradeNo) throw malformedAnswer('out_trade_no');
    return read.evidence;
  } catch (error) {
    if (!hasCode(error, 'ORDER_NOT_EXIST')) throw error;
    return { kind: 'not_found', via: 'query', outTradeNo, code: 'ORDER_NOT_EXIST' };
  }
}

async function queryByTransactionId(
  context: ApiV3Context,
  id: string,
  timeoutMs: number,
): Promise<Evidence> {
  const path = paths.queryById(context.mode, id, context.merchantIds.mchid);
  const read = await query(context, path, timeoutMs);
  if (read.transactionId !== id) throw malformedAnswer('transaction_id');
  return read.evidence;
}

async function query(context: ApiV3Context, path: string, timeoutMs: number): Promise<OrderRead> {
  const answer = await callApi(context, { operation: 'query', path, timeoutMs }, 200);
  const read = readOrMalformed(() => readOrder(answer, context.mode, 'query'));
  // Money for another merchant is a matter for `conclude`; but no state of another's order may close ours.
  const { mchid, spMchid } = read.merchantIds;
  const isOurs = mchid === context.merchantIds.mchid && spMchid === context.merchantIds.spMchid;
  if (read.evidence.kind !== 'paid' && !isOurs) throw malformedAnswer('mchid');
  return read;
}

async function closeOrder(context: ApiV3Context, order: Order, timeoutMs: number): Promise<void> {
  refuseOtherMerchant(context, order);
  const path = paths.close(context.mode, order.outTradeNo);
  const body = closeBody(context.mode, order.mchid);
  const call = { operation: 'close', path, body, timeoutMs } as const;
  try {
    await callApi(about(context, order), call, 204);
  } catch (error) {
    // Closed before: by us in a call whose answer was lost, or by WeChat.
    if (!hasCode(error, 'ORDER_CLOSED')) throw error;
  }
}
