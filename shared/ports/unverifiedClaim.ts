import type { PaidEvidence } from '../domain/order/evidence.ts';
import type { Order } from '../domain/order/order.ts';
import type { RefundEvidence } from '../domain/refund/refundEvidence.ts';

/** That an order was paid, as an unsigned callback says; `attach` may hold the order's secret. */
export interface PaymentClaim {
  kind: 'payment';
  outTradeNo: string;
  /** Absent where not all of it can be read: enough to ask about, proof of nothing. */
  evidence?: PaidEvidence;
  attach?: string;
}

/** How a refund ended, as an unsigned callback says. */
export interface RefundClaim {
  kind: 'refund';
  outTradeNo: string;
  evidence: RefundEvidence;
}

/** An unsigned callback of cloud pay (云支付), once it was read: it counts for nothing until something confirms it. */
export type UnverifiedClaim =
  | PaymentClaim
  | RefundClaim
  /** Not as agreed: `reason` names the first field that is not. */
  | { kind: 'refused'; reason: string };

/** The parser of unsigned callbacks; never throws. */
export interface ClaimParser {
  read(event: unknown): UnverifiedClaim;
  /** Whether a claim has the secret that only WeChat was told, and agrees in every field. */
  hasProof(order: Order, claim: PaymentClaim): boolean;
}
