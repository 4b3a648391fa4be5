import * as z from 'zod/mini';
import type { State } from '../../domain/order/order.ts';
import type { Contract } from '../contract.ts';
import { fixedFields, mayBeEmpty, outTradeNo, transactionId } from '../fields.ts';

const { openid, subMchId, nonceStr, subAppid } = fixedFields;
const input = z.strictObject(
  {
    outTradeNo: mayBeEmpty(outTradeNo),
    transactionId: mayBeEmpty(transactionId),
    /** 付款人: of the server's call, whose order alone is answered. */
    openid,
    subMchId,
    nonceStr,
    subAppid,
  },
  '应为对象 (an object)',
);

/** The input of `queryOrder`, parsed; one of the two numbers names the order. */
export type QueryOrderInput = z.infer<typeof input>;

/** The answer of `queryOrder`; `tradeState` is WeChat's name of our `state`. */
export interface QueryOrderAnswer {
  outTradeNo: string;
  state: State;
  tradeState: 'SUCCESS' | 'REFUND' | 'NOTPAY' | 'CLOSED';
  tradeType: 'JSAPI';
  /** The mini program and the merchant who gets the money, on either link. */
  appid: string;
  mchId: string;
  totalFee: number;
  /** The sum that was paid, where an admin accepted a payment of another sum. */
  paidFee?: number;
  body: string;
  attach?: string;
  timeExpire: string;
  transactionId?: string;
  /** 支付完成时间, `yyyyMMddHHmmss` in Beijing time. */
  timeEnd?: string;
  /** How the payment was confirmed: by WeChat's callback, or by our query. */
  confirmedBy?: 'callback' | 'query';
  /** Why it is closed. */
  closedReason?: string;
  /** A payment that differs arrived: an admin has to decide. */
  quarantined?: true;
  /** Money went back outside of us, all of it or a part; WeChat does not say how much. */
  refundedExternally?: true;
}

/** 查询订单. */
export const queryOrder: Contract<QueryOrderInput> = {
  name: 'queryOrder',
  form: 'call',
  dependsOn: ['store', 'apiV3', 'cloudPay', 'deliveries'],
  input,
};
