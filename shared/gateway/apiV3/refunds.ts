import type { Order } from '../../domain/order.ts';
import type { Refund } from '../../domain/refund.ts';
import type { RefundEvidence, RefundMissing } from '../../domain/refundEvidence.ts';
import { malformedAnswer } from '../failure.ts';
import { call, hasCode, type Link, refuseOtherMerchant, understand } from './call.ts';
import { readRefund, refundPaths } from './refundWire.ts';

/** Words for "no such refund"; the detailed number of an answer may name the order instead. */
const UNKNOWN = ['RESOURCE_NOT_EXISTS', 'ORDER_NOT_EXIST'];

/** 申请退款: sends the frozen request; its answer says accepted, rarely more. */
export async function refund(
  link: Link,
  order: Order,
  { request, outRefundNo }: Refund,
  timeoutMs: number,
): Promise<RefundEvidence> {
  refuseOtherMerchant(link, order);
  const path = refundPaths.refund();
  const answer = await call(link, { operation: 'refund', path, body: request, timeoutMs }, 200);
  return readOf(link, answer, outRefundNo);
}

/** 查询单笔退款; a number that WeChat does not know was not accepted. */
export async function queryRefund(
  link: Link,
  order: Order,
  outRefundNo: string,
  timeoutMs: number,
): Promise<RefundEvidence | RefundMissing> {
  refuseOtherMerchant(link, order);
  const path = refundPaths.query(outRefundNo, order);
  try {
    return readOf(
      link,
      await call(link, { operation: 'queryRefund', path, timeoutMs }, 200),
      outRefundNo,
    );
  } catch (error) {
    if (!UNKNOWN.some((code) => hasCode(error, code))) throw error;
    return { is: 'missing', outRefundNo };
  }
}

function readOf({ form }: Link, answer: Uint8Array, outRefundNo: string): RefundEvidence {
  const evidence = understand(() => readRefund(answer, form, 'query'));
  if (evidence.outRefundNo !== outRefundNo) throw malformedAnswer('out_refund_no');
  return evidence;
}
