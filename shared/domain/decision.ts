/** Keeps what people decided about orders and their money. Pure. */

import { type EventJournal, hasEvent, withEvent } from './order/event.ts';

/** The decisions that there are. */
export const DECISIONS = [
  'acceptPayment',
  'refundPayment',
  'leave',
  'giveUpRefund',
  'redeliver',
] as const;

export type DecisionName = (typeof DECISIONS)[number];

/** A person's decision about an order; who decided, when and why stays with the order for good. */
export interface Decision {
  decision: DecisionName;
  /** Names the object of it: the id of a payment or of an event, the number of a refund. */
  about: string;
  /** The kind of attention that was left as it is (`leave`); see attention/attention.ts. */
  attention?: string;
  /** The openid of the admin, or `service`. */
  by: string;
  at: Date;
  /** The reason in the words of who decided. */
  reason: string;
}

/** Who decided, and why. */
export type DecidedBy = Pick<Decision, 'by' | 'reason'>;

/** A document about which people decide. */
export interface DecisionRecord {
  /** In the order in which they were taken; absent while there are none. */
  decisions?: readonly Decision[];
}

/** Adds a decision. */
export function withDecision<T extends DecisionRecord>(record: T, decision: Decision): T {
  return { ...record, decisions: [...(record.decisions ?? []), decision] };
}

/** Adds a decision, and the event that tells of it; one that is taken once more is told once more. */
export function withDecisionEvent<T extends DecisionRecord & EventJournal>(
  document: T,
  decision: Decision,
): T {
  const { attention, about, at } = decision;
  const words = [decision.decision, attention, about].filter((word) => word !== undefined);
  const what = words.join(' ');
  const again = (document.decisions?.length ?? 0) + 1;
  const hasSame = hasEvent(document, 'order.decided', what);
  const named = hasSame ? `${what} ${again}` : what;
  return withEvent(withDecision(document, decision), 'order.decided', at, named);
}

/** Finds the decision of this kind about something; the last, where it was taken more than once. */
export function decisionAbout(
  { decisions = [] }: DecisionRecord,
  decision: DecisionName,
  about: string,
): Decision | undefined {
  return decisions.findLast((each) => each.decision === decision && each.about === about);
}
