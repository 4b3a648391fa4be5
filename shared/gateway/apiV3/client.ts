import type { Evidence } from '../../domain/order/evidence.ts';
import type { Order, Payment } from '../../domain/order/order.ts';
import type { Gateway, Numbered } from '../../ports/gateway.ts';
import { malformedAnswer } from '../failure.ts';
import { downloadBill } from './bill.ts';
import { call, hasCode, type Link, nonceOf, refuseOtherMerchant, understand } from './call.ts';
import { paymentOf } from './crypto/paySign.ts';
import { createHosts } from './hosts.ts';
import { createPlatformKeys } from './platformKeys.ts';
import { mendRefund, queryRefund, refund } from './refunds.ts';
import { formOf } from './wire/merchantMode.ts';
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
export interface ApiV3 extends Omit<Link, 'hosts' | 'platformKeys' | 'whose' | 'form'> {
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
export function createApiV3(given: ApiV3): Gateway & Echo {
  const link = linkOf(given);
  return {
    echo: (timeoutMs) => echo(link, timeoutMs),
    freeze: (terms) => orderBody(terms, link.form, given.notifyUrl),
    unifiedOrder: (order, timeoutMs) => unifiedOrder(link, order, timeoutMs),
    queryOrder: (order, timeoutMs) => queryOrder(link, order, timeoutMs),
    queryByTransactionId: (id, timeoutMs) => queryByTransactionId(link, id, timeoutMs),
    closeOrder: (order, timeoutMs) => closeOrder(link, order, timeoutMs),
    freezeRefund: (order, wish) => refundBody(order, wish, given.refundNotifyUrl),
    refund: (order, wish, timeoutMs) => refund(link, order, wish, timeoutMs),
    queryRefund: (order, no, timeoutMs) => queryRefund(link, order, no, timeoutMs),
    mendRefund: (order, numbers, remedy, timeoutMs) =>
      mendRefund(link, order, numbers, remedy, timeoutMs),
    downloadBill: (query, bytesMax, timeoutMs) => downloadBill(link, query, bytesMax, timeoutMs),
  };
}

function linkOf(given: ApiV3): Link {
  const { keys, subMerchant: sub } = given;
  const line = { ...given, hosts: createHosts(given.apiUrl) };
  return {
    ...line,
    platformKeys: createPlatformKeys(line),
    whose: sub ? { mchid: sub.mchid, spMchid: keys.mchid } : { mchid: keys.mchid },
    form: formOf(sub && { mchid: keys.mchid, appid: sub.spAppid }),
  };
}

async function echo(link: Link, timeoutMs: number): Promise<void> {
  const message = nonceOf(link.randomBytes);
  const body = echoBody(message);
  const answer = await call(link, { operation: 'keys', path: paths.echo(), body, timeoutMs }, 200);
  if (understand(() => readEcho(answer)) !== message) throw malformedAnswer('echo_message');
}

async function unifiedOrder(link: Link, order: Order, timeoutMs: number): Promise<Payment> {
  refuseOtherMerchant(link, order);
  const path = paths.order(link.form);
  const asked = { operation: 'order', path, body: order.request, timeoutMs } as const;
  const answer = await call(link, asked, 200);
  const prepayId = understand(() => readPrepayId(answer));
  const nonce = nonceOf(link.randomBytes);
  return paymentOf({ appid: order.appid, prepayId, at: link.now(), nonce }, link.keys.privateKey);
}

async function queryOrder(link: Link, order: Numbered, timeoutMs: number): Promise<Evidence> {
  refuseOtherMerchant(link, order);
  const { outTradeNo } = order;
  const path = paths.query(link.form, outTradeNo, order.mchid);
  try {
    const read = await query(link, path, timeoutMs);
    if (read.evidence.outTradeNo !== outTradeNo) throw malformedAnswer('out_trade_no');
    return read.evidence;
  } catch (error) {
    if (!hasCode(error, 'ORDER_NOT_EXIST')) throw error;
    return { is: 'missing', via: 'query', outTradeNo, word: 'ORDER_NOT_EXIST' };
  }
}

async function queryByTransactionId(link: Link, id: string, timeoutMs: number): Promise<Evidence> {
  const path = paths.queryById(link.form, id, link.whose.mchid);
  const read = await query(link, path, timeoutMs);
  if (read.transactionId !== id) throw malformedAnswer('transaction_id');
  return read.evidence;
}

async function query(link: Link, path: string, timeoutMs: number): Promise<OrderRead> {
  const answer = await call(link, { operation: 'query', path, timeoutMs }, 200);
  const read = understand(() => readOrder(answer, link.form, 'query'));
  // Money for another merchant is a matter for `conclude`; but no word of another's order may close ours.
  const { mchid, spMchid } = read.whose;
  const isOurs = mchid === link.whose.mchid && spMchid === link.whose.spMchid;
  if (read.evidence.is !== 'paid' && !isOurs) throw malformedAnswer('mchid');
  return read;
}

async function closeOrder(link: Link, order: Order, timeoutMs: number): Promise<void> {
  refuseOtherMerchant(link, order);
  const path = paths.close(link.form, order.outTradeNo);
  const body = closeBody(link.form, order.mchid);
  const asked = { operation: 'close', path, body, timeoutMs } as const;
  try {
    await call(link, asked, 204);
  } catch (error) {
    // Closed before: by us in a call whose answer was lost, or by WeChat.
    if (!hasCode(error, 'ORDER_CLOSED')) throw error;
  }
}
