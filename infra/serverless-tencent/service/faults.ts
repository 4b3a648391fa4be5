import { resources } from '../../resources.ts';
import { allEnvironmentKeys, contractOf } from './contractOf.ts';
import { cronFault } from './cron.ts';
import { functionLimitFaults, indexFaults } from './limits.ts';
import type { ServerlessYml, YmlFunction } from './serverlessYml.ts';

/**
 * The shortest time-out, in seconds, that leaves a function of each form enough time for its SDK
 * calls.
 */
const TIMEOUT_MIN_S = { call: 10, http: 6, timer: 20 } as const;

/** Lists the faults that a schema cannot find, each with its path. */
export function faultsOf({ provider, functions, collections }: ServerlessYml): string[] {
  const unreadKeys = Object.keys(provider.environment).filter(
    (key) => !allEnvironmentKeys.includes(key),
  );
  const reserved = Object.keys(collections).filter((name) => isReserved(name, functions));
  return [
    ...unreadKeys.map(
      (key) => `provider.environment.${key}: 没有函数使用该变量 (no function reads it)`,
    ),
    ...reserved.map(
      (name) => `collections.${name}: 由本项目定义，不可改写 (defined by the project itself)`,
    ),
    ...Object.entries(functions).flatMap(([name, fn]) =>
      functionFaults(name, fn, provider).map((fault) => `functions.${name}.${fault}`),
    ),
    ...repeatedPathFaults(functions),
    ...functionLimitFaults(functions),
    ...indexFaults(collections),
  ];
}

/** The collection of a sample is free where the merchant has left that sample out. */
function isReserved(name: string, functions: ServerlessYml['functions']): boolean {
  if (!Object.hasOwn(resources.collections, name)) return false;
  const sample = resources.collections[name]?.sampleOf;
  return sample === undefined || Object.hasOwn(functions, sample);
}

function functionFaults(
  name: string,
  fn: YmlFunction,
  provider: ServerlessYml['provider'],
): string[] {
  const contract = contractOf(name);
  const keys = contract?.isSample ? undefined : contract?.keys;
  const expected = `functions/${name}/index.main`;
  const memory = fn.memorySize ?? provider.memorySize;
  const unreadKeys = Object.keys(fn.environment).filter((key) => keys && !keys.includes(key));
  return [
    ...(fn.handler === expected ? [] : [`handler: 应为 ${expected} (is expected)`]),
    ...(memory === 64 || (memory % 128 === 0 && memory >= 128 && memory <= 3072)
      ? []
      : [
          `memorySize: ${memory}，应为 64，或 128 到 3072 之间 128 的倍数 (64, or a multiple of 128)`,
        ]),
    ...unreadKeys.map(
      (key) => `environment.${key}: 该函数不使用此变量 (this function does not read it)`,
    ),
    ...(contract && fn.access ? ['access: 由 callers.ts 决定 (decided by callers.ts)'] : []),
    ...timeoutFaults(name, fn.timeout ?? provider.timeout),
    ...fn.events.flatMap((event, index) =>
      eventFaults(name, event).map((f) => `events.${index}.${f}`),
    ),
    ...repeatedTimerFaults(fn),
  ];
}

function repeatedTimerFaults({ events }: YmlFunction): string[] {
  const names = events.flatMap(({ timer }) => (timer ? [timer.name] : []));
  return names
    .filter((name, index) => names.indexOf(name) < index)
    .map((name) => `events: 定时触发器 ${name} 重复 (the name of the timer is taken)`);
}

function timeoutFaults(name: string, timeoutS: number): string[] {
  const form = contractOf(name)?.form;
  const minS = form === undefined ? 1 : TIMEOUT_MIN_S[form];
  if (timeoutS >= minS) return [];
  return [
    `timeout: ${timeoutS} 秒过短，至少 ${minS} 秒，否则数据库与微信支付的调用没有时间完成 (too short for its calls: at least ${minS} s)`,
  ];
}

function eventFaults(name: string, { timer, http: route }: YmlFunction['events'][number]) {
  const form = contractOf(name)?.form;
  const cron = timer && cronFault(timer.cron);
  return [
    ...(cron ? [`timer.cron: ${cron}`] : []),
    ...(timer && form !== undefined && form !== 'timer'
      ? ['timer: 该函数不接受定时触发 (this function takes no timer)']
      : []),
    ...(route && form !== undefined && form !== 'http'
      ? ['http: 该函数不可暴露为 HTTP，路由没有调用者身份 (not over HTTP: a route has no caller)']
      : []),
  ];
}

function repeatedPathFaults(functions: ServerlessYml['functions']): string[] {
  const paths = Object.entries(functions).flatMap(([name, { events }]) =>
    events.flatMap(({ http: route }) => (route ? [{ name, path: route.path }] : [])),
  );
  return paths
    .filter(({ path }, index) => paths.findIndex((other) => other.path === path) < index)
    .map(({ name, path }) => `functions.${name}.events: 路径 ${path} 重复 (the path is taken)`);
}
