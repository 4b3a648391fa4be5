import type { Host } from 'scf-wechatpay-client';
import { EMPTY_CART } from './cart';
import type { Records } from './storage';

/** A host whose functions can be called. */
export type CallingHost = Host & Required<Pick<Host, 'callFunction'>>;

/**
 * Writes an order's number down as soon as the server has placed it, before anything can be paid: an app that is killed
 * in the cashier finds its order again. What was ordered leaves the cart.
 */
export function recordingHost(host: CallingHost, records: Records): CallingHost {
  const record = (data: object, answer: unknown) => {
    const { purchaseId } = Object(Object(data).request);
    const { outTradeNo } = Object(Object(answer).result);
    if (typeof purchaseId !== 'string' || typeof outTradeNo !== 'string') return;
    records.change(purchaseId, { outTradeNo });
    if (records.cart().purchaseId === purchaseId) records.putCart(EMPTY_CART);
  };
  return {
    ...host,
    callFunction: (options) =>
      host.callFunction({
        ...options,
        success: (answer) => {
          if (options.name === 'unifiedOrder') record(options.data, answer);
          options.success(answer);
        },
      }),
  };
}
