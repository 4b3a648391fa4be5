/** A person's decision about an order; who decided, when and why stays with the order for good. */
export interface Decision {
  decision: 'giveUpRefund';
  /** The number that it is about: of a refund, say. */
  about: string;
  /** The openid of the admin, or `service`. */
  by: string;
  at: Date;
  /** The reason in the words of who decided. */
  reason: string;
}

/** A document about which people decide. */
export interface DecisionRecord {
  /** In the order in which they were taken; absent while there are none. */
  decisions?: readonly Decision[];
}

/** Adds a decision. */
export function withDecision<T extends DecisionRecord>(record: T, decision: Decision): T {
  return { ...record, decisions: [...(record.decisions ?? []), decision] };
}
