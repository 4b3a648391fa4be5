/** Decides whether a person may have a parked event delivered again. Total, pure. */

import { type DecidedBy, decisionAbout, withDecisionEvent } from '../decision.ts';
import { makeDueAgain, parkedDeliveries } from '../delivery/delivery.ts';
import type { OrderDocument } from '../order/order.ts';

/** The conclusion, and the document as it is to be stored; the very same object unless it is due again now. */
export interface RedeliverVerdict {
  outcome: 'due_again' | 'not_parked';
  order: OrderDocument;
}

/** A decision to deliver an event again. */
export type Redeliver = DecidedBy & { eventId: string };

/** Makes a parked event due again on the channels on which it is parked, with the whole schedule before it. */
export function decideRedeliver(
  document: OrderDocument,
  again: Redeliver,
  now: Date,
): RedeliverVerdict {
  const { eventId, by, reason } = again;
  const parked = parkedDeliveries(document).filter(({ event }) => event.id === eventId);
  if (parked.length === 0) {
    const isDecided = decisionAbout(document, 'redeliver', eventId) !== undefined;
    return { outcome: isDecided ? 'due_again' : 'not_parked', order: document };
  }
  const channels = parked.map(({ channel }) => channel);
  const due = makeDueAgain(document, { channels, eventId }, now);
  const decision = { decision: 'redeliver', about: eventId, by, at: now, reason } as const;
  return { outcome: 'due_again', order: withDecisionEvent(due, decision) };
}
