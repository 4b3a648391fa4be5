import type { Clock } from '../ports/clock.ts';
import { GatewayError } from '../ports/gateway.ts';
import type { Settings } from '../ports/settings.ts';
import type { Call, Tools } from '../usecases/tools.ts';
import type { Config } from './config.ts';
import { systemClock, systemRandom } from './system.ts';
import { wireDoor } from './wireDoor.ts';
import { wireGateway } from './wireGateway.ts';
import { wireStore } from './wireStore.ts';

/**
 * Picks the adapters: the only place that does. Each is made at its first use and kept for the life
 * of the instance; the build leaves out those that a function's contract does not need.
 */
export function wire(config: Config, clock: Clock = systemClock): (call: Call) => Tools {
  const settings = settingsOf(config);
  const gateway = once(() => wireGateway(config, clock, systemRandom));
  const door = once(() => wireDoor(config, clock, systemRandom));
  const storeFor = once(() => wireStore(clock, systemRandom));
  return (call) => ({
    settings,
    clock,
    randomBytes: systemRandom,
    get store() {
      return storeFor()(call);
    },
    get door() {
      return door();
    },
    gatewayOf: (link) => {
      if (link === config.link) return gateway();
      throw new GatewayError(
        'LINK_NOT_CONFIGURED',
        'never',
        `该订单经 ${link} 下单，但此链路未配置 (the order was placed through ${link}, not configured)`,
      );
    },
  });
}

function settingsOf(config: Config): Settings {
  const { link, mchid, appid, orderTtlMs, priceSource, closeMinAgeMs, envId } = config;
  return {
    merchant: { link, mchid, appid },
    orderTtlMs,
    priceSource,
    ...(closeMinAgeMs === undefined ? {} : { closeMinAgeMs }),
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
