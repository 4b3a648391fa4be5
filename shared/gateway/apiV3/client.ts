import type { Evidence } from '../../domain/order/evidence.ts';
import type { Order, PaymentParams } from '../../domain/order/order.ts';
import type { Gateway, OrderIds } from '../../ports/gateway.ts';
import { malformedAnswer } from '../failure.ts';
import { hasCode, understand } from '../understand.ts';
import { downloadBill } from './bill.ts';
import { type ApiV3Context, call, refuseOtherMerchant } from './call.ts';
import { signPaymentParams } from './crypto/paySign.ts';
import { createHosts } from './hosts.ts';
import { createPlatformKeys } from './platformKeys.ts';
import { applyAbnormalRefund, queryRefund, refund } from './refunds.ts';
import { nonceOf } from './send.ts';
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

/** What the direct link is made of. */
export interface ApiV3Options
  extends Omit<ApiV3Context, 'hosts' | 'platformKeys' | 'merchantIds' | 'mode'> {
  /** 特约商户: who is paid where `keys` are its provider's (服务商), whose own appid is `spAppid`. */
  subMerchant?: { mchid: string; spAppid: string };
  /** 通知地址: https, public, without a query. */
  notifyUrl: string;
  /** 退款通知地址, of the same kind. */
  refundNotifyUrl: string;
}

/** The direct link's test of itself. */
export interface Echo {
  /** 商户签名验签测试: WeChat verifies our signature and signs what we said; nothing else happens. */
  echo(timeoutMs: number): Promise<void>;
}

/**
 * Makes the direct link to WeChat Pay (APIv3, 直连商户 or 服务商): JSAPI and mini-program orders, queries, close,
 * refunds, bills. Each request is signed, each success verified; an order of another merchant number, or of
 * another provider, is refused as `MERCHANT_NOT_CONFIGURED` before anything is sent.
 */
export function createApiV3(given: ApiV3Options): Gateway & Echo {
  const link = linkOf(given);
  return {
    echo: (timeoutMs) => echo(link, timeoutMs),
    freezeOrder: (terms) => orderBody(terms, link.mode, given.notifyUrl),
    requestPrepay: (order, timeoutMs) => unifiedOrder(link, order, timeoutMs),
    queryOrder: (order, timeoutMs) => queryOrder(link, order, timeoutMs),
    queryByTransactionId: (id, timeoutMs) => queryByTransactionId(link, id, timeoutMs),
    closeOrder: (order, timeoutMs) => closeOrder(link, order, timeoutMs),
    freezeRefund: (order, wish) => refundBody(order, wish, given.refundNotifyUrl),
    refund: (order, wish, timeoutMs) => refund(link, order, wish, timeoutMs),
    queryRefund: (order, no, timeoutMs) => queryRefund(link, order, no, timeoutMs),
    applyAbnormalRefund: (order, numbers, remedy, timeoutMs) =>
      applyAbnormalRefund(link, order, numbers, remedy, timeoutMs),
    downloadBill: (query, bytesMax, timeoutMs) => downloadBill(link, query, bytesMax, timeoutMs),
  };
}

function linkOf(given: ApiV3Options): ApiV3Context {
  const { keys, subMerchant: sub } = given;
  const line = { ...given, hosts: createHosts(given.apiUrl) };
  return {
    ...line,
    platformKeys: createPlatformKeys(line),
    merchantIds: sub ? { mchid: sub.mchid, spMchid: keys.mchid } : { mchid: keys.mchid },
    mode: merchantModeOf(sub && { mchid: keys.mchid, appid: sub.spAppid }),
  };
}

async function echo(link: ApiV3Context, timeoutMs: number): Promise<void> {
  const message = nonceOf(link.randomBytes);
  const body = echoBody(message);
  const answer = await call(link, { operation: 'keys', path: paths.echo(), body, timeoutMs }, 200);
  if (understand(() => readEcho(answer)) !== message) throw malformedAnswer('echo_message');
}

async function unifiedOrder(
  link: ApiV3Context,
  order: Order,
  timeoutMs: number,
): Promise<PaymentParams> {
  refuseOtherMerchant(link, order);
  const path = paths.order(link.mode);
  const asked = { operation: 'order', path, body: order.request, timeoutMs } as const;
  const answer = await call(link, asked, 200);
  const prepayId = understand(() => readPrepayId(answer));
  const nonce = nonceOf(link.randomBytes);
  return signPaymentParams(
    { appid: order.appid, prepayId, at: link.now(), nonce },
    link.keys.privateKey,
  );
}

async function queryOrder(
  link: ApiV3Context,
  order: OrderIds,
  timeoutMs: number,
): Promise<Evidence> {
  refuseOtherMerchant(link, order);
  const { outTradeNo } = order;
  const path = paths.query(link.mode, outTradeNo, order.mchid);
  try {
    const read = await query(link, path, timeoutMs);
    if (read.evidence.outTradeNo !== outTradeNo) throw malformedAnswer('out_trade_no');
    return read.evidence;
  } catch (error) {
    if (!hasCode(error, 'ORDER_NOT_EXIST')) throw error;
    return { kind: 'not_found', via: 'query', outTradeNo, code: 'ORDER_NOT_EXIST' };
  }
}

async function queryByTransactionId(
  link: ApiV3Context,
  id: string,
  timeoutMs: number,
): Promise<Evidence> {
  const path = paths.queryById(link.mode, id, link.merchantIds.mchid);
  const read = await query(link, path, timeoutMs);
  if (read.transactionId !== id) throw malformedAnswer('transaction_id');
  return read.evidence;
}

async function query(link: ApiV3Context, path: string, timeoutMs: number): Promise<OrderRead> {
  const answer = await call(link, { operation: 'query', path, timeoutMs }, 200);
  const read = understand(() => readOrder(answer, link.mode, 'query'));
  // Money for another merchant is a matter for `conclude`; but no word of another's order may close ours.
  const { mchid, spMchid } = read.merchantIds;
  const isOurs = mchid === link.merchantIds.mchid && spMchid === link.merchantIds.spMchid;
  if (read.evidence.kind !== 'paid' && !isOurs) throw malformedAnswer('mchid');
  return read;
}

async function closeOrder(link: ApiV3Context, order: Order, timeoutMs: number): Promise<void> {
  refuseOtherMerchant(link, order);
  const path = paths.close(link.mode, order.outTradeNo);
  const body = closeBody(link.mode, order.mchid);
  const asked = { operation: 'close', path, body, timeoutMs } as const;
  try {
    await call(link, asked, 204);
  } catch (error) {
    // Closed before: by us in a call whose answer was lost, or by WeChat.
    if (!hasCode(error, 'ORDER_CLOSED')) throw error;
  }
}
