import * as z from 'zod/mini';
import type { PaymentParams } from '../../domain/order/order.ts';
import type { Contract } from '../contract.ts';
import { attach, body, fixedFields, outTradeNo, timeExpire, totalFee } from '../fields.ts';

const input = z.strictObject(
  {
    body,
    totalFee,
    outTradeNo: z.optional(outTradeNo),
    attach: z.optional(attach),
    timeExpire: z.optional(timeExpire),
    ...fixedFields,
  },
  '应为对象 (an object)',
);

/** The input of `unifiedOrder`, parsed. */
export type UnifiedOrderInput = z.infer<typeof input>;

/** A payable order; `payment` goes into `wx.requestPayment({...payment})`. */
export interface UnifiedOrderAnswer {
  outTradeNo: string;
  payment: PaymentParams;
  totalFee: number;
  /** 交易结束时间, `yyyyMMddHHmmss` in Beijing time. */
  timeExpire: string;
}

/** 统一下单. */
export const unifiedOrder: Contract<UnifiedOrderInput> = {
  name: 'unifiedOrder',
  form: 'call',
  dependsOn: ['store', 'apiV3', 'cloudPay'],
  input,
};
