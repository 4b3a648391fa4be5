import { functionsOf } from './functions.ts';
import { completeHost } from './host.ts';
import { beginPayment, keyOf, type Payment } from './pay.ts';
import { pendingOrders } from './pending.ts';
import { resumePending } from './resume.ts';
import type { CreatePayClient } from './types.ts';

export type * from './types.ts';

/**
 * Makes the client, once for the whole app:
 *
 *     const client = createPayClient();
 *     const { status, text } = await client.pay({ request: { productId: 'latte', purchaseId: 'cart-7' } });
 */
export const createPayClient: CreatePayClient = (given = {}) => {
  const host = completeHost(given);
  const functions = functionsOf(host);
  const deps = { host, functions, pending: pendingOrders(host) };
  const payments = new Map<string, Payment>();
  const resuming = new Set<string>();
  const { callRepeatedly } = functions;
  return {
    pay(order) {
      const key = keyOf(order);
      const running = payments.get(key);
      if (running) return running.ended;
      const payment = beginPayment(order, deps);
      payments.set(key, payment);
      void payment.ended.then(() => payments.delete(key));
      return payment.ended;
    },
    async resume(report) {
      for (const { check } of payments.values()) check();
      await resumePending({ ...deps, payments, resuming, report });
    },
    queryOrder: (numbers) => callRepeatedly('queryOrder', numbers),
    closeOrder: (numbers) => callRepeatedly('closeOrder', numbers),
    queryRefund: (numbers) => callRepeatedly('queryRefund', numbers),
  };
};
