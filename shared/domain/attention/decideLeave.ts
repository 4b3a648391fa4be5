/** Decides whether a person may leave something as it is. Total, pure. */

import { type DecidedBy, withDecisionEvent } from '../decision.ts';
import { withNextCheck } from '../order/nextCheck.ts';
import type { OrderDocument } from '../order/order.ts';
import { type AttentionKind, attentionOf } from './attention.ts';

/** The conclusion, and the document as it is to be stored; the very same object unless it was left now. */
export interface LeaveVerdict {
  outcome: 'left' | 'nothing_to_leave';
  order: OrderDocument;
}

/** A decision to leave something that needs a human as it is. */
export type Leave = DecidedBy & { kind: AttentionKind; about: string };

/** Leaves something as it is, with the reason: it is not listed any more, and no money moves. */
export function decideLeave(document: OrderDocument, left: Leave, now: Date): LeaveVerdict {
  const { kind, about, by, reason } = left;
  const isListed = attentionOf(document, now).some(
    (each) => each.kind === kind && each.about === about,
  );
  if (!isListed) {
    const isLeft = document.decisions?.some(
      (each) => each.decision === 'leave' && each.attention === kind && each.about === about,
    );
    return { outcome: isLeft ? 'left' : 'nothing_to_leave', order: document };
  }
  const decided = { decision: 'leave', attention: kind, about, by, reason } as const;
  const decision = { ...decided, at: now };
  return { outcome: 'left', order: withNextCheck(withDecisionEvent(document, decision), now) };
}
