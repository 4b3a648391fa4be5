import { type CollectionResource, resources } from '../../resources.ts';
import { knownFunction } from './contractOf.ts';
import { faultsOf } from './faults.ts';
import { type Written, type WrittenFunction, written } from './serverlessYml.ts';

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
  const own = Object.fromEntries(
    Object.entries(collections).map(([name, one]) => [name, collectionOf(one)]),
  );
  const { stage, region, envId, runtime, engine, domain, storage } = provider;
  return {
    name: service,
    stage,
    region,
    envId,
    runtime,
    engine,
    storage,
    ...(domain === undefined ? {} : { domain }),
    functions: Object.entries(functions).map(([name, one]) => functionOf(name, one, provider)),
    collections: { ...own, ...resources.collections },
  };
}

/** zod says `undefined` where our types say absent. */
function collectionOf({ acl, indexes }: Written['collections'][string]): CollectionResource {
  return {
    acl,
    indexes: indexes.map(({ name, keys, unique, sparse }) => ({
      name,
      keys,
      ...(unique === undefined ? {} : { unique }),
      ...(sparse === undefined ? {} : { sparse }),
    })),
  };
}

function functionOf(
  name: string,
  one: WrittenFunction,
  provider: Written['provider'],
): ServiceFunction {
  const known = knownFunction(name);
  const shared = Object.entries(provider.environment).filter(([key]) => known?.keys.includes(key));
  const own = Object.entries(one.environment);
  const set = [...shared, ...own].filter(([, value]) => value !== null && value !== '');
  const of = <K extends 'timer' | 'http'>(kind: K) =>
    one.events.flatMap((event) => (event[kind] ? [event[kind]] : []));
  return {
    name,
    timeoutS: one.timeout ?? provider.timeout,
    memoryMb: one.memorySize ?? provider.memorySize,
    environment: Object.fromEntries(set.map(([key, value]) => [key, String(value)])),
    ...(known ? { environmentKeys: known.keys } : {}),
    clientMayCall: known?.clientMayCall ?? one.access !== 'none',
    timers: of('timer'),
    routes: of('http'),
  };
}
