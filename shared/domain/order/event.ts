import type { Deliveries } from '../delivery/deliveryState.ts';

/** The events of an order and its refunds that the merchant gets; each happens once. */
export type OrderEventType =
  | 'order.paid'
  | 'order.paid_after_close'
  | 'order.closed'
  | 'order.mismatch'
  | 'order.orphan'
  | 'order.duplicate_payment'
  /** Paid, and money went back outside of us; where it comes first, no `order.paid` comes. */
  | 'order.refunded_externally'
  | 'order.unknown_at_wechat'
  /** No more checks are made: nothing could be learnt of it. A person has to look. */
  | 'order.unanswered'
  | 'order.unknown_trade_state'
  | 'refund.success'
  | 'refund.closed'
  | 'refund.abnormal'
  | 'refund.external'
  | 'refund.mismatch'
  | 'refund.unknown_state'
  | 'refund.unknown_at_wechat'
  | 'refund.unverified'
  | 'refund.given_up'
  /** WeChat refused it for good when the timer sent it: its sum is free, its number closed. */
  | 'refund.refused'
  /** A person decided something about its money or its events. */
  | 'order.decided';

/**
 * How loudly the log names each event: `error` where money differs from what was agreed or belongs to
 * nobody, `warn` where a person may have to act. Total, so that a new type is a type error here.
 */
export const EVENT_LEVELS: Record<OrderEventType, 'info' | 'warn' | 'error'> = {
  'order.paid': 'info',
  'order.paid_after_close': 'warn',
  'order.closed': 'info',
  'order.mismatch': 'error',
  'order.orphan': 'error',
  'order.duplicate_payment': 'error',
  'order.refunded_externally': 'warn',
  'order.unknown_at_wechat': 'warn',
  'order.unanswered': 'warn',
  'order.unknown_trade_state': 'error',
  'refund.success': 'info',
  'refund.closed': 'warn',
  'refund.abnormal': 'warn',
  'refund.external': 'warn',
  'refund.mismatch': 'error',
  'refund.unknown_state': 'error',
  'refund.unknown_at_wechat': 'warn',
  'refund.unverified': 'warn',
  'refund.given_up': 'warn',
  'refund.refused': 'warn',
  'order.decided': 'warn',
};

/** Names what an event counts as in the log. */
export const EVENT_COUNTERS: Partial<Record<OrderEventType, 'paid' | 'refunded' | 'mismatches'>> = {
  'order.paid': 'paid',
  'order.paid_after_close': 'paid',
  'order.mismatch': 'mismatches',
  'order.orphan': 'mismatches',
  'order.duplicate_payment': 'mismatches',
  'refund.success': 'refunded',
  'refund.mismatch': 'mismatches',
};

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
  /** How it reaches the merchant; absent where it was written before there were deliveries. */
  deliveries?: Deliveries;
}

/** A document that carries events. */
export interface EventJournal {
  outTradeNo: string;
  events: readonly OrderEvent[];
  /** When the next delivery to the merchant is due; null when none is. */
  deliveryAt: Date | null;
}

/** Tells whether an event is there already. */
export function hasEvent(journal: EventJournal, type: OrderEventType, about?: string): boolean {
  return journal.events.some((event) => event.type === type && event.about === about);
}

/** Adds an event, to be delivered at once, unless the same one is there; then the journal is returned as it is. */
export function withEvent<T extends EventJournal>(
  journal: T,
  type: OrderEventType,
  at: Date,
  about?: string,
): T {
  if (hasEvent(journal, type, about)) return journal;
  const seq = (journal.events.at(-1)?.seq ?? 0) + 1;
  const event: OrderEvent = { id: `${journal.outTradeNo}.${seq}`, seq, type, at, deliveries: {} };
  if (about !== undefined) event.about = about;
  const { deliveryAt } = journal;
  const isDueBefore = deliveryAt !== null && deliveryAt <= at;
  const events = [...journal.events, event];
  return { ...journal, events, deliveryAt: isDueBefore ? deliveryAt : at };
}
