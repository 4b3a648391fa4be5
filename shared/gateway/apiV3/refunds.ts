import type { Order } from '../../domain/order/order.ts';
import type { AbnormalRefundTarget, Refund } from '../../domain/order/refund.ts';
import type { RefundEvidence, RefundNotFound } from '../../domain/refund/refundEvidence.ts';
import type { PaymentToRefund } from '../../domain/refund/refundedPayment.ts';
import type { OrderIds, RefundNumbers } from '../../ports/gateway.ts';
import { failure, malformedAnswer } from '../failure.ts';
import { hasCode, readOrMalformed } from '../understand.ts';
import { about } from '../watch.ts';
import { type ApiV3Context, callApi, refuseOtherMerchant } from './call.ts';
import { encrypt } from './crypto/encrypt.ts';
import { abnormalRefundBody, readRefund, refundPaths } from './wire/refund.ts';

/** Codes for "no such refund"; the detailed number of an answer may name the order instead. */
const UNKNOWN = ['RESOURCE_NOT_EXISTS', 'ORDER_NOT_EXIST'];

/** 申请退款: sends the frozen request; the answer means accepted, rarely more. */
export async function refund(
  context: ApiV3Context,
  payment: PaymentToRefund,
  { request, outRefundNo }: Refund,
  timeoutMs: number,
): Promise<RefundEvidence> {
  refuseOtherMerchant(context, payment);
  const path = refundPaths.refund();
  const answer = await callApi(
    about(context, payment),
    { operation: 'refund', path, body: request, timeoutMs },
    200,
  );
  return readOf(context, answer, outRefundNo);
}

/** 查询单笔退款; a number that WeChat does not know was not accepted. */
export async function queryRefund(
  context: ApiV3Context,
  order: OrderIds,
  outRefundNo: string,
  timeoutMs: number,
): Promise<RefundEvidence | RefundNotFound> {
  refuseOtherMerchant(context, order);
  const path = refundPaths.query(outRefundNo, order);
  try {
    const answer = await callApi(
      about(context, order),
      { operation: 'queryRefund', path, timeoutMs },
      200,
    );
    return readOf(context, answer, outRefundNo);
  } catch (error) {
    if (!UNKNOWN.some((code) => hasCode(error, code))) throw error;
    return { kind: 'not_found', outRefundNo };
  }
}

/** Names an abnormal refund, and where its money is to go. */
interface AbnormalRefund {
  order: Order;
  numbers: RefundNumbers;
  target: AbnormalRefundTarget;
}

/** 发起异常退款; the payer's card is sent encrypted, with the serial of WeChat's key that was used. */
export async function applyAbnormalRefund(
  context: ApiV3Context,
  { order, numbers: { outRefundNo, refundId }, target }: AbnormalRefund,
  timeoutMs: number,
): Promise<RefundEvidence> {
  refuseOtherMerchant(context, order);
  await context.platformKeys.prepare(timeoutMs, context.watch);
  const encrypter = context.platformKeys.encrypter();
  if (!encrypter) throw failure('PLATFORM_CERT_NONE', 'never');
  const seal = (secret: string) => encrypt(secret, encrypter);
  const body = abnormalRefundBody(order, { outRefundNo, target }, seal);
  const path = refundPaths.abnormal(refundId);
  const call = {
    operation: 'refund',
    path,
    body,
    timeoutMs,
    encryptedFor: encrypter.serial,
  } as const;
  const answer = await callApi(about(context, order), call, 200);
  return readOf(context, answer, outRefundNo);
}

function readOf({ mode }: ApiV3Context, answer: Uint8Array, outRefundNo: string): RefundEvidence {
  const evidence = readOrMalformed(() => readRefund(answer, mode, 'query'));
  if (evidence.outRefundNo !== outRefundNo) throw malformedAnswer('out_refund_no');
  return evidence;
}
