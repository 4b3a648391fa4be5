import { createHash } from 'node:crypto';
import { signMessage } from '../contract/event/signature.ts';
import { CHANNELS } from '../domain/delivery/deliveryState.ts';
import type { MerchantChannels } from '../ports/merchant.ts';
import type { RandomBytes } from '../ports/random.ts';
import { type CallFunction, deliverToFunction } from './functionChannel.ts';
import { deliverToUrl, internetGuard, loopbackGuard } from './urlChannel.ts';

/** The merchant's side, as it is configured. */
export interface MerchantOptions {
  /** The newest first; without any nothing is sent. */
  keys: readonly Uint8Array[];
  fulfilFunction: string;
  /** The address that deliveries go to beside the function. */
  eventsUrl?: string;
  /** WeChat Pay is a local one: then deliveries reach this machine alone. */
  isLocal: boolean;
}

/** The world that the channels work with. */
export interface ChannelDeps {
  callFunction: CallFunction;
  now(): Date;
  randomBytes: RandomBytes;
}

/** Makes the ways to the merchant's functions and address; all that they carry is signed as it leaves. */
export function createChannels(
  options: MerchantOptions,
  deps: Omit<ChannelDeps, 'randomBytes'>,
): MerchantChannels {
  const { keys, fulfilFunction, eventsUrl, isLocal } = options;
  const { callFunction, now } = deps;
  const guard = isLocal ? loopbackGuard : internetGuard;
  const channels = CHANNELS.filter((each) => each === 'function' || eventsUrl !== undefined);
  return {
    channels: keys.length === 0 ? [] : channels,
    placeOf: (channel) => {
      const place = channel === 'function' ? fulfilFunction : (eventsUrl ?? '');
      return createHash('sha256').update(place).digest('hex');
    },
    deliver: async (channel, message, timeoutMs) => {
      if (keys.length === 0) return { kind: 'refused', reason: 'EVENTS_KEY_MISSING' };
      const signed = signMessage(keys, message, now());
      if (channel === 'function') {
        return deliverToFunction(() => callFunction(fulfilFunction, signed, timeoutMs));
      }
      if (eventsUrl === undefined) return { kind: 'refused', reason: 'EVENTS_URL_MISSING' };
      return deliverToUrl(signed, { url: eventsUrl, guard, now }, timeoutMs);
    },
  };
}
