import { createNotificationDoor } from '../gateway/apiV3/notification.ts';
import type { NotificationDoor } from '../ports/gateway.ts';
import type { Config } from './config.ts';
import { wireKeys } from './wireKeys.ts';

/** The door for WeChat Pay's notifications. */
export function wireDoor(config: Config): NotificationDoor {
  return createNotificationDoor(wireKeys(config));
}
