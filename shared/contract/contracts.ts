import { downloadBill } from './bill/downloadBill.ts';
import type { FunctionName } from './callers.ts';
import type { Contract } from './contract.ts';
import { decideOrder } from './decision/decideOrder.ts';
import { listAttention } from './decision/listAttention.ts';
import { payCallback } from './notice/payCallback.ts';
import { refundCallback } from './notice/refundCallback.ts';
import { closeOrder } from './order/closeOrder.ts';
import { queryOrder } from './order/queryOrder.ts';
import { unifiedOrder } from './order/unifiedOrder.ts';
import { queryRefund } from './refund/queryRefund.ts';
import { refund } from './refund/refund.ts';
import { closeStaleOrders } from './timer/closeStaleOrders.ts';
import { deliverEvents } from './timer/deliverEvents.ts';

/** Every function's contract, for the build, the deploy and the documents. */
export const contracts = {
  unifiedOrder,
  queryOrder,
  closeOrder,
  refund,
  queryRefund,
  listAttention,
  decideOrder,
  downloadBill,
  payCallback,
  refundCallback,
  closeStaleOrders,
  deliverEvents,
} satisfies { [name in FunctionName]: Contract<never> | Contract<object> };
