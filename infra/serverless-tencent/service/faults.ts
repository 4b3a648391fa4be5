import { resources } from '../../resources.ts';
import { knownFunction, knownKeys } from './contractOf.ts';
import { cronFault } from './cron.ts';
import type { Written, WrittenFunction } from './serverlessYml.ts';

/** Shorter than this, a function of that form cannot do its work. Its SDK calls fit into what is left. */
const timeoutMinS = { call: 10, http: 6, timer: 20 } as const;

/** What a schema cannot tell: everything that is wrong, each with its path. */
export function faultsOf({ provider, functions, collections }: Written): string[] {
  const strangers = Object.keys(provider.environment).filter((key) => !knownKeys.includes(key));
  const taken = Object.keys(collections).filter((name) =>
    Object.hasOwn(resources.collections, name),
  );
  return [
    ...strangers.map(
      (key) => `provider.environment.${key}: 没有函数使用该变量 (no function reads it)`,
    ),
    ...taken.map(
      (name) => `collections.${name}: 由本项目定义，不可改写 (defined by the project itself)`,
    ),
    ...Object.entries(functions).flatMap(([name, one]) =>
      functionFaults(name, one, provider).map((fault) => `functions.${name}.${fault}`),
    ),
    ...repeatedPaths(functions),
  ];
}

function functionFaults(
  name: string,
  one: WrittenFunction,
  provider: Written['provider'],
): string[] {
  const keys = knownFunction(name)?.keys;
  const wanted = `functions/${name}/index.main`;
  const memory = one.memorySize ?? provider.memorySize;
  const strangers = Object.keys(one.environment).filter((key) => keys && !keys.includes(key));
  return [
    ...(one.handler === wanted ? [] : [`handler: 应为 ${wanted} (is expected)`]),
    ...(memory === 64 || (memory % 128 === 0 && memory >= 128 && memory <= 3072)
      ? []
      : [
          `memorySize: ${memory}，应为 64，或 128 到 3072 之间 128 的倍数 (64, or a multiple of 128)`,
        ]),
    ...strangers.map(
      (key) => `environment.${key}: 该函数不使用此变量 (this function does not read it)`,
    ),
    ...(keys && one.access ? ['access: 由 callers.ts 决定 (decided by callers.ts)'] : []),
    ...timeoutFault(name, one.timeout ?? provider.timeout),
    ...one.events.flatMap((event, at) => eventFaults(name, event).map((f) => `events.${at}.${f}`)),
    ...repeatedTimers(one),
  ];
}

function repeatedTimers({ events }: WrittenFunction): string[] {
  const names = events.flatMap(({ timer: due }) => (due ? [due.name] : []));
  return names
    .filter((name, at) => names.indexOf(name) < at)
    .map((name) => `events: 定时触发器 ${name} 重复 (the name of the timer is taken)`);
}

function timeoutFault(name: string, timeoutS: number): string[] {
  const form = knownFunction(name)?.form;
  const minS = form === undefined ? 1 : timeoutMinS[form];
  if (timeoutS >= minS) return [];
  return [
    `timeout: ${timeoutS} 秒过短，至少 ${minS} 秒，否则数据库与微信支付的调用没有时间完成 (too short for its calls: at least ${minS} s)`,
  ];
}

function eventFaults(name: string, { timer: due, http: route }: WrittenFunction['events'][number]) {
  const form = knownFunction(name)?.form;
  const cron = due && cronFault(due.cron);
  return [
    ...(cron ? [`timer.cron: ${cron}`] : []),
    ...(due && form !== undefined && form !== 'timer'
      ? ['timer: 该函数不接受定时触发 (this function takes no timer)']
      : []),
    ...(route && form !== undefined && form !== 'http'
      ? ['http: 该函数不可暴露为 HTTP，路由没有调用者身份 (not over HTTP: a route has no caller)']
      : []),
  ];
}

function repeatedPaths(functions: Written['functions']): string[] {
  const paths = Object.entries(functions).flatMap(([name, { events }]) =>
    events.flatMap(({ http: route }) => (route ? [{ name, path: route.path }] : [])),
  );
  return paths
    .filter(({ path }, at) => paths.findIndex((other) => other.path === path) < at)
    .map(({ name, path }) => `functions.${name}.events: 路径 ${path} 重复 (the path is taken)`);
}
