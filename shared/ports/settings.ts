import type { OrderLimits } from '../domain/limits.ts';
import type { Merchant } from '../domain/order/order.ts';

/**
 * Who names a price: the merchant's server (`service`), its function that quotes (`quote`), or the phone (`client`),
 * for moving old code over.
 */
export type PriceSource = 'service' | 'quote' | 'client';

/** Settings for new orders; orders that exist keep those they were placed with. */
export interface Settings {
  merchant: Merchant;
  /** Limits the orders that one payer begins. */
  orderLimits: OrderLimits;
  /** How long an order may be paid unless the request sets it. */
  orderTtlMs: number;
  /** Overrides the link's minimum age before a close. */
  closeMinAgeMs?: number;
  /** How many due orders a timer's worker checks at once. */
  checkConcurrency?: number;
  /** Who names the price of a user's order. */
  priceSource: PriceSource;
  /** The CloudBase environment, compared with a client's `envId`. */
  envId?: string;
}
