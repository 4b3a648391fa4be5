import { createApiV3For } from '../../gateway/apiV3/client.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CallWatch, Gateway } from '../../ports/gateway.ts';
import type { RandomBytes } from '../../ports/random.ts';
import type { ApiV3Config, Config } from '../config.ts';
import { createTransport } from '../https.ts';
import { wireKeys } from './keys.ts';

/** Makes the direct link, with the keys of the merchant or of its provider. */
export function wireApiV3(
  config: Config,
  direct: ApiV3Config,
  clock: Clock,
  randomBytes: RandomBytes,
): (watch: CallWatch) => Gateway {
  const { provider } = direct;
  const subMerchant = provider && { mchid: config.mchid, spAppid: provider.appid };
  return createApiV3For({
    keys: wireKeys(config, direct),
    transport: createTransport(),
    now: clock.now,
    randomBytes,
    apiUrl: direct.apiUrl,
    notifyUrl: direct.notifyUrl,
    refundNotifyUrl: direct.refundNotifyUrl,
    ...(subMerchant ? { subMerchant } : {}),
  });
}
