import * as z from 'zod/mini';
import type { Contract } from './contract.ts';
import {
  outRefundNo,
  outTradeNo,
  refundDesc,
  refundFee,
  settledElsewhere,
  totalFee,
  transactionId,
} from './fields.ts';
import type { RefundView } from './refundView.ts';

const { functionName, envId, subMchId, subAppid, nonceStr } = settledElsewhere;
const input = z.strictObject(
  {
    outTradeNo: z.optional(outTradeNo),
    transactionId: z.optional(transactionId),
    outRefundNo: z.optional(outRefundNo),
    totalFee: z.optional(totalFee),
    refundFee,
    refundDesc: z.optional(refundDesc),
    functionName,
    envId,
    subMchId,
    subAppid,
    nonceStr,
  },
  '应为对象 (an object)',
);

/** Which refund is wished; one of the two order numbers, and `outRefundNo` unless it is the full sum. */
export type RefundInput = z.infer<typeof input>;

/** A refund that WeChat took; its end is told by `queryRefund`. */
export interface RefundAnswer extends RefundView {
  outTradeNo: string;
  transactionId: string;
  totalFee: number;
}

/** 申请退款. */
export const refund: Contract<RefundInput> = {
  name: 'refund',
  form: 'call',
  needs: ['store', 'apiV3', 'cloudPay'],
  input,
};
