import { type CollectionResource, resources } from '../../resources.ts';
import { contractOf } from './contractOf.ts';
import { faultsOf } from './faults.ts';
import { type ServerlessYml, serverlessYmlSchema, type YmlFunction } from './serverlessYml.ts';

/** A function as `serverless.yml` describes it, defaults filled in. */
export interface ServiceFunction {
  name: string;
  timeoutS: number;
  memoryMb: number;
  /** The variables that `serverless.yml` sets; an empty value sets nothing. */
  environment: Record<string, string>;
  /** Every key that this function may have; undefined for a sample, and a function that is not ours. */
  environmentKeys?: readonly string[];
  /** Whether a mini program may call it. The platform's function rule is written from this. */
  clientMayCall: boolean;
  timers: { name: string; cron: string; enabled: boolean }[];
  routes: { path: string; qps: number }[];
}

/** A service as `serverless.yml` describes it, checked, defaults filled in. */
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
  /** Whether functions start with a code cache, which the deploy has made in the cloud. */
  codeCache: boolean;
  functions: ServiceFunction[];
  collections: Record<string, CollectionResource>;
}

/** `serverless.yml` has faults; the message names each by its path. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly code = 'SERVICE_INVALID';
}

/**
 * Reads a resolved `serverless.yml`; throws a {@link ServiceError} that names all that is wrong.
 */
export function readService(raw: unknown): Service {
  const parsed = serverlessYmlSchema.safeParse(raw);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new ServiceError(faults.join('\n'));
  }
  const { service, provider, functions, collections } = parsed.data;
  const faults = faultsOf(parsed.data);
  if (faults.length > 0) throw new ServiceError(faults.join('\n'));
  const ownCollections = Object.fromEntries(
    Object.entries(collections).map(([name, yml]) => [name, collectionOf(yml)]),
  );
  const { stage, region, envId, runtime, engine, domain, storage, codeCache } = provider;
  return {
    name: service,
    stage,
    region,
    envId,
    runtime,
    engine,
    storage,
    codeCache,
    ...(domain === undefined ? {} : { domain }),
    functions: Object.entries(functions).map(([name, yml]) => functionOf(name, yml, provider)),
    collections: { ...ownCollections, ...resourcesOf(Object.keys(functions)) },
  };
}

/** Finds the collections that these functions work with: those of a sample only where it is deployed. */
function resourcesOf(functions: readonly string[]): Service['collections'] {
  const needed = Object.entries(resources.collections).filter(
    ([, { sampleOf }]) => sampleOf === undefined || functions.includes(sampleOf),
  );
  return Object.fromEntries(needed);
}

/** Makes a collection of what was read: zod says `undefined` where our types say absent. */
function collectionOf({ acl, indexes }: ServerlessYml['collections'][string]): CollectionResource {
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
  yml: YmlFunction,
  provider: ServerlessYml['provider'],
): ServiceFunction {
  const contract = contractOf(name);
  const sharedValues = Object.entries(provider.environment).filter(([key]) =>
    contract?.keys.includes(key),
  );
  const ownValues = Object.entries(yml.environment);
  const values = [...sharedValues, ...ownValues].filter(
    ([, value]) => value !== null && value !== '',
  );
  const eventsOf = <K extends 'timer' | 'http'>(kind: K) =>
    yml.events.flatMap((event) => (event[kind] ? [event[kind]] : []));
  return {
    name,
    timeoutS: yml.timeout ?? provider.timeout,
    memoryMb: yml.memorySize ?? provider.memorySize,
    environment: Object.fromEntries(values.map(([key, value]) => [key, String(value)])),
    ...(contract && !contract.isSample ? { environmentKeys: contract.keys } : {}),
    clientMayCall: contract?.clientMayCall ?? yml.access !== 'none',
    timers: eventsOf('timer'),
    routes: eventsOf('http'),
  };
}
