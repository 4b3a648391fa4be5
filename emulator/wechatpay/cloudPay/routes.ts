import type { Json } from '../wire/fields.ts';
import { downloadBill } from './bills.ts';
import { closeOrder } from './closeOrder.ts';
import { queryOrder } from './queryOrder.ts';
import { queryRefund, refund } from './refunds.ts';
import type { MethodDeps, MethodRequest } from './request.ts';
import { unifiedOrder } from './unifiedOrder.ts';

/** A method of CloudPay. */
export interface Method {
  /** Names it for faults and the timeline, whichever the link. */
  operation: string;
  run(deps: MethodDeps, request: MethodRequest): Json | Buffer;
}

/** The methods by `apiName`. */
export const METHODS: ReadonlyMap<string, Method> = new Map([
  ['unifiedOrder', { operation: 'jsapi', run: unifiedOrder }],
  ['queryOrder', { operation: 'query', run: queryOrder }],
  ['closeOrder', { operation: 'close', run: closeOrder }],
  ['refund', { operation: 'refund', run: refund }],
  ['queryRefund', { operation: 'queryRefund', run: queryRefund }],
  ['downloadBill', { operation: 'tradebill', run: downloadBill }],
]);
