import type { FunctionName } from './callers.ts';
import { closeOrder } from './closeOrder.ts';
import { closeStaleOrders } from './closeStaleOrders.ts';
import type { Contract } from './contract.ts';
import { downloadBill } from './downloadBill.ts';
import { payCallback } from './payCallback.ts';
import { queryOrder } from './queryOrder.ts';
import { queryRefund } from './queryRefund.ts';
import { refund } from './refund.ts';
import { refundCallback } from './refundCallback.ts';
import { unifiedOrder } from './unifiedOrder.ts';

/** Every function's contract, for the build, the deploy and the documents. */
export const contracts = {
  unifiedOrder,
  queryOrder,
  closeOrder,
  refund,
  queryRefund,
  downloadBill,
  payCallback,
  refundCallback,
  closeStaleOrders,
} satisfies { [name in FunctionName]: Contract<never> | Contract<object> };
