import { createHash } from 'node:crypto';
import { type Calling, paidCalling, refundedCalling } from '../cloudPay/callback.ts';
import { type Callee, isPaid, type Ledger, type LedgerOrder, type Try } from '../orders/ledger.ts';
import { orderJson, refundNoticeJson } from '../orders/wire.ts';
import {
  type LedgerRefund,
  momentOf,
  type RefundLedger,
  type RefundStatus,
} from '../refunds/ledger.ts';
import type { Told } from './signed.ts';
import { refundXmlTold, type XmlTold } from './unsignedXml.ts';

/** The books that news are read from. */
export interface Books {
  ledger: Ledger;
  refunds: RefundLedger;
  /** The address in the merchant console (商户平台), for refunds without one of their own. */
  refundNotifyUrl?: string | undefined;
}

/** Something to be told to a merchant until it is acknowledged. */
export interface News {
  /** The number it is about. */
  subject: string;
  /** What its plan keeps, so that it is found again after a restart. */
  about: Record<string, string>;
  /** Posted to an address, signed or in APIv2's XML; of an order of CloudPay, said to a function. */
  told: Told | XmlTold | Calling;
  record(tries: readonly Try[]): void;
}

/** A kind of news: `at` names its plans, its faults and its lines in the timeline. */
export interface Channel {
  at: 'wechatpay.notify' | 'wechatpay.refundNotify';
  /** The agenda's word for its probes; it sorts before `at`, so that the probe comes first. */
  probe: string;
  /** Finds the news that a plan is about, in the books as they are now. */
  find(books: Books, about: Record<string, string>): News | undefined;
}

/** News of payments. */
export const payments: Channel = {
  at: 'wechatpay.notify',
  probe: 'wechatpay.a-probe',
  find: ({ ledger }, { mchid = '', outTradeNo = '' }) => {
    const order = ledger.find(mchid, outTradeNo);
    return order && isPaid(order) ? paymentNews(ledger, order) : undefined;
  },
};

/** News of refunds, one for each state that is told. */
export const refundings: Channel = {
  at: 'wechatpay.refundNotify',
  probe: 'wechatpay.a-refundProbe',
  find: (books, { mchid = '', outRefundNo = '', status }) => {
    const refund = books.refunds.find(mchid, outRefundNo);
    return refund && refundNews(books, refund, status as RefundStatus);
  },
};

/** That an order was paid (支付成功通知). */
export function paymentNews(ledger: Ledger, order: LedgerOrder): News {
  const { mchid, outTradeNo, cloudPay } = order;
  return {
    subject: outTradeNo,
    about: { mchid, outTradeNo },
    told: cloudPay ? paidCalling(order, cloudPay) : paidTold(order),
    record: (tries) => {
      // Read again: the world went on while the merchant thought about it.
      const now = ledger.find(mchid, outTradeNo);
      if (now) ledger.save({ ...now, tries: [...now.tries, ...tries] });
    },
  };
}

function paidTold(order: LedgerOrder): Told {
  const { mchid, spMchid, outTradeNo, total, notifyUrl, signer } = order;
  // What happened is told as it happened, also when a refund came in between.
  const paid: LedgerOrder = { ...order, state: 'SUCCESS' };
  const lie = (change: Partial<LedgerOrder>) => orderJson({ ...paid, ...change });
  return {
    ...{ mchid: spMchid ?? mchid, notifyUrl, signer, originalType: 'transaction' },
    notificationId: order.notificationId ?? '',
    atMs: order.paidAtMs ?? 0,
    eventType: 'TRANSACTION.SUCCESS',
    summary: '支付成功',
    resource: orderJson(paid),
    lies: {
      AMOUNT: lie({ total: total + 1 }),
      APPID: lie({ appid: 'wxffffffffffffffff' }),
      MCHID: lie({ mchid: '1999999999' }),
      OPENID: lie({ openid: 'oSomebodyElse' }),
      UNKNOWN_ORDER: lie({ outTradeNo: nobody(outTradeNo, 32) }),
    },
  };
}

const summaries: Record<RefundStatus, string> = {
  PROCESSING: '退款处理中',
  SUCCESS: '退款成功',
  CLOSED: '退款关闭',
  ABNORMAL: '退款异常',
};

/**
 * That a refund reached a state (退款结果通知); nothing where no address was given for it, and for one of
 * CloudPay that named no function.
 */
export function refundNews(
  books: Books,
  refund: LedgerRefund,
  status: RefundStatus,
): News | undefined {
  const { refunds } = books;
  const { mchid, outRefundNo } = refund;
  const tell = refund.cloudPay ? refundCalling : refund.notifyUrl ? refundTold : refundInXml;
  const told = tell(books, refund, status);
  if (!told) return undefined;
  return {
    subject: outRefundNo,
    about: { mchid, outRefundNo, status },
    told,
    record: (tries) => {
      const now = refunds.find(mchid, outRefundNo);
      const told = tries.map((one) => ({ ...one, told: status }));
      if (now) refunds.save({ ...now, tries: [...now.tries, ...told] });
    },
  };
}

function refundCalling(
  { ledger }: Books,
  refund: LedgerRefund,
  status: RefundStatus,
): Calling | undefined {
  const order = ledger.find(refund.mchid, refund.outTradeNo);
  const { functionName, envId } = refund.cloudPay ?? {};
  if (!order || functionName === undefined || envId === undefined) return undefined;
  const callee: Callee = { functionName, envId };
  return refundedCalling(order, refund, status, callee);
}

/** What WeChat sends where neither the request nor, as in the console, anybody named an address. */
function refundInXml(
  { ledger, refundNotifyUrl }: Books,
  refund: LedgerRefund,
  status: RefundStatus,
): XmlTold | undefined {
  const order = ledger.find(refund.mchid, refund.outTradeNo);
  // How a console refund of an order of CloudPay is told is documented nowhere.
  if (!order || order.cloudPay || refundNotifyUrl === undefined) return undefined;
  return refundXmlTold(order, refund, status, refundNotifyUrl);
}

function refundTold(_books: Books, refund: LedgerRefund, status: RefundStatus): Told {
  const { mchid, spMchid, outRefundNo, outTradeNo, refundId, notifyUrl = '', signer } = refund;
  const lie = (change: Partial<LedgerRefund>) => refundNoticeJson({ ...refund, ...change }, status);
  return {
    ...{ mchid: spMchid ?? mchid, notifyUrl, signer, originalType: 'refund' },
    // One id for each thing told, the same at every try.
    notificationId: createHash('sha256').update(`${refundId} ${status}`).digest('hex').slice(0, 32),
    atMs: momentOf(refund, status) ?? refund.createdAtMs,
    eventType: `REFUND.${status}`,
    summary: summaries[status],
    resource: refundNoticeJson(refund, status),
    lies: {
      AMOUNT: lie({ refund: refund.refund + 1 }),
      TOTAL: lie({ total: refund.total + 1 }),
      MCHID: lie({ mchid: '1999999999' }),
      TRANSACTION: lie({ transactionId: '4200009999999999999999999999' }),
      UNKNOWN_ORDER: lie({ outTradeNo: nobody(outTradeNo, 32) }),
      UNKNOWN_REFUND: lie({ outRefundNo: nobody(outRefundNo, 64) }),
    },
  };
}

const nobody = (number: string, max: number) => `NOBODY${number}`.slice(0, max);
