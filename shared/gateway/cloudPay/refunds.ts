import type { Refund } from '../../domain/order/refund.ts';
import type {
  RefundEvidence,
  RefundNotFound,
  RefundStatusUnknown,
} from '../../domain/refund/refundEvidence.ts';
import type { PaymentToRefund } from '../../domain/refund/refundedPayment.ts';
import type { OrderIds } from '../../ports/gateway.ts';
import { malformedAnswer } from '../failure.ts';
import { hasCode, readOrMalformed } from '../understand.ts';
import { about } from '../watch.ts';
import { type CloudPayOptions, callApi, nonceOf } from './request.ts';
import { readAccepted, readListed, refundQueryBody } from './wire/refund.ts';

/** Codes for "no such refund". */
const UNKNOWN = ['RESOURCE_NOT_EXISTS', 'ORDER_NOT_EXIST'];

/** 申请退款: sends the frozen request; success means accepted, never refunded. */
export async function refund(
  options: CloudPayOptions,
  payment: PaymentToRefund,
  { request, outRefundNo }: Refund,
  timeoutMs: number,
): Promise<RefundEvidence> {
  const call = { apiName: 'refund', operation: 'refund', body: request, timeoutMs } as const;
  const answer = await callApi(about(options, payment), call);
  const evidence = readOrMalformed(() => readAccepted(answer));
  if (evidence.outRefundNo !== outRefundNo) throw malformedAnswer('out_refund_no');
  return evidence;
}

/** 查询退款: answers that there is such a refund, and rarely, if ever, its status. */
export async function queryRefund(
  options: CloudPayOptions,
  order: OrderIds,
  outRefundNo: string,
  timeoutMs: number,
): Promise<RefundEvidence | RefundNotFound | RefundStatusUnknown> {
  const { mchid, outTradeNo } = order;
  const body = refundQueryBody(mchid, outRefundNo, nonceOf(options));
  const call = { apiName: 'queryRefund', operation: 'queryRefund', body, timeoutMs } as const;
  try {
    const answer = await callApi(about(options, order), call);
    // An absent field proves nothing; a present one must be of this order, or the answer is another's.
    for (const [name, agreed] of [
      ['out_trade_no', outTradeNo],
      ['sub_mch_id', mchid],
    ] as const) {
      const isOurs = readOrMalformed(() => !answer.has(name) || answer.word(name) === agreed);
      if (!isOurs) throw malformedAnswer(name);
    }
    return (
      readOrMalformed(() => readListed(answer, outRefundNo)) ?? {
        kind: 'status_unknown',
        outRefundNo,
      }
    );
  } catch (error) {
    if (!UNKNOWN.some((code) => hasCode(error, code))) throw error;
    return { kind: 'not_found', outRefundNo };
  }
}
