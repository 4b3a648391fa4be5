/** The events of an order and its refunds that the merchant gets; each happens once. */
export type OrderEventType =
  | 'order.paid'
  | 'order.paid_after_close'
  | 'order.closed'
  | 'order.mismatch'
  | 'order.orphan'
  | 'order.duplicate_payment'
  | 'order.unknown_at_wechat'
  | 'order.unknown_trade_state'
  | 'refund.success'
  | 'refund.closed'
  | 'refund.abnormal'
  | 'refund.external'
  | 'refund.mismatch'
  | 'refund.unknown_state'
  | 'refund.unknown_at_wechat'
  | 'refund.unverified';

/** An event, kept in the order document until it is delivered. */
export interface OrderEvent {
  /** Stable and unique: order number, dot, `seq`. */
  id: string;
  /** 1, 2, 3 … within one order. */
  seq: number;
  type: OrderEventType;
  at: Date;
  /** Distinguishes events of one type: a transaction id, an unknown code, what differs, a refund number. */
  about?: string;
}

/** A document that carries events. */
export interface EventJournal {
  outTradeNo: string;
  events: readonly OrderEvent[];
  /** When the events are delivered to the merchant; null when none waits. */
  deliverAt: Date | null;
}

/** Tells whether an event is there already. */
export function hasEvent(journal: EventJournal, type: OrderEventType, about?: string): boolean {
  return journal.events.some((event) => event.type === type && event.about === about);
}

/** Adds an event, unless the same one is there; then the journal is returned as it is. */
export function withEvent<T extends EventJournal>(
  journal: T,
  type: OrderEventType,
  at: Date,
  about?: string,
): T {
  if (hasEvent(journal, type, about)) return journal;
  const seq = (journal.events.at(-1)?.seq ?? 0) + 1;
  const event: OrderEvent = { id: `${journal.outTradeNo}.${seq}`, seq, type, at };
  if (about !== undefined) event.about = about;
  return { ...journal, events: [...journal.events, event], deliverAt: journal.deliverAt ?? at };
}
