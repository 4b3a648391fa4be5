/** Lists the ways by which deliveries reach the merchant (通道): a cloud function, an https address. */
export const CHANNELS = ['function', 'url'] as const;

export type Channel = (typeof CHANNELS)[number];

/** How far an event has come on one channel. `attempts` counts the calls that were begun. */
export type Delivery =
  | WaitingDelivery
  | { state: 'delivered'; attempts: number; deliveredAt: Date }
  | ParkedDelivery;

/** 搁置: not attempted any more by itself; visible, and delivered again on request. */
export interface ParkedDelivery {
  state: 'parked';
  attempts: number;
  parkedAt: Date;
  lastError: string;
}

/** A delivery that is to be attempted at `nextAt`, or again then where an attempt is under way. */
export interface WaitingDelivery {
  state: 'waiting';
  attempts: number;
  /** When its schedule began. */
  since: Date;
  nextAt: Date;
  /** An attempt was begun, and its outcome is not written down. */
  isUnderWay?: true;
  /** Attempts of an earlier schedule, before somebody asked for it again. */
  earlierAttempts?: number;
  lastError?: string;
}

/**
 * The deliveries of an event by channel. Empty until the first look, which fixes the channels: one that
 * is configured later gets no past.
 */
export type Deliveries = Readonly<Partial<Record<Channel, Delivery>>>;

/** The outcome of one attempt to deliver. */
export type DeliveryOutcome =
  /** The merchant answered that it has arrived. */
  | { kind: 'accepted' }
  /** Anything else but silence; `retryAfterMs` where the merchant says how long to wait. */
  | { kind: 'refused'; reason: string; retryAfterMs?: number }
  /** The merchant wants no more of it on this channel (410). */
  | { kind: 'gone' }
  /** No answer in time: it may have arrived. */
  | { kind: 'timed_out' };
