import { createHosts } from '../../gateway/apiV3/hosts.ts';
import { createNotificationVerifier } from '../../gateway/apiV3/notification.ts';
import { createPlatformKeys } from '../../gateway/apiV3/platformKeys.ts';
import { merchantModeOf } from '../../gateway/apiV3/wire/merchantMode.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CallWatch, NotificationVerifier } from '../../ports/gateway.ts';
import type { RandomBytes } from '../../ports/random.ts';
import type { ApiV3Config, Config } from '../config.ts';
import { createTransport } from '../https.ts';
import { wireKeys } from './keys.ts';

/** Makes the verifiers of WeChat Pay's notifications, each with the watch of its invocation. */
export function wireNotifications(
  config: Config,
  direct: ApiV3Config,
  clock: Clock,
  randomBytes: RandomBytes,
): (watch: CallWatch) => NotificationVerifier {
  const keys = wireKeys(config, direct);
  const hosts = createHosts(direct.apiUrl);
  const context = { keys, transport: createTransport(), now: clock.now, randomBytes, hosts };
  const platformKeys = createPlatformKeys(context);
  const mode = merchantModeOf(direct.provider);
  return (watch) => createNotificationVerifier(keys, platformKeys, mode, watch);
}
