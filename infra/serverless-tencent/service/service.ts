import * as z from 'zod/mini';
import { type CallerKind, callersOf } from '../../../shared/contract/callers.ts';
import { contracts } from '../../../shared/contract/contracts.ts';
import { environmentKeys } from '../../../shared/contract/environment.ts';
import { type CollectionResource, resources } from '../../resources.ts';
import { cronFault } from './cron.ts';

/** A function as it shall be deployed. */
export interface ServiceFunction {
  name: string;
  timeoutS: number;
  memoryMb: number;
  /** What `serverless.yml` sets; an empty value sets nothing. */
  environment: Record<string, string>;
  /** Every key that this function may have; undefined for a function that is not ours. */
  environmentKeys?: readonly string[];
  /** May a mini program call it? The platform's function rule is written from this. */
  clientMayCall: boolean;
  timers: { name: string; cron: string; enabled: boolean }[];
  routes: { path: string; qps: number }[];
}

/** What `serverless.yml` says, checked, defaults filled in. */
export interface Service {
  name: string;
  stage: string;
  region: string;
  envId: string;
  runtime: string;
  engine: 'api' | 'components';
  /** The HTTP access domain of the routes; undefined: the environment's default one. */
  domain?: string;
  /** `private`: cloud storage that every user may read is closed to them; `keep`: left as it is. */
  storage: 'private' | 'keep';
  functions: ServiceFunction[];
  collections: Record<string, CollectionResource>;
}

/** `serverless.yml` asks for what cannot be; the message names each place by its path. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly code = 'SERVICE_INVALID';
}

/** How many requests a second a route takes, unless it says otherwise. */
const QPS = 100;

const timer = z.object({
  name: z.string(),
  cron: z.string(),
  enabled: z._default(z.boolean(), true),
});
const http = z.object({ path: z.string(), qps: z._default(z.number(), QPS) });
const values = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));
const serviceFunction = z.object({
  handler: z.string(),
  timeout: z.optional(z.number()),
  memorySize: z.optional(z.number()),
  access: z.optional(z.enum(['client', 'none'])),
  environment: z._default(values, {}),
  events: z._default(z.array(z.object({ timer: z.optional(timer), http: z.optional(http) })), []),
});
const index = z.object({
  name: z.string(),
  keys: z.record(z.string(), z.union([z.literal(1), z.literal(-1)])),
  unique: z.optional(z.boolean()),
  sparse: z.optional(z.boolean()),
});
const collection = z.object({
  acl: z.enum(['READONLY', 'PRIVATE', 'ADMINWRITE', 'ADMINONLY']),
  indexes: z._default(z.array(index), []),
});
const written = z.object({
  service: z.string(),
  provider: z.object({
    stage: z._default(z.string(), 'dev'),
    region: z.string(),
    envId: z.string(),
    runtime: z.string(),
    engine: z._default(z.enum(['api', 'components']), 'api'),
    domain: z.optional(z.string()),
    storage: z._default(z.enum(['private', 'keep']), 'private'),
    timeout: z._default(z.number(), 20),
    memorySize: z._default(z.number(), 256),
    environment: z._default(values, {}),
  }),
  functions: z.record(z.string(), serviceFunction),
  collections: z._default(z.record(z.string(), collection), {}),
});

type Written = z.infer<typeof written>;
type WrittenFunction = z.infer<typeof serviceFunction>;

/** Reads a resolved `serverless.yml`; throws a {@link ServiceError} that names all that is wrong. */
export function readService(raw: unknown): Service {
  const parsed = written.safeParse(raw);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new ServiceError(faults.join('\n'));
  }
  const { service, provider, functions, collections } = parsed.data;
  const faults = faultsOf(parsed.data);
  if (faults.length > 0) throw new ServiceError(faults.join('\n'));
  const { stage, region, envId, runtime, engine, domain, storage } = provider;
  return {
    ...{ name: service, stage, region, envId, runtime, engine, storage },
    ...(domain === undefined ? {} : { domain }),
    functions: Object.entries(functions).map(([name, one]) => functionOf(name, one, provider)),
    collections: withIndexes({ ...collections, ...resources.collections }),
  };
}

/** zod says `undefined` where our types say absent. */
function withIndexes(collections: Written['collections']): Service['collections'] {
  return JSON.parse(JSON.stringify(collections)) as Service['collections'];
}

function functionOf(
  name: string,
  one: WrittenFunction,
  provider: Written['provider'],
): ServiceFunction {
  const keys = keysOf(name);
  const shared = Object.entries(provider.environment).filter(([key]) => keys?.includes(key));
  const own = Object.entries(one.environment);
  const set = [...shared, ...own].filter(([, value]) => value !== null && value !== '');
  const of = <K extends 'timer' | 'http'>(kind: K) =>
    one.events.flatMap((event) => (event[kind] ? [event[kind]] : []));
  return {
    name,
    timeoutS: one.timeout ?? provider.timeout,
    memoryMb: one.memorySize ?? provider.memorySize,
    environment: Object.fromEntries(set.map(([key, value]) => [key, String(value)])),
    ...(keys ? { environmentKeys: keys } : {}),
    clientMayCall: callersFor(name)?.includes('user') ?? one.access !== 'none',
    timers: of('timer'),
    routes: of('http'),
  };
}

function keysOf(name: string): readonly string[] | undefined {
  const known: Record<string, readonly string[]> = environmentKeys;
  return Object.hasOwn(known, name) ? known[name] : undefined;
}

/** An admin is a user too: the platform's rule lets both in, the function tells them apart. */
function callersFor(name: string): readonly string[] | undefined {
  const known: Record<string, readonly CallerKind[]> = callersOf;
  if (!Object.hasOwn(known, name)) return undefined;
  return known[name]?.map((kind) => (kind === 'admin' ? 'user' : kind));
}

/** Shorter than this, a function of that form cannot do its work. Its SDK calls fit into what is left. */
const timeoutMinS = { call: 10, http: 6, timer: 20 } as const;

function faultsOf({ provider, functions, collections }: Written): string[] {
  const known = [...new Set(Object.values(environmentKeys).flat())] as string[];
  const strangers = Object.keys(provider.environment).filter((key) => !known.includes(key));
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
  const keys = keysOf(name);
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
  const form = formOf(name);
  const minS = form === undefined ? 1 : timeoutMinS[form];
  if (timeoutS >= minS) return [];
  return [
    `timeout: ${timeoutS} 秒过短，至少 ${minS} 秒，否则数据库与微信支付的调用没有时间完成 (too short for its calls: at least ${minS} s)`,
  ];
}

function formOf(name: string): 'call' | 'http' | 'timer' | undefined {
  const known: Record<string, { form: 'call' | 'http' | 'timer' }> = contracts;
  return Object.hasOwn(known, name) ? known[name]?.form : undefined;
}

function eventFaults(name: string, { timer: due, http: route }: WrittenFunction['events'][number]) {
  const form = formOf(name);
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
