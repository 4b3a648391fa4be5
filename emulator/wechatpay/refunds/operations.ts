import { parametersOf } from '../wire/fields.ts';
import type { OperationAnswer, OperationRequest } from '../wire/operation.ts';
import { ownerOf } from '../wire/owner.ts';
import type { Requester } from './acceptRefund.ts';
import { existingRefund } from './existingRefund.ts';
import type { RefundLedger } from './ledger.ts';
import type { RefundLifecycle } from './lifecycle.ts';
import { readRefundRequest } from './request.ts';
import { refundJson } from './wire.ts';

/** Accepts a refund (申请退款); the money is back later. */
export function requestRefund(
  lifecycle: RefundLifecycle,
  operation: OperationRequest,
): OperationAnswer {
  const request = readRefundRequest(operation.body);
  const requester: Requester = {
    ...ownerOf(operation),
    signer: operation.signer,
    origin: 'api',
    parameters: parametersOf(operation.body),
  };
  return { json: refundJson(lifecycle.accept(requester, request)) };
}

/** Answers a refund by the merchant's number (查询单笔退款). */
export function queryRefund(refunds: RefundLedger, request: OperationRequest): OperationAnswer {
  const found = refunds.find(request.mchid, request.pathPart);
  return { json: refundJson(existingRefund(request, found)) };
}
