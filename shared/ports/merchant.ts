/** A way by which deliveries reach the merchant (通道): a cloud function, or an https address. */
export type Channel = 'function' | 'url';

/** A message to the merchant; it is signed when it is sent. */
export interface Message {
  /** The event's stable id: equal in every attempt. */
  id: string;
  /** JSON text, sent byte for byte. */
  body: string;
}

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

/** The outcome of a quote; what the answer holds is not looked at here. */
export type QuoteOutcome =
  | { kind: 'answered'; answer: unknown }
  | { kind: 'timed_out' }
  | { kind: 'failed'; reason: string };

/** The ways to the merchant's own code. No method rejects. */
export interface MerchantChannels {
  /** The channels that are configured; none without a key to sign with. */
  readonly channels: readonly Channel[];
  /** Asks the merchant's function what a request costs. */
  quote(body: string, timeoutMs: number): Promise<QuoteOutcome>;
  /** Attempts once to deliver an event. */
  deliver(channel: Channel, message: Message, timeoutMs: number): Promise<DeliveryOutcome>;
}
