import type { FunctionName } from '../../contract/callers.ts';
import { failure } from '../../gateway/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CallWatch, GatewayOf, NotificationVerifier } from '../../ports/gateway.ts';
import type { Settings } from '../../ports/settings.ts';
import type { UseCaseDeps } from '../../usecases/step/deps.ts';
import type { Config } from '../config.ts';
import { hasPayToken } from '../invocation/caller.ts';
import type { FunctionInvocation } from '../invocation/invocation.ts';
import { selfKeyOf, startKeysOf } from '../selfCall.ts';
import { systemClock, systemRandom } from '../system.ts';
import { wireApiV3 } from './apiV3.ts';
import { createCallWatch } from './callWatch.ts';
import { wireClaims, wireCloudPay } from './cloudPay.ts';
import { wireDeliveries } from './deliveries.ts';
import { wireMerchant } from './merchant/merchant.ts';
import { wireQuotes } from './merchant/quotes.ts';
import { wireNotifications } from './notifications.ts';
import { wirePayers } from './payers.ts';
import { wireSelf } from './self.ts';
import { wireDisabledChannels, wireStore } from './store.ts';
import { wireUnsignedNotices } from './unsignedNotices.ts';

/**
 * Picks the adapters: no other file does. Each is made at its first use and lives as long as the
 * instance; the build leaves out those that a function's contract does not need.
 */
export function wire(
  name: FunctionName,
  config: Config,
  clock: Clock = systemClock,
): (invocation: FunctionInvocation) => UseCaseDeps {
  const adapters = adaptersOf(name, config, clock);
  return (invocation) => new WiredDeps(adapters, invocation);
}

function adaptersOf(name: FunctionName, config: Config, clock: Clock) {
  const direct = directLink(config, clock);
  return {
    clock,
    settings: settingsOf(config),
    verifierFor: direct?.verifyNotification,
    gatewaysFor: gatewaysOf(config, direct),
    claims: once(wireClaims),
    parseUnsignedNotice: once(() => wireUnsignedNotices(config)),
    storeFor: once(() => wireStore(clock, systemRandom)),
    payersFor: once(() => wirePayers(clock)),
    merchant: once(() => wireMerchant(config.merchant, clock)),
    askPrice: once(() => wireQuotes(config.merchant, clock, systemRandom)),
    ownCalls: ownCallsOf(name, config, clock),
    channelsFor: once(() => wireDisabledChannels(clock)),
  };
}

/**
 * The parts of the world as one invocation has them. A class, since an object with getters of its own takes
 * longer to make than an order to read: a tenth of what a callback costs beside its cryptography.
 */
class WiredDeps implements UseCaseDeps {
  readonly #adapters: ReturnType<typeof adaptersOf>;
  readonly #invocation: FunctionInvocation;
  readonly #watch: CallWatch;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly randomBytes = systemRandom;
  readonly hasPayToken: boolean;
  readonly callSelf: UseCaseDeps['callSelf'];
  readonly callDeliverEvents: UseCaseDeps['callDeliverEvents'];

  constructor(adapters: ReturnType<typeof adaptersOf>, invocation: FunctionInvocation) {
    this.#adapters = adapters;
    this.#invocation = invocation;
    this.#watch = createCallWatch(invocation, adapters.clock);
    this.settings = adapters.settings;
    this.clock = adapters.clock;
    this.hasPayToken = hasPayToken(invocation.variables);
    this.callSelf = adapters.ownCalls.callSelf;
    this.callDeliverEvents = adapters.ownCalls.callDeliverEvents;
  }

  get store() {
    return this.#adapters.storeFor()(this.#invocation);
  }
  get payers() {
    return this.#adapters.payersFor()(this.#invocation);
  }
  get disabledChannels() {
    return this.#adapters.channelsFor()(this.#invocation);
  }
  get verifyNotification() {
    return this.#adapters.verifierFor?.()(this.#watch) ?? rejectWithoutKeys;
  }
  get merchant() {
    return this.#adapters.merchant();
  }
  get askPrice() {
    return this.#adapters.askPrice();
  }
  get claims() {
    return this.#adapters.claims();
  }
  get parseUnsignedNotice() {
    return this.#adapters.parseUnsignedNotice();
  }
  get gatewayOf() {
    return this.#adapters.gatewaysFor(this.#invocation, this.#watch);
  }
}

/** Makes the gateways of each invocation, all of whose calls its watch sees. */
function gatewaysOf(config: Config, direct: ReturnType<typeof directLink>) {
  const { envId } = config;
  const cloudPay =
    envId === undefined ? undefined : once(() => wireCloudPay(config, envId, systemRandom));
  return (invocation: FunctionInvocation, watch: CallWatch): GatewayOf => {
    return (link) => {
      if (link === 'cloudPay' && cloudPay) return cloudPay()(invocation, watch);
      if (link === 'apiV3' && direct) return direct.gateway()(watch);
      throw failure('LINK_NOT_CONFIGURED', 'never', { found: link });
    };
  };
}

/** Makes the calls of our functions by themselves; none starts deliveries without a key to sign it. */
function ownCallsOf(
  name: FunctionName,
  config: Config,
  clock: Clock,
): Pick<UseCaseDeps, 'callSelf' | 'callDeliverEvents'> {
  const callee = { name, envId: config.envId ?? '', appid: config.appid };
  const selfKey = selfKeyOf(config);
  const callSelf = once(() => (selfKey ? wireSelf(callee, selfKey, clock) : refuseSelf));
  const self = { callSelf: (data: object, timeoutMs: number) => callSelf()(data, timeoutMs) };
  const [startKey] = startKeysOf(config);
  if (startKey === undefined) return self;
  const deliveries = once(() => wireDeliveries(callee, startKey, clock));
  return { ...self, callDeliverEvents: (data) => deliveries()(data) };
}

function directLink(config: Config, clock: Clock) {
  const { apiV3 } = config;
  if (!apiV3) return undefined;
  return {
    gateway: once(() => wireApiV3(config, apiV3, clock, systemRandom)),
    verifyNotification: once(() => wireNotifications(config, apiV3, clock, systemRandom)),
  };
}

/** Refuses every notification, for want of keys; WeChat sends it again until they are there. */
const rejectWithoutKeys: NotificationVerifier = async () => ({
  kind: 'refused',
  status: 500,
  reason: 'link_not_configured',
  probe: false,
});

/** Refuses calls of itself: without an APIv3 key there is nothing to share. */
const refuseSelf = async (): Promise<never> => {
  throw new Error('no APIv3 key to sign a call with');
};

function settingsOf(config: Config): Settings {
  const { link, mchid, appid, orderTtlMs, priceSource, closeMinAgeMs, envId } = config;
  const { checkConcurrency, orderLimits } = config;
  // Cloud pay has a provider of its own, Tencent, which no order needs to name.
  const spMchid = link === 'apiV3' ? config.apiV3?.provider?.mchid : undefined;
  return {
    merchant: { link, mchid, appid, ...(spMchid === undefined ? {} : { spMchid }) },
    orderTtlMs,
    orderLimits,
    priceSource,
    ...(closeMinAgeMs === undefined ? {} : { closeMinAgeMs }),
    ...(checkConcurrency === undefined ? {} : { checkConcurrency }),
    ...(envId === undefined ? {} : { envId }),
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
