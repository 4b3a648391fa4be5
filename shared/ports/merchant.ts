import type { Channel, DeliveryOutcome } from '../domain/delivery/deliveryState.ts';

/** A message to the merchant; it is signed when it is sent. */
export interface Message {
  /** The event's stable id: equal in every attempt. */
  id: string;
  /** JSON text, sent byte for byte. */
  body: string;
}

/** The outcome of a quote; what the answer holds is not looked at here. */
export type QuoteOutcome =
  | { kind: 'answered'; answer: unknown }
  | { kind: 'timed_out' }
  /** It answered more than a price needs, which was not read. */
  | { kind: 'too_large' }
  /** Nobody was asked: there is no key to sign the question with. */
  | { kind: 'unsigned' }
  /** The function threw, or could not be called; `reason` is for the log. */
  | { kind: 'failed'; reason: string };

/** Asks the merchant's function what a request costs; never rejects. */
export type AskPrice = (body: string, timeoutMs: number) => Promise<QuoteOutcome>;

/** The ways on which the merchant is told of events. No method rejects. */
export interface MerchantChannels {
  /** The channels that are configured; none without a key to sign with. */
  readonly channels: readonly Channel[];
  /** Names where a channel leads, by a hash: another name or address is another place. */
  placeOf(channel: Channel): string;
  /** Attempts once to deliver an event. */
  deliver(channel: Channel, message: Message, timeoutMs: number): Promise<DeliveryOutcome>;
}
