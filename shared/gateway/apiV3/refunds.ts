import type { Order } from '../../domain/order/order.ts';
import type { AbnormalRefundTarget, Refund } from '../../domain/order/refund.ts';
import type { RefundEvidence, RefundNotFound } from '../../domain/refund/refundEvidence.ts';
import type { RefundNumbers } from '../../ports/gateway.ts';
import { failure, malformedAnswer } from '../failure.ts';
import { hasCode, understand } from '../understand.ts';
import { type ApiV3Context, call, refuseOtherMerchant } from './call.ts';
import { encrypt } from './crypto/encrypt.ts';
import { abnormalRefundBody, readRefund, refundPaths } from './wire/refund.ts';

/** Words for "no such refund"; the detailed number of an answer may name the order instead. */
const UNKNOWN = ['RESOURCE_NOT_EXISTS', 'ORDER_NOT_EXIST'];

/** 申请退款: sends the frozen request; its answer says accepted, rarely more. */
export async function refund(
  link: ApiV3Context,
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
  link: ApiV3Context,
  order: Order,
  outRefundNo: string,
  timeoutMs: number,
): Promise<RefundEvidence | RefundNotFound> {
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
    return { kind: 'not_found', outRefundNo };
  }
}

/** 发起异常退款; the payer's card goes out encrypted, and WeChat is told with which of its keys. */
export async function applyAbnormalRefund(
  link: ApiV3Context,
  order: Order,
  { outRefundNo, refundId }: RefundNumbers,
  remedy: AbnormalRefundTarget,
  timeoutMs: number,
): Promise<RefundEvidence> {
  refuseOtherMerchant(link, order);
  await link.platformKeys.prepare(timeoutMs);
  const encrypter = link.platformKeys.encrypter();
  if (!encrypter) throw failure('PLATFORM_CERT_NONE', 'never');
  const body = abnormalRefundBody(order, outRefundNo, remedy, (secret) =>
    encrypt(secret, encrypter),
  );
  const asked = { operation: 'refund', path: refundPaths.mend(refundId), body, timeoutMs } as const;
  const answer = await call(link, { ...asked, encryptedFor: encrypter.serial }, 200);
  return readOf(link, answer, outRefundNo);
}

function readOf(
  { mode: form }: ApiV3Context,
  answer: Uint8Array,
  outRefundNo: string,
): RefundEvidence {
  const evidence = understand(() => readRefund(answer, form, 'query'));
  if (evidence.outRefundNo !== outRefundNo) throw malformedAnswer('out_refund_no');
  return evidence;
}
