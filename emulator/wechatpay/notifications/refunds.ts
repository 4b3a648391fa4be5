import { createHash } from 'node:crypto';
import { type CallContent, refundedCall } from '../cloudPay/callback.ts';
import { type LedgerRefund, type RefundStatus, reachedAtMs } from '../refunds/ledger.ts';
import { refundNoticeJson } from '../refunds/wire.ts';
import { unknownNumber } from '../wire/unknownNumber.ts';
import type { Channel, Notification, NotificationDeps } from './notification.ts';
import type { SignedContent } from './signed.ts';
import { refundXmlContent, type XmlContent } from './unsignedXml.ts';

/** Lists the codes with which a `mutated` fault changes a notification whose signature stays valid. */
export const REFUND_CHANGES = [
  'AMOUNT',
  'TOTAL',
  'MCHID',
  'TRANSACTION',
  'UNKNOWN_ORDER',
  'UNKNOWN_REFUND',
] as const;

/** Notifications of refunds, one for each state that is notified. */
export const REFUNDS: Channel = {
  at: 'wechatpay.refundNotify',
  probeKind: 'wechatpay.a-refundProbe',
  probeAt: 'wechatpay.refundProbe',
  find: (deps, { mchid = '', outRefundNo = '', status }) => {
    const refund = deps.refunds.find(mchid, outRefundNo);
    return refund && refundNotification(deps, refund, status as RefundStatus);
  },
};

const SUMMARIES: Record<RefundStatus, string> = {
  PROCESSING: '退款处理中',
  SUCCESS: '退款成功',
  CLOSED: '退款关闭',
  ABNORMAL: '退款异常',
};

/**
 * Notifies that a refund reached a state (退款结果通知); nothing where no address was given for it, and
 * for one of CloudPay that named no function.
 */
export function refundNotification(
  deps: NotificationDeps,
  refund: LedgerRefund,
  status: RefundStatus,
): Notification | undefined {
  const { refunds } = deps;
  const { mchid, outRefundNo } = refund;
  const content = contentOf(deps, refund, status);
  if (!content) return undefined;
  return {
    subject: outRefundNo,
    about: { mchid, outRefundNo, status },
    content,
    record: (attempts) => {
      const now = refunds.find(mchid, outRefundNo);
      const ofStatus = attempts.map((attempt) => ({ ...attempt, refundStatus: status }));
      if (now) refunds.save({ ...now, attempts: [...now.attempts, ...ofStatus] });
    },
  };
}

function contentOf(
  deps: NotificationDeps,
  refund: LedgerRefund,
  status: RefundStatus,
): Notification['content'] | undefined {
  if (refund.cloudPay) return callContent(deps, refund, status);
  if (refund.notifyUrl) return signedContent(refund, status);
  return xmlContent(deps, refund, status);
}

function callContent(
  { orders }: NotificationDeps,
  refund: LedgerRefund,
  status: RefundStatus,
): CallContent | undefined {
  const order = orders.find(refund.mchid, refund.outTradeNo);
  const { functionName, envId } = refund.cloudPay ?? {};
  if (!order || functionName === undefined || envId === undefined) return undefined;
  return refundedCall(order, refund, status, { functionName, envId });
}

/** Writes in XML where neither the request nor, as in the console, anybody named an address. */
function xmlContent(
  { orders, refundNotifyUrl }: NotificationDeps,
  refund: LedgerRefund,
  status: RefundStatus,
): XmlContent | undefined {
  const order = orders.find(refund.mchid, refund.outTradeNo);
  // How a console refund of an order of CloudPay is notified is documented nowhere.
  if (!order || order.cloudPay || refundNotifyUrl === undefined) return undefined;
  return refundXmlContent(order, refund, status, refundNotifyUrl);
}

function signedContent(refund: LedgerRefund, status: RefundStatus): SignedContent {
  const { mchid, spMchid, outRefundNo, outTradeNo, refundId, notifyUrl = '', signer } = refund;
  const changed = (change: Partial<LedgerRefund>) =>
    refundNoticeJson({ ...refund, ...change }, status);
  return {
    kind: 'signed',
    mchid: spMchid ?? mchid,
    notifyUrl,
    signer,
    // One id for each state notified, the same at every attempt.
    notificationId: createHash('sha256').update(`${refundId} ${status}`).digest('hex').slice(0, 32),
    atMs: reachedAtMs(refund, status) ?? refund.createdAtMs,
    eventType: `REFUND.${status}`,
    summary: SUMMARIES[status],
    originalType: 'refund',
    resource: refundNoticeJson(refund, status),
    tampered: {
      AMOUNT: changed({ refund: refund.refund + 1 }),
      TOTAL: changed({ total: refund.total + 1 }),
      MCHID: changed({ mchid: '1999999999' }),
      TRANSACTION: changed({ transactionId: '4200009999999999999999999999' }),
      UNKNOWN_ORDER: changed({ outTradeNo: unknownNumber(outTradeNo, 32) }),
      UNKNOWN_REFUND: changed({ outRefundNo: unknownNumber(outRefundNo, 64) }),
    } satisfies Record<(typeof REFUND_CHANGES)[number], object>,
  };
}
