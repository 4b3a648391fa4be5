import * as z from 'zod/mini';
import type { PaymentParams } from '../../domain/order/order.ts';
import { byteLength } from '../../domain/text.ts';
import type { Contract } from '../contract.ts';
import { purchaseId } from '../event/quote.ts';
import {
  attach,
  body,
  fixedFields,
  mayBeEmpty,
  outTradeNo,
  timeExpire,
  totalFee,
} from '../fields.ts';

/** The most bytes of JSON that a request to the merchant's quote function may have. */
const REQUEST_BYTES_MAX = 4096;

const request = z
  .unknown()
  .check(
    z.refine(
      (value) => byteLength(JSON.stringify(value) ?? '') <= REQUEST_BYTES_MAX,
      `最多 ${REQUEST_BYTES_MAX} 字节的 JSON (at most so many bytes of JSON)`,
    ),
  );

const input = z.strictObject(
  {
    /** The price; who names it, WXPAY_PRICE_SOURCE decides. */
    body: z.optional(body),
    totalFee: z.optional(totalFee),
    /** Whatever the merchant's quote function needs to know: goods, coupon, address. */
    request: z.optional(request),
    /** 采购标识, by a signed service call: the number follows from it, and one of its orders is open. */
    purchaseId: z.optional(purchaseId),
    outTradeNo: z.optional(outTradeNo),
    attach: mayBeEmpty(attach),
    timeExpire: mayBeEmpty(timeExpire),
    ...fixedFields,
  },
  '应为对象 (an object)',
);

/** The input of `unifiedOrder`, parsed. */
export type UnifiedOrderInput = z.infer<typeof input>;

/** The arguments of `wx.requestPayment`; `packageVal` is what pages made with WeDa take for `package`. */
export interface CashierParams extends PaymentParams {
  packageVal: string;
}

/** A payable order; `payment` goes into `wx.requestPayment({...payment})`. */
export interface UnifiedOrderAnswer {
  outTradeNo: string;
  payment: CashierParams;
  /** 预支付交易会话标识, as in `payment.package`. */
  prepayId: string;
  /** The nonce in `payment`. */
  nonceStr: string;
  tradeType: 'JSAPI';
  /** The mini program and the merchant who gets the money, on either link. */
  appid: string;
  mchId: string;
  totalFee: number;
  /** 交易结束时间, `yyyyMMddHHmmss` in Beijing time. */
  timeExpire: string;
}

/** 统一下单. */
export const unifiedOrder: Contract<UnifiedOrderInput> = {
  name: 'unifiedOrder',
  form: 'call',
  dependsOn: ['store', 'payers', 'apiV3', 'cloudPay', 'quotes', 'deliveries'],
  input,
};
