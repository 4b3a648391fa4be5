import type { Caller } from '../../contract/callers.ts';
import type { Clock } from '../../ports/clock.ts';
import type { GatewayOf, NotificationDoor } from '../../ports/gateway.ts';
import type { Log } from '../../ports/log.ts';
import type { RandomBytes } from '../../ports/random.ts';
import type { Settings } from '../../ports/settings.ts';
import type { OrderStore } from '../../ports/store.ts';
import type { RumourDoor } from '../../ports/unsignedNotice.ts';
import type { ClaimDoor } from '../../ports/unverifiedClaim.ts';

/** What use cases work with; each names the ones it needs. */
export interface Tools {
  settings: Settings;
  gatewayOf: GatewayOf;
  door: NotificationDoor;
  claims: ClaimDoor;
  rumours: RumourDoor;
  store: OrderStore;
  clock: Clock;
  randomBytes: RandomBytes;
}

/** One invocation: who asks, how much time is left, and its log line. */
export interface Call {
  caller: Caller;
  /** Milliseconds until the platform or WeChat gives up on us. */
  remainingMs(): number;
  log: Log;
}
