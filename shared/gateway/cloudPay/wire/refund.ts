/** Writes and reads the JSON of cloud pay for refunds. Pure. Sources: Cloud.CloudPay; V2:9_4, V2:9_5. */

import { TEXT_LIMITS } from '../../../domain/limits.ts';
import type { Refund } from '../../../domain/order/refund.ts';
import type { RefundEvidence } from '../../../domain/refund/refundEvidence.ts';
import type { PaymentToRefund } from '../../../domain/refund/refundedPayment.ts';
import { clipToBytes } from '../../../domain/text.ts';
import type { Fields } from '../../read.ts';
import { fenIn } from './order.ts';

/** Makes the request for a refund. Its bytes are stored: a repeat must be equal. */
export function refundBody(
  { outTradeNo, mchid, appid, totalFee, transactionId }: PaymentToRefund,
  { outRefundNo, refundFee, reason }: Pick<Refund, 'outRefundNo' | 'refundFee' | 'reason'>,
  { envId, nonce }: { envId: string; nonce: string },
): string {
  return JSON.stringify({
    sub_mch_id: mchid,
    ...(appid === undefined ? {} : { sub_appid: appid }),
    ...(transactionId === undefined
      ? { out_trade_no: outTradeNo }
      : { transaction_id: transactionId }),
    out_refund_no: outRefundNo,
    total_fee: totalFee,
    refund_fee: refundFee,
    ...(reason === undefined ? {} : { refund_desc: clipToBytes(reason, TEXT_LIMITS.reason) }),
    nonce_str: nonce,
    env_id: envId,
    function_name: 'refundCallback',
  });
}

/** Makes the request that queries one refund. */
export function refundQueryBody(mchid: string, outRefundNo: string, nonce: string): string {
  return JSON.stringify({ sub_mch_id: mchid, out_refund_no: outRefundNo, nonce_str: nonce });
}

/** Reads the answer to a refund: accepted, never more. */
export function readAccepted(answer: Fields): RefundEvidence {
  return { kind: 'processing', via: 'query', refundStatus: 'PROCESSING', ...numbersIn(answer) };
}

/** Maps v2's statuses of a refund (退款状态) to our evidence. */
const meanings: Partial<Record<string, RefundEvidence['kind']>> = {
  SUCCESS: 'success',
  PROCESSING: 'processing',
  REFUNDCLOSE: 'closed',
  CHANGE: 'abnormal',
};

/**
 * Reads what an answer lists of a refund. Undefined where the lists are empty, as they are in every
 * log (§A.7): then nothing is known but that there is such a refund.
 */
export function readListed(answer: Fields, outRefundNo: string): RefundEvidence | undefined {
  const numbers = listIn(answer, 'out_refund_no');
  const at = numbers.indexOf(outRefundNo);
  const refundStatus = listIn(answer, 'refund_status')[at];
  const refundId = listIn(answer, 'refund_id')[at];
  const refundFee = Number(listIn(answer, 'refund_fee')[at]);
  if (at < 0 || refundStatus === undefined || refundId === undefined) return undefined;
  if (!Number.isSafeInteger(refundFee) || refundFee < 1) return undefined;
  return {
    kind: meanings[refundStatus] ?? 'unknown',
    via: 'query',
    refundStatus,
    outTradeNo: answer.word('out_trade_no'),
    transactionId: answer.word('transaction_id'),
    outRefundNo,
    refundId,
    refundFee: refundFee as RefundEvidence['refundFee'],
    totalFee: fenIn(answer, 'total_fee'),
    mchid: answer.word('sub_mch_id'),
  };
}

/** Reads a refund's end as a callback brings it; the fields are those of APIv2's notification. */
export function readRefundClaim(event: Fields): RefundEvidence {
  const refundStatus = event.word('refund_status');
  return {
    kind: meanings[refundStatus] ?? 'unknown',
    via: 'callback',
    refundStatus,
    ...numbersIn(event),
  };
}

function numbersIn(fields: Fields): Omit<RefundEvidence, 'kind' | 'via' | 'refundStatus'> {
  return {
    outTradeNo: fields.word('out_trade_no'),
    transactionId: fields.word('transaction_id'),
    outRefundNo: fields.word('out_refund_no'),
    refundId: fields.word('refund_id'),
    refundFee: fenIn(fields, 'refund_fee'),
    totalFee: fenIn(fields, 'total_fee'),
    ...(fields.has('sub_mch_id') ? { mchid: fields.word('sub_mch_id') } : {}),
  };
}

/** The longest list that is read: as many refunds as an order may have. */
const PARTS_MAX = 50;

function listIn(fields: Fields, name: string): string[] {
  const list = `${name}_list`;
  return fields.has(list) ? fields.texts(list, PARTS_MAX) : [];
}
