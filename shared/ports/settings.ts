import type { Merchant } from '../domain/order/order.ts';

/** Settings for new orders; orders that exist keep those they were placed with. */
export interface Settings {
  merchant: Merchant;
  /** How long an order may be paid unless the request sets it. */
  orderTtlMs: number;
  /** Overrides the link's minimum age before a close. */
  closeMinAgeMs?: number;
  /** How many due orders a timer's worker checks at once. */
  checkConcurrency?: number;
  /** Whether a client's price and number count: for moving old code over. */
  priceSource: 'client' | 'service';
  /** The CloudBase environment, compared with a client's `envId`. */
  envId?: string;
}
