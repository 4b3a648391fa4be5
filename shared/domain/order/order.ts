/**
 * Defines an order, from the moment we write it down until its money is certain.
 *
 * `state` is our conclusion; WeChat's `trade_state` is only evidence for it (see conclude.ts). This
 * file has its fields and how one begins.
 */

import type { DecisionRecord } from '../decision.ts';
import type { Link } from '../limits.ts';
import { PLACING_LEASE_MS } from '../limits.ts';
import type { Fen } from '../money.ts';
import { nextCheckAt } from '../schedules.ts';
import type { EventJournal } from './event.ts';
import type { Via } from './evidence.ts';
import type { OutTradeNo } from './outTradeNo.ts';
import type { ReceivedPayment } from './receivedPayment.ts';
import type { Refund } from './refund.ts';

/** The merchant that is paid, and through which link: fixed when the order is placed. */
export interface Merchant {
  link: Link;
  mchid: string;
  appid: string;
  /** 服务商商户号: the provider whose keys sign for the merchant; absent where its own do. */
  spMchid?: string;
}

/** The terms of an order, fixed for ever; today's configuration never changes it. */
export interface Terms extends Merchant {
  outTradeNo: OutTradeNo;
  /** The payer. */
  openid: string;
  body: string;
  totalFee: Fen;
  /** 商户数据包: the merchant's own text, given back with the order. */
  attach?: string;
  /** 采购标识: the merchant's own number of what is bought; the order's number follows from it. */
  purchaseId?: string;
  createdAt: Date;
  /** 交易结束时间: when WeChat stops taking the money. */
  expiresAt: Date;
}

/**
 * The answer to a placed order, as it is kept: the prepay id, signed anew whenever it is handed out, or the
 * payment params that cloud pay signed for us.
 */
export type Prepay = { prepayId: string } | { payment: PaymentParams };

/** The arguments of `wx.requestPayment`. */
export interface PaymentParams {
  appId: string;
  timeStamp: string;
  nonceStr: string;
  package: string;
  signType: 'RSA' | 'MD5';
  paySign: string;
}

/** How the `package` of payment params begins. */
export const PREPAY_PACKAGE = 'prepay_id=';

/** Reads the prepay id (预支付交易会话标识) from payment params. */
export function prepayIdIn(payment: PaymentParams): string {
  return payment.package.slice(PREPAY_PACKAGE.length);
}

/** How an order was paid, and how and when that was confirmed. */
export interface Receipt {
  transactionId: string;
  paidAt: Date;
  confirmedBy: Via;
  confirmedAt: Date;
}

/** Our conclusion, each state with what belongs to it. */
export type Status =
  /**
   * Written here; WeChat has not answered. `attempts` counts placers, so that none closes another's order;
   * `unsentAttempts` those among them of which WeChat has nothing.
   */
  | { state: 'created'; placingUntil: Date; attempts: number; unsentAttempts?: number }
  | ({ state: 'paying'; prepayIssuedAt: Date } & Prepay)
  | { state: 'paid'; receipt: Receipt }
  /** Closed at WeChat, or refused by it for good; `reason` is `expired`, `asked` (on request) or WeChat's code. */
  | { state: 'closed'; closedAt: Date; reason: string };

export type State = Status['state'];

/** Names what an order's evidence differed in; see conclude.ts. */
export type Difference = 'amount' | 'currency' | 'mchid' | 'spMchid' | 'appid' | 'openid';

/** Evidence that differs from the order: no fulfilment until an admin decides. */
export interface Quarantine {
  differs: Difference;
  transactionId: string;
  /** Absent where WeChat did not say. */
  totalFee?: Fen;
  at: Date;
  /** The payment whole; absent in documents of before it was kept. */
  payment?: ReceivedPayment;
}

