import * as z from 'zod/mini';
import type { Contract } from '../contract.ts';
import { fixedFields, mayBeEmpty, outRefundNo, outTradeNo, transactionId } from '../fields.ts';
import type { RefundView } from './refundView.ts';

const { openid, subMchId, nonceStr, subAppid } = fixedFields;
const input = z.strictObject(
  {
    outTradeNo: mayBeEmpty(outTradeNo),
    transactionId: mayBeEmpty(transactionId),
    outRefundNo: mayBeEmpty(outRefundNo),
    /** 付款人: of the server's call, whose refunds alone are answered. */
    openid,
    subMchId,
    nonceStr,
    subAppid,
  },
  '应为对象 (an object)',
);

/** Names refunds by at least one number; with `outRefundNo` the answer has that refund alone. */
export type QueryRefundInput = z.infer<typeof input>;

/** The answer of `queryRefund`: an order's refunds, in the order of their beginning. */
export interface QueryRefundAnswer {
  outTradeNo: string;
  transactionId?: string;
  /** The mini program and the merchant who gets the money, on either link. */
  appid: string;
  mchId: string;
  totalFee: number;
  /** The sum of all refunds of the order's payment but closed and refused ones. */
  refundedFee: number;
  /** Money went back outside of us, as WeChat says; `refundedFee` knows only what `refunds` lists. */
  refundedExternally?: true;
  refundCount: number;
  refunds: RefundView[];
}

/** 查询退款. */
export const queryRefund: Contract<QueryRefundInput> = {
  name: 'queryRefund',
  form: 'call',
  dependsOn: ['store', 'apiV3', 'cloudPay', 'refunds', 'deliveries'],
  input,
};
