import cloudbase from '@cloudbase/node-sdk';
import { createChannels } from '../../../channel/channels.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { MerchantChannels } from '../../../ports/merchant.ts';
import { callFunction } from '../../callFunction.ts';
import type { MerchantConfig } from '../../config.ts';

/** Makes the ways on which the merchant is told: its own function, through the platform, and its address. */
export function wireMerchant(
  { eventsKeys: keys, quoteFunction: _, ...config }: MerchantConfig,
  clock: Clock,
): MerchantChannels {
  const app = cloudbase.init({ env: cloudbase.SYMBOL_CURRENT_ENV });
  return createChannels(
    { keys, ...config },
    {
      now: clock.now,
      callFunction: (name, data, timeoutMs) => callFunction(app, { name, data }, timeoutMs),
    },
  );
}
