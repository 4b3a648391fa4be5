import * as z from 'zod/mini';
import type { Contract } from '../contract.ts';
import { fixedFields, outTradeNo } from '../fields.ts';

const { openid, subMchId, nonceStr, subAppid } = fixedFields;
const input = z.strictObject(
  { outTradeNo, openid, subMchId, nonceStr, subAppid },
  '应为对象 (an object)',
);

export type CloseOrderInput = z.infer<typeof input>;

/** A closed order: WeChat confirmed that it cannot be paid any more. */
export interface CloseOrderAnswer {
  outTradeNo: string;
  state: 'closed';
  /** The mini program and the merchant who gets the money, on either link. */
  appid: string;
  mchId: string;
}

/** 关闭订单. */
export const closeOrder: Contract<CloseOrderInput> = {
  name: 'closeOrder',
  form: 'call',
  dependsOn: ['store', 'apiV3', 'cloudPay', 'deliveries'],
  input,
};
