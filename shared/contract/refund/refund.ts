import * as z from 'zod/mini';
import type { Contract } from '../contract.ts';
import {
  fixedFields,
  mayBeEmpty,
  outRefundNo,
  outTradeNo,
  refundDesc,
  refundFee,
  totalFee,
  transactionId,
} from '../fields.ts';
import type { RefundView } from './refundView.ts';

const { functionName, envId, subMchId, subAppid, nonceStr } = fixedFields;
const text = (shape: RegExp, message: string) =>
  z.string('应为字符串 (a string)').check(z.regex(shape, message));

/** 异常退款处理; no message names what was sent. */
const abnormal = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('MERCHANT_BANK_CARD') }),
    z.strictObject({
      type: z.literal('USER_BANK_CARD'),
      bankType: text(/^[0-9A-Z_]{1,16}$/, '银行类型，如 ICBC_DEBIT (a bank type, as ICBC_DEBIT)'),
      bankAccount: text(/^\d{6,32}$/, '银行卡号，仅数字 (the number of a bank card, digits)'),
      realName: text(/^[^\p{Cc}\p{Cs}]{1,50}$/u, '开户人姓名，1-50 字 (whose card it is)'),
    }),
  ],
  '应为 MERCHANT_BANK_CARD 或 USER_BANK_CARD 的对象 (an object of one of these types)',
);

const input = z
  .strictObject(
    {
      outTradeNo: z.optional(outTradeNo),
      transactionId: z.optional(transactionId),
      outRefundNo: z.optional(outRefundNo),
      totalFee: z.optional(totalFee),
      refundFee,
      refundDesc: mayBeEmpty(refundDesc),
      abnormal: z.optional(abnormal),
      functionName,
      envId,
      subMchId,
      subAppid,
      nonceStr,
    },
    '应为对象 (an object)',
  )
  .check(
    z.refine((request) => !request.abnormal || request.outRefundNo !== undefined, {
      path: ['outRefundNo'],
      message: '处理异常退款时必填 (needed to redirect an abnormal refund)',
    }),
  );

/**
 * Requests a refund, by one of the two order numbers, and `outRefundNo` unless it is the full sum.
 * With `abnormal` that refund exists already, and is to be paid to this account instead.
 */
export type RefundInput = z.infer<typeof input>;

/** A refund that WeChat took; `queryRefund` answers its end. */
export interface RefundAnswer extends RefundView {
  outTradeNo: string;
  transactionId: string;
  totalFee: number;
  /** The mini program and the merchant who gets the money, on either link. */
  appid: string;
  mchId: string;
}

/** 申请退款. */
export const refund: Contract<RefundInput> = {
  name: 'refund',
  form: 'call',
  dependsOn: ['store', 'apiV3', 'cloudPay', 'refunds', 'deliveries'],
  input,
};
