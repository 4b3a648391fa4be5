import type { OrderDetail } from '../../state/order.ts';

/** How far an event has come on one channel. */
export interface ShownDelivery {
  state: 'waiting' | 'delivered' | 'parked';
  attempts: number;
  nextAt?: string;
  deliveredAt?: string;
  lastError?: string;
}

/** An event of an order, as it is stored. */
export interface ShownEvent {
  id: string;
  seq: number;
  type: string;
  at: string;
  about?: string;
  deliveries?: Record<string, ShownDelivery>;
}

/** A refund of an order, as it is stored. */
export interface ShownRefund {
  outRefundNo: string;
  refundFee: number;
  reason?: string;
  requestedAt: string;
  origin: 'ours' | 'external';
  status: { state: string; lastErrorCode?: string; reason?: string };
}

/** The part of a stored order that its page shows by name; all of it stands in the raw document. */
export interface ShownDocument {
  kind: 'order' | 'orphan';
  link?: string;
  mchid?: string;
  purchaseId?: string;
  attach?: string;
  traceId?: string;
  createdAt?: string;
  expiresAt?: string;
  closeDueAt?: string;
  queriedAt?: string;
  status?: {
    state: string;
    prepayIssuedAt?: string;
    closedAt?: string;
    reason?: string;
    receipt?: { paidAt: string; confirmedAt: string; confirmedBy: string; transactionId: string };
  };
  quarantine?: { differs: string; transactionId: string; at: string };
  refunds?: ShownRefund[];
  events?: ShownEvent[];
}

/** Reads the order inside a stored document. */
export function documentOf({ stored }: OrderDetail): ShownDocument {
  return stored.order as ShownDocument;
}
