import * as z from 'zod/mini';
import type { Contract } from '../contract.ts';
import { billDate, fixedFields, mayBeEmpty } from '../fields.ts';

const { subMchId, nonceStr, subAppid } = fixedFields;
const billTypes = ['ALL', 'SUCCESS', 'REFUND', 'RECHARGE_REFUND', 'FUNDFLOW'] as const;
const accountTypes = ['BASIC', 'OPERATION', 'FEES'] as const;
const oneOf = <const T extends readonly string[]>(values: T) =>
  z.enum(values, `应为 ${values.join(' | ')} (one of them)`);
const input = z
  .strictObject(
    {
      billDate,
      billType: z._default(oneOf(billTypes), 'ALL'),
      accountType: mayBeEmpty(oneOf(accountTypes)),
      tarType: z.optional(oneOf(['GZIP'])),
      subMchId,
      nonceStr,
      subAppid,
    },
    '应为对象 (an object)',
  )
  .check(
    z.refine(({ billType, accountType }) => !accountType || billType === 'FUNDFLOW', {
      path: ['accountType'],
      message: '仅用于 billType FUNDFLOW (only with billType FUNDFLOW)',
    }),
  );

/**
 * Names a bill; `accountType` (资金账户类型) is the account of a fund-flow bill, BASIC unless it is given.
 * RECHARGE_REFUND (充值退款订单) is known on cloud pay; on the direct link WeChat decides.
 */
export type DownloadBillInput = z.infer<typeof input>;

/** The bill file as WeChat made it, its hash checked: its text, or base64 of it compressed. */
export interface DownloadBillAnswer {
  data: string;
  tarType?: 'GZIP';
}

/** 下载账单: a trade bill, or with FUNDFLOW the fund-flow bill of an account; inline up to 1 MB, compressed or not. */
export const downloadBill: Contract<DownloadBillInput> = {
  name: 'downloadBill',
  form: 'call',
  dependsOn: ['apiV3', 'cloudPay', 'bills'],
  input,
};
