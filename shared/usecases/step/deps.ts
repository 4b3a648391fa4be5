import type { Caller } from '../../contract/callers.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DisabledChannels } from '../../ports/disabledChannels.ts';
import type { GatewayOf, NotificationVerifier } from '../../ports/gateway.ts';
import type { Log } from '../../ports/log.ts';
import type { AskPrice, MerchantChannels } from '../../ports/merchant.ts';
import type { PayerStore } from '../../ports/payers.ts';
import type { RandomBytes } from '../../ports/random.ts';
import type { Settings } from '../../ports/settings.ts';
import type { OrderStore } from '../../ports/store.ts';
import type { UnsignedNoticeParser } from '../../ports/unsignedNotice.ts';
import type { ClaimParser } from '../../ports/unverifiedClaim.ts';

/** The parts of the world that use cases work with; each names those it needs. */
export interface UseCaseDeps {
  settings: Settings;
  gatewayOf: GatewayOf;
  /** This very call has the platform's token, without which nothing can be asked through cloud pay. */
  hasPayToken: boolean;
  /** Calls this very function once more, in an instance of its own, and waits for its answer. */
  callSelf(data: object, timeoutMs: number): Promise<unknown>;
  verifyNotification: NotificationVerifier;
  /** Calls `deliverEvents`, and waits for its answer; absent without a key that the merchant has too. */
  callDeliverEvents?: ((data: object) => Promise<unknown>) | undefined;
  disabledChannels: DisabledChannels;
  /** Where the merchant is told of events: its own function and its address. */
  merchant: MerchantChannels;
  askPrice: AskPrice;
  claims: ClaimParser;
  parseUnsignedNotice: UnsignedNoticeParser;
  store: OrderStore;
  payers: PayerStore;
  clock: Clock;
  randomBytes: RandomBytes;
}

/** One invocation: its id, who calls, how much time is left, and its log line. */
export interface Invocation {
  /** The platform's id of this call; empty where it gives none. */
  requestId: string;
  caller: Caller;
  /** Milliseconds until the platform or WeChat gives up on us. */
  remainingMs(): number;
  log: Log;
  /** Takes the numbers of documents that have something to deliver; it is started at the end. */
  toDeliver?: Set<string>;
}
