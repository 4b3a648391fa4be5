import { SECOND_PAYMENTS_MAX } from '../limits.ts';
import { withEvent } from './event.ts';
import type { PaidEvidence } from './evidence.ts';
import type { OrderDocument } from './order.ts';
import { receivedPayment } from './receivedPayment.ts';

/** Adds a second payment of an order or orphan, which is told once; at most so many are kept whole. */
export function withSecondPayment<D extends OrderDocument>(
  document: D,
  evidence: PaidEvidence,
  now: Date,
): D {
  const { transactionId } = evidence;
  const kept = document.secondPayments ?? [];
  const isKept = kept.some((payment) => payment.transactionId === transactionId);
  const secondPayments = [...kept, receivedPayment(evidence, now)];
  const next =
    isKept || kept.length >= SECOND_PAYMENTS_MAX ? document : { ...document, secondPayments };
  return withEvent(next, 'order.duplicate_payment', now, transactionId);
}
