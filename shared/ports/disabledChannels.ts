import type { Channel } from '../domain/delivery/deliveryState.ts';

/** A channel on which the merchant wants no more deliveries (410). */
export interface DisabledChannel {
  channel: Channel;
  /** Where it led then, by a hash: at another place it is not disabled. */
  place: string;
  disabledAt: Date;
}

/** Remembers which channels are disabled. */
export interface DisabledChannels {
  list(): Promise<readonly DisabledChannel[]>;
  disable(channel: DisabledChannel): Promise<void>;
  /** Forgets of these that they are. */
  enable(channels: readonly Channel[]): Promise<void>;
}
