import type { PaidEvidence } from '../domain/order/evidence.ts';
import type { Order } from '../domain/order/order.ts';
import type { RefundEvidence } from '../domain/refund/refundEvidence.ts';

/** Claims that an order was paid, by an unsigned callback; `attach` may hold the order's secret. */
export interface PaymentClaim {
  kind: 'payment';
  outTradeNo: string;
  /** Absent where not all of it can be read: enough for a query, proof of nothing. */
  evidence?: PaidEvidence;
  attach?: string;
}

/** Claims how a refund ended, by an unsigned callback. */
export interface RefundClaim {
  kind: 'refund';
  outTradeNo: string;
  evidence: RefundEvidence;
}

/** The result of reading an unsigned callback of cloud pay (云支付): it counts only once something confirms it. */
export type UnverifiedClaim =
  | PaymentClaim
  | RefundClaim
  /** Malformed: `reason` names the first field that is. */
  | { kind: 'refused'; reason: string };

/** Reads unsigned callbacks; never throws. */
export interface ClaimParser {
  read(event: unknown): UnverifiedClaim;
  /** Tells whether a claim has the secret that only WeChat was given, and agrees in every field. */
  hasProof(order: Order, claim: PaymentClaim): boolean;
}