/** The fields of every stored document. */
export interface StoredFields extends EventJournal, DecisionRecord {
  /** The version as read; each write makes the next. */
  version: number;
  /** 链路号: the request id of the call that wrote it first; absent where code of before did. */
  traceId?: string;
  /** When WeChat is queried again; null when nothing is due. */
  checkAt: Date | null;
  /** When WeChat was last queried for a waiting caller. */
  queriedAt?: Date;
  /** Payments beside the first one, for the same number. */
  secondPayments?: readonly ReceivedPayment[];
  /** In the order of their beginning; absent while there are none. */
  refunds?: readonly Refund[];
  /** When WeChat first answered that money went back and no refund that we know explained it. */
  refundedExternallyAt?: Date;
  /** Fields of a later version of this code, carried along. */
  extras?: Readonly<Record<string, unknown>>;
}

/** An order that we placed. */
export interface Order extends Terms, StoredFields {
  kind: 'order';
  /** The exact request, frozen at placing; repeating the order sends the same bytes. */
  request: string;
  status: Status;
  /** When the requested close may be done; absent while none is requested. */
  closeDueAt?: Date;
  /** WeChat's word for which it is to be closed; absent where a caller requested it. */
  closeReason?: string;
  /** Since when no check could be answered, the code, and when no more were made. */
  unanswered?: { since: Date; code: string; endedAt?: Date };
  quarantine?: Quarantine;
  /** Since when it is paid and the other orders of its purchase have not been looked at; absent once they were. */
  siblingsDueAt?: Date;
  /** The payment whole, where a person accepted one that differs from the order: refunds go by its sum. */
  acceptedPayment?: ReceivedPayment;
}

/** A verified payment for a number that we do not know. */
export interface Orphan extends StoredFields {
  kind: 'orphan';
  mchid: string;
  spMchid?: string;
  appid?: string;
  openid?: string;
  /** Absent where WeChat did not say. */
  totalFee?: Fen;
  receipt: Receipt;
}

/** A document of the collection `orders`. */
export type OrderDocument = Order | Orphan;

/** Finds the link of a document; an orphan is a payment that APIv3 notified. */
export function linkOf(document: OrderDocument): Link {
  return document.kind === 'order' ? document.link : 'apiV3';
}

/** Begins an order, which is to be written before it is sent to WeChat. */
export function beginOrder(terms: Terms, request: string): Order {
  const placingUntil = new Date(terms.createdAt.getTime() + PLACING_LEASE_MS);
  return {
    kind: 'order',
    ...terms,
    request,
    status: { state: 'created', placingUntil, attempts: 1 },
    version: 1,
    checkAt: nextCheckAt(terms, terms.createdAt),
    deliveryAt: null,
    events: [],
  };
}

/** Takes over the placing of an order whose placer is late. */
export function takeOverPlacing(order: Order, now: Date): Order {
  if (order.status.state !== 'created') return order;
  const placingUntil = new Date(now.getTime() + PLACING_LEASE_MS);
  return {
    ...order,
    status: { ...order.status, placingUntil, attempts: order.status.attempts + 1 },
  };
}

/** Notes that WeChat has nothing of this placer: its call has no token, or was refused for a fault of ours. */
export function withoutSending(order: Order): Order {
  if (order.status.state !== 'created') return order;
  const unsentAttempts = (order.status.unsentAttempts ?? 0) + 1;
  return { ...order, status: { ...order.status, unsentAttempts } };
}

/** Counts the attempts of a created order that WeChat may have seen. */
export function sentAttempts({ status }: Order): number {
  return status.state === 'created' ? status.attempts - (status.unsentAttempts ?? 0) : 1;
}

/** Tells an order that no attempt has sent: WeChat cannot know it. */
export function isNeverSent(order: Order): boolean {
  return sentAttempts(order) === 0;
}

/** Lets the next caller place at once, after an attempt that ended without an answer. */
export function releasePlacing(order: Order, now: Date): Order {
  if (order.status.state !== 'created') return order;
  return { ...order, status: { ...order.status, placingUntil: now } };
}

/** Adds what WeChat answered just now. */
export function withPrepay(order: Order, prepay: Prepay, now: Date): Order {
  return { ...order, status: { state: 'paying', ...prepay, prepayIssuedAt: now } };
}
