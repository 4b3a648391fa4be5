/** Writes and reads the JSON of APIv3's refunds. Pure. */

import { TEXT_LIMITS } from '../../../domain/limits.ts';
import type { Via } from '../../../domain/order/evidence.ts';
import type { AbnormalRefundTarget, Refund } from '../../../domain/order/refund.ts';
import {
  MEANING_OF_REFUND_STATUS,
  REFUND_STATUSES,
  type RefundEvidence,
  type WeChatRefundStatus,
} from '../../../domain/refund/refundEvidence.ts';
import type { PaymentToRefund } from '../../../domain/refund/refundedPayment.ts';
import { clipToBytes } from '../../../domain/text.ts';
import { type Fields, readFields } from '../../read.ts';
import {
  type MerchantIds,
  type MerchantMode,
  queryOf,
  readMerchantIds,
  subMerchantOf,
} from './merchantMode.ts';

const REFUNDS = '/v3/refund/domestic/refunds';

/** Paths of refunds: requests, queries, and the handling of abnormal ones. Source: D4012791862 to D4012791864. */
export const refundPaths = {
  refund: () => REFUNDS,
  query: (outRefundNo: string, merchantIds: MerchantIds) =>
    `${REFUNDS}/${encodeURIComponent(outRefundNo)}${queryOf(subMerchantOf(merchantIds))}`,
  abnormal: (refundId: string) =>
    `${REFUNDS}/${encodeURIComponent(refundId)}/apply-abnormal-refund`,
} as const;

/** Makes the body that requests a refund. Its bytes are stored: a repeat must be equal. */
export function refundBody(
  payment: PaymentToRefund,
  { outRefundNo, refundFee, reason }: Pick<Refund, 'outRefundNo' | 'refundFee' | 'reason'>,
  notifyUrl: string,
): string {
  return JSON.stringify({
    ...subMerchantOf(payment),
    ...numbersOf(payment),
    out_refund_no: outRefundNo,
    ...(reason === undefined ? {} : { reason: clipToBytes(reason, TEXT_LIMITS.reason) }),
    // Without it, WeChat notifies in the XML of APIv2.
    notify_url: notifyUrl,
    amount: { refund: refundFee, total: payment.totalFee, currency: 'CNY' },
  });
}

/** Names the order, or of several payments for its number the one that is meant. */
function numbersOf({ outTradeNo, transactionId }: PaymentToRefund) {
  return transactionId === undefined
    ? { out_trade_no: outTradeNo }
    : { transaction_id: transactionId };
}

/** Makes the body that pays an abnormal refund to another account; `seal` encrypts the payer's card. */
export function abnormalRefundBody(
  merchant: MerchantIds,
  { outRefundNo, target }: { outRefundNo: string; target: AbnormalRefundTarget },
  seal: (secret: string) => string,
): string {
  const { type } = target;
  const common = { ...subMerchantOf(merchant), out_refund_no: outRefundNo, type };
  if (type === 'MERCHANT_BANK_CARD') return JSON.stringify(common);
  return JSON.stringify({
    ...common,
    bank_type: target.bankType,
    bank_account: seal(target.bankAccount),
    real_name: seal(target.realName),
  });
}

/** Reads a refund as answers have it (`status`) and notifications carry it (`refund_status`). */
export function readRefund(body: Uint8Array, mode: MerchantMode, via: Via): RefundEvidence {
  const refund = readFields(body);
  const amount = refund.object('amount');
  const refundStatus = refund.word(via === 'callback' ? 'refund_status' : 'status');
  return {
    kind: isKnownStatus(refundStatus) ? MEANING_OF_REFUND_STATUS[refundStatus] : 'unknown',
    via,
    refundStatus,
    outTradeNo: refund.word('out_trade_no'),
    transactionId: refund.word('transaction_id'),
    outRefundNo: refund.word('out_refund_no'),
    refundId: refund.word('refund_id'),
    refundFee: amount.fen('refund'),
    totalFee: amount.fen('total'),
    ...(amount.has('currency') ? { currency: amount.word('currency') } : {}),
    // Answers leave it out: the query named it.
    ...(via === 'callback' ? readMerchantIds(refund, mode) : {}),
    ...times(refund),
  };
}

function times(refund: Fields): Pick<RefundEvidence, 'createdAt' | 'succeededAt'> {
  const createdAt = refund.optional((each) => each.instant('create_time'));
  const succeededAt = refund.optional((each) => each.instant('success_time'));
  return { ...(createdAt ? { createdAt } : {}), ...(succeededAt ? { succeededAt } : {}) };
}

function isKnownStatus(refundStatus: string): refundStatus is WeChatRefundStatus {
  return (REFUND_STATUSES as readonly string[]).includes(refundStatus);
}
