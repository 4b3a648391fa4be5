import * as z from 'zod/mini';
import type { Contract } from './contract.ts';
import { billDate, settledElsewhere } from './fields.ts';

const { subMchId, nonceStr, subAppid } = settledElsewhere;
const billTypes = ['ALL', 'SUCCESS', 'REFUND'] as const;
const input = z.strictObject(
  {
    billDate,
    billType: z._default(z.enum(billTypes, `应为 ${billTypes.join(' | ')} (one of them)`), 'ALL'),
    subMchId,
    nonceStr,
    subAppid,
  },
  '应为对象 (an object)',
);

export type DownloadBillInput = z.infer<typeof input>;

/** The bill file as WeChat made it, its hash checked. */
export interface DownloadBillAnswer {
  data: string;
}

/** 下载交易账单, inline up to 1 MB. */
export const downloadBill: Contract<DownloadBillInput> = {
  name: 'downloadBill',
  form: 'call',
  needs: ['apiV3', 'cloudPay'],
  input,
};
