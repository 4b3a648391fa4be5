import cloudbase from '@cloudbase/node-sdk';
import { createQuotes } from '../../../channel/quotes.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { AskPrice } from '../../../ports/merchant.ts';
import type { RandomBytes } from '../../../ports/random.ts';
import { callFunction } from '../../callFunction.ts';
import type { MerchantConfig } from '../../config.ts';

/** Makes the question what something costs, to the merchant's own function through the platform. */
export function wireQuotes(
  { eventsKeys: keys, quoteFunction }: MerchantConfig,
  clock: Clock,
  randomBytes: RandomBytes,
): AskPrice {
  const app = cloudbase.init({ env: cloudbase.SYMBOL_CURRENT_ENV });
  return createQuotes(
    { keys, quoteFunction },
    {
      now: clock.now,
      randomBytes,
      callFunction: (name, data, timeoutMs) => callFunction(app, { name, data }, timeoutMs),
    },
  );
}
