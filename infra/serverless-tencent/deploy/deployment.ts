import type { Package } from '../../build/zip.ts';
import type { Cloud } from '../cloud/cloud.ts';
import { collectionResource } from '../resources/collections.ts';
import { refuseUnknownKeys } from '../resources/desiredFunction.ts';
import { type CloudEnvironment, readEnvironment } from '../resources/environment.ts';
import { functionResource } from '../resources/function.ts';
import { readFunction } from '../resources/functionState.ts';
import { functionRulesResource, storageResource } from '../resources/permissions.ts';
import {
  type DeployOptions,
  DeployRefusal,
  type Resource,
  type Step,
} from '../resources/resource.ts';
import { routesResource } from '../resources/routes.ts';
import { timersResource } from '../resources/timers.ts';
import { listOwnFunctions, unmanagedFunctionsResource } from '../resources/unmanagedFunctions.ts';
import type { Service, ServiceFunction } from '../service/service.ts';
import { converge, type StepListener } from './converge.ts';

/** So many functions are deployed side by side; the API allows some 20 calls a second. */
const CONCURRENCY = 5;

/**
 * A service as `serverless.yml` describes it, the code of its functions, and the cloud to deploy
 * both to.
 */
export interface Deployment {
  cloud: Cloud;
  service: Service;
  /** The packages by function name. */
  code: ReadonlyMap<string, Package>;
  options: DeployOptions;
}

/**
 * Lists everything that a deploy keeps, in its order: data first, then the functions on it, then
 * routes and rules, then functions that may be removed. Resources of one stage do not depend on
 * each other.
 */
function stagesOf(deployment: Deployment, environment: CloudEnvironment): Resource[][] {
  const { cloud, service, options } = deployment;
  const ownFunctions = memoize(async () => new Set(await listOwnFunctions(cloud, service)));
  return [
    [
      ...Object.entries(service.collections).map(([name, desired]) =>
        collectionResource(cloud, environment.database, { name, ...desired }, options),
      ),
      storageResource(cloud, service, environment.bucket),
    ],
    service.functions.map((fn) => functionResourceOf(deployment, fn, environment)),
    service.functions.map((fn) => timersResource(cloud, service, fn, options)),
    [routesResource(cloud, service, ownFunctions, options)],
    [functionRulesResource(cloud, service)],
    [unmanagedFunctionsResource(cloud, service, options)],
  ];
}

function functionResourceOf(
  { cloud, service, code, options }: Deployment,
  fn: ServiceFunction,
  { logTopic }: CloudEnvironment,
): Resource {
  const functionCode = code.get(fn.name);
  if (!functionCode) throw new Error(`${fn.name}: 未打包 (it was not packaged)`);
  return functionResource({ cloud, service, fn, code: functionCode, logTopic, options });
}

/**
 * Brings the cloud to what `serverless.yml` says; answers the steps that were taken. Everything is
 * read first, so that what cannot be done is refused before anything is written.
 */
export async function deployAll(deployment: Deployment, listener: StepListener): Promise<Step[]> {
  const { cloud } = deployment;
  const environment = await readNormalEnvironment(deployment);
  await refuseUnknownUnset(deployment);
  const stages = stagesOf(deployment, environment);
  const outdated = new Set<Resource>();
  await runConcurrently(stages.flat(), async (resource) => {
    if ((await resource.steps()).length > 0) outdated.add(resource);
  });
  const taken: Step[] = [];
  const progress = { done: 0, total: outdated.size };
  listener.onProgress?.({ ...progress });
  for (const stage of stages) {
    const outdatedInStage = stage.filter((resource) => outdated.has(resource));
    const steps = await runConcurrently(outdatedInStage, async (resource) => {
      const done = await converge(resource, cloud.wait, listener);
      progress.done += 1;
      listener.onProgress?.({ ...progress });
      return done;
    });
    taken.push(...steps.flat());
  }
  return taken;
}

/** Deploys one function alone: its code, configuration and timers. */
export async function deployOne(
  deployment: Deployment,
  name: string,
  listener: StepListener,
): Promise<Step[]> {
  const { cloud, service, options } = deployment;
  const fn = service.functions.find((other) => other.name === name);
  if (!fn) throw new Error(`serverless.yml 中没有函数 ${name} (it has no such function)`);
  const environment = await readNormalEnvironment(deployment);
  await refuseUnknownUnset(deployment);
  const resources = [
    functionResourceOf(deployment, fn, environment),
    timersResource(cloud, service, fn, options),
  ];
  // What cannot be done is refused before anything is written, as in a whole deploy.
  for (const resource of resources) await resource.steps();
  const taken: Step[] = [];
  for (const resource of resources) taken.push(...(await converge(resource, cloud.wait, listener)));
  return taken;
}

/** Plans a deploy: its steps, and the names of all that it would leave alone. Writes nothing. */
export async function planAll(
  deployment: Deployment,
): Promise<{ steps: Step[]; unmanaged: string[] }> {
  const environment = await readNormalEnvironment(deployment);
  await refuseUnknownUnset(deployment);
  const resources = stagesOf(deployment, environment).flat();
  const steps = await runConcurrently(resources, (resource) => resource.steps());
  return { steps: steps.flat(), unmanaged: await namesLeft(deployment, resources) };
}

/** Lists the names of all that a deploy leaves alone, since `serverless.yml` does not have it. */
export async function listUnmanaged(deployment: Deployment): Promise<string[]> {
  const environment = await readNormalEnvironment(deployment);
  return namesLeft(deployment, stagesOf(deployment, environment).flat());
}

async function namesLeft({ options }: Deployment, resources: Resource[]): Promise<string[]> {
  if (options.prune) return [];
  const names = await runConcurrently(
    resources,
    async (resource) => (await resource.unmanaged?.()) ?? [],
  );
  return names.flat();
}

/** Reads the environment; throws a {@link DeployRefusal} where nothing can be deployed to it. */
async function readNormalEnvironment({ cloud, service }: Deployment): Promise<CloudEnvironment> {
  const environment = await readEnvironment(cloud, service.envId);
  if (environment.status === 'NORMAL') return environment;
  throw new DeployRefusal(
    'ENVIRONMENT_NOT_NORMAL',
    `环境 ${service.envId} 状态为 ${environment.status}：在云开发控制台恢复后再部署（欠费、隔离或初始化中） ` +
      '(the environment is suspended, unpaid or not ready: see the console)',
  );
}

/** Refuses to take away what no function in the cloud has: silence would read as done. */
async function refuseUnknownUnset({ cloud, service, options }: Deployment): Promise<void> {
  if (options.unset.length === 0) return;
  const states = await runConcurrently(service.functions, ({ name }) =>
    readFunction(cloud, service.envId, name),
  );
  const there = states.flatMap((state) => (state ? [state.latest, state.served] : []));
  refuseUnknownKeys(
    options.unset,
    there.flatMap(({ environment }) => Object.keys(environment)),
  );
}

/**
 * Works on a few at a time; after a failure no further one is begun, and the first failure is
 * thrown.
 */
async function runConcurrently<T, R>(
  all: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const worker = async () => {
    while (next < all.length && failures.length === 0) {
      const index = next;
      next += 1;
      try {
        results[index] = await work(all[index] as T);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}

function memoize<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
