import cloudbase from '@cloudbase/node-sdk';
import { createChannels } from '../../channel/channels.ts';
import type { Clock } from '../../ports/clock.ts';
import type { MerchantChannels } from '../../ports/merchant.ts';
import type { RandomBytes } from '../../ports/random.ts';
import { callFunction } from '../callFunction.ts';
import type { MerchantConfig } from '../config.ts';

/** Makes the ways to the merchant's own functions, through the platform, and to its address. */
export function wireMerchant(
  { eventsKeys: keys, ...config }: MerchantConfig,
  clock: Clock,
  randomBytes: RandomBytes,
): MerchantChannels {
  const app = cloudbase.init({ env: cloudbase.SYMBOL_CURRENT_ENV });
  return createChannels(
    { keys, ...config },
    {
      now: clock.now,
      randomBytes,
      callFunction: (name, data, timeoutMs) => callFunction(app, { name, data }, timeoutMs),
    },
  );
}
